import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sealStates } from '#features/audit/seal-states.ts';
import { type AccountWithIban, cash, created, openApi, person } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { accountActs } from './account-acts.ts';
import { accountingActs } from './accounting-acts.ts';
import { calendarActs } from './audited-calendar.ts';
import { bankActs, type Prepare } from './bank-acts.ts';
import { depositActs } from './deposit-acts.ts';
import { estateActs } from './estate-acts.ts';
import { feeActs } from './fee-acts.ts';
import { holdActs } from './hold-acts.ts';
import { loanActs } from './loan-acts.ts';
import { Lending } from './loans.ts';
import { loginActs } from './login-acts.ts';
import { readOperations } from './operations.ts';
import { outgoingActs } from './outgoing-acts.ts';
import { withExample } from './sent-examples.ts';
import { statementActs } from './statement-acts.ts';
import { triedOutFirst } from './tried-out.ts';

const api = await openApi();
const { bank } = api;
const admin = await api.as('admin');
const reason = 'asked for';

type Made = { readonly id: string };

const account = () => api.newAccount({ balance: '100.00' });
const make = async (path: string, body: Record<string, unknown>) =>
  created(await api.pay<Made>(path, body)).id;
const closedCustomer = async () => {
  const { id } = await api.newCustomer();
  created(await api.post(`/v1/customers/${id}/close`, {}));
  return id;
};

async function newBeneficiary(): Promise<string> {
  const { id } = await api.newCustomer();
  const path = `/v1/customers/${id}/beneficiaries`;
  const made = await make(path, { name: 'Grace', accountId: (await account()).id });
  return `${path}/${made}`;
}

const payTo = ({ id: fromAccountId }: AccountWithIban, { iban: toIban }: AccountWithIban) => ({
  fromAccountId,
  toIban,
  amount: '1.00',
  currency: 'EUR',
});

const FOREIGN = 'DE89370400440532013000';
const NOBODYS = 'DE28100100109999999999';
const incoming = (iban: string) => ({ externalReference: newKey(), iban, amount: '7.00', currency: 'EUR' });

async function newOutgoingId(): Promise<string> {
  const { id: fromAccountId } = await account();
  const body = { fromAccountId, toIban: FOREIGN, toName: 'Grace Hopper', amount: '4.00', currency: 'EUR' };
  return make('/v1/transfers', body);
}

const standingOrder = async () => {
  const sides = { fromAccountId: (await account()).id, toAccountId: (await account()).id };
  return { ...sides, amount: '1.00', currency: 'EUR', frequency: 'monthly', startDate: '2026-02-02' };
};
const newStandingOrder = async () => make('/v1/standing-orders', await standingOrder());
const newInvitationId = async () => {
  const [{ id }, { id: customerId }] = [await account(), await api.newCustomer()];
  return make(`/v1/accounts/${id}/invitations`, { customerId, role: 'joint' });
};
const answering = (verb: string) => async () => {
  const id = await newInvitationId();
  return () => api.post(`/v1/holder-invitations/${id}/${verb}`, {});
};
const lending = new Lending(api);
const newLoan = async () => lending.newLoan(await account());
const KEY = { name: 'payroll', scopes: ['accounts:read'] };

const { id: apiKeyId } = created(await admin.post<Made>('/v1/api-keys', KEY));

/** Every operation that changes something. */
const ACTS: Readonly<Record<string, Prepare>> = {
  createCustomer: async () => () => api.post('/v1/customers', person()),
  changeCustomer: async () => {
    const { id } = await api.newCustomer();
    return () => api.patch(`/v1/customers/${id}`, { email: 'b@example.com' }, '*');
  },
  closeCustomer: async () => {
    const { id } = await api.newCustomer();
    return () => api.post(`/v1/customers/${id}/close`, {});
  },
  deleteCustomer: async () => {
    const { id } = await api.newCustomer();
    return () => api.delete(`/v1/customers/${id}`);
  },
  eraseCustomer: async () => {
    const id = await closedCustomer();
    return () => api.post(`/v1/customers/${id}/erase`, { reason });
  },
  openAccount: async () => {
    const { id: customerId } = await api.newCustomer();
    return () => api.post('/v1/accounts', { customerId, product: 'current', currency: 'EUR' });
  },
  changeAccount: async () => {
    const { id } = await account();
    return () => api.patch(`/v1/accounts/${id}`, { overdraftLimit: '10.00' }, '*');
  },
  freezeAccount: async () => {
    const { id } = await account();
    return () => api.post(`/v1/accounts/${id}/freeze`, { reason });
  },
  unfreezeAccount: async () => {
    const { id } = await account();
    created(await api.post(`/v1/accounts/${id}/freeze`, { reason }));
    return () => api.post(`/v1/accounts/${id}/unfreeze`, { reason });
  },
  closeAccount: async () => {
    const { id, customerId } = await api.newAccount();
    const { id: payoutTo } = await api.newAccount({ customerId });
    return () => api.post(`/v1/accounts/${id}/close`, { payoutTo, reason });
  },
  changeOwner: async () => {
    const [{ id }, { id: customerId }] = [await account(), await api.newCustomer()];
    created(await api.post(`/v1/accounts/${id}/holders`, { customerId, role: 'joint' }));
    return () => api.post(`/v1/accounts/${id}/owner`, { customerId, reason });
  },
  inviteHolder: async () => {
    const [{ id }, { id: customerId }] = [await account(), await api.newCustomer()];
    return () => api.post(`/v1/accounts/${id}/invitations`, { customerId, role: 'joint' });
  },
  acceptHolderInvitation: answering('accept'),
  declineHolderInvitation: answering('decline'),
  addHolder: async () => {
    const [{ id }, { id: customerId }] = [await account(), await api.newCustomer()];
    return () => api.post(`/v1/accounts/${id}/holders`, { customerId, role: 'joint' });
  },
  removeHolder: async () => {
    const [{ id }, { id: customerId }] = [await account(), await api.newCustomer()];
    created(await api.post(`/v1/accounts/${id}/holders`, { customerId, role: 'joint' }));
    return () => api.delete(`/v1/accounts/${id}/holders?customerId=${customerId}`);
  },
  createBeneficiary: async () => {
    const [{ id }, { id: accountId }] = [await api.newCustomer(), await account()];
    return () => api.post(`/v1/customers/${id}/beneficiaries`, { name: 'Grace', accountId });
  },
  changeBeneficiary: async () => {
    const path = await newBeneficiary();
    return () => api.patch(path, { nickname: 'G' }, '*');
  },
  deleteBeneficiary: async () => {
    const path = await newBeneficiary();
    return () => api.delete(path);
  },
  deposit: async () => {
    const to = await account();
    return () => api.pay('/v1/deposits', cash(to, '1.00'));
  },
  withdraw: async () => {
    const from = await account();
    return () => api.pay('/v1/withdrawals', cash(from, '1.00'));
  },
  transfer: async () => {
    const [from, to] = [await account(), await account()];
    return () => api.pay('/v1/transfers', payTo(from, to));
  },
  reverseTransaction: async () => {
    const { id } = await api.deposit(await account(), '1.00');
    return () => api.pay(`/v1/transactions/${id}/reverse`, { reason });
  },
  postBatch: async () => {
    const [from, to] = [await account(), await account()];
    const deposit = { type: 'deposit', ...cash(from, '1.00') };
    const transfer = { ...payTo(from, to), type: 'transfer' };
    return () => api.pay('/v1/transactions/batch', { mode: 'atomic', items: [deposit, transfer] });
  },
  ...estateActs(api),
  ...feeActs(api),
  ...outgoingActs(api, newOutgoingId),
  ...holdActs(api),
  receivePayment: async () => {
    const payment = incoming((await account()).iban);
    return () => api.pay('/v1/incoming-payments', payment);
  },
  resolveIncomingPayment: async () => {
    const [id, { id: accountId }] = [await make('/v1/incoming-payments', incoming(NOBODYS)), await account()];
    return () => api.pay(`/v1/incoming-payments/${id}/resolve`, { accountId });
  },
  returnIncomingPayment: async () => {
    const id = await make('/v1/incoming-payments', incoming(NOBODYS));
    return () => api.pay(`/v1/incoming-payments/${id}/return`, { reason });
  },
  setAccountLimits: async () => {
    const { id } = await account();
    return () => api.raw('PUT', `/v1/accounts/${id}/limits`, '{"perDay":"100.00"}');
  },
  setDefaultLimits: async () => () => api.raw('PUT', '/v1/limits', '{"currency":"EUR","perDay":"9000.00"}'),
  createLoanProduct: async () => () =>
    api.post('/v1/loan-products', {
      name: 'Household loan',
      currency: 'EUR',
      amount: { min: '100.00', max: '5000.00' },
      instalments: { min: 1, max: 60 },
      annualRatePercent: { min: '0', max: '20', default: '12' },
    }),
  applyForLoan: async () => {
    const [to, { id }] = [await account(), await lending.newProduct()];
    return () => lending.applyTo(to, id);
  },
  approveLoan: async () => {
    const loan = await lending.newApplication(await account());
    return () => lending.approve(loan);
  },
  rejectLoan: async () => {
    const { id } = await lending.newApplication(await account());
    return () => api.post(`/v1/loans/${id}/reject`, { reason });
  },
  withdrawLoan: async () => {
    const { id } = await lending.newApplication(await account());
    return () => api.raw('POST', `/v1/loans/${id}/withdraw`, '');
  },
  changeLoan: async () => {
    const { id } = await newLoan();
    return () => api.patch(`/v1/loans/${id}`, { directDebit: false }, '*');
  },
  disburseLoan: async () => {
    const loan = await lending.newApproved(await account());
    return () => lending.disburse(loan);
  },
  repayLoan: async () => {
    const loan = await newLoan();
    return () => lending.repay(loan, '10.00');
  },
  undoLoanRepayment: async () => {
    const loan = await newLoan();
    created(await lending.repay(loan, '10.00'));
    return () => lending.act(loan, 'undo-last-repayment');
  },
  rescheduleLoan: async () => {
    const loan = await newLoan();
    return () => lending.reschedule(loan, { instalments: 6 });
  },
  chargeOffLoan: async () => {
    const loan = await newLoan();
    return () => lending.act(loan, 'charge-off');
  },
  writeOffLoan: async () => {
    const loan = await newLoan();
    return () => lending.act(loan, 'write-off');
  },
  recoverLoan: async () => {
    const { id: accountId, ...rest } = await account();
    const loan = await lending.newLoan({ id: accountId, ...rest });
    created(await lending.act(loan, 'write-off'));
    const money = { amount: '5.00', currency: 'EUR' };
    return () => api.pay(`/v1/loans/${loan.id}/recoveries`, { ...money, from: 'account', accountId });
  },
  changeProduct: async () => () =>
    api.patch('/v1/products/current', { captureTolerancePercent: 5 }, undefined),
  createStandingOrder: async () => {
    const body = await standingOrder();
    return () => api.pay('/v1/standing-orders', body);
  },
  changeStandingOrder: async () => {
    const id = await newStandingOrder();
    return () => api.patch(`/v1/standing-orders/${id}`, { amount: '2.00' }, '*');
  },
  cancelStandingOrder: async () => {
    const id = await newStandingOrder();
    return () => api.post(`/v1/standing-orders/${id}/cancel`, {});
  },
  ...calendarActs(api),
  ...accountingActs(api),
  ...bankActs(api),
  ...loanActs(api, newLoan),
  ...loginActs(api, admin),
  createApiKey: async () => () => admin.post('/v1/api-keys', KEY),
  rotateApiKey: async () => () => admin.post(`/v1/api-keys/${apiKeyId}/rotate`, {}),
  revokeApiKey: async () => () => admin.delete(`/v1/api-keys/${apiKeyId}`),
  ...depositActs(api),
  // Last: it closes the date.
  ...statementActs(api),
  ...accountActs(api),
};

/** Operations that are no GET and change nothing: they reckon. */
const CHANGES_NOTHING: readonly string[] = [
  'quoteConversion',
  'quoteTimeDeposit',
  'quoteInterest',
  'quoteLoan',
  'quoteLoanPayoff',
];

const operations = await readOperations(api);
const examples = new Map(operations.map(({ id, example }) => [id, example]));
const writes = operations
  .filter(({ id, method }) => method !== 'GET' && !CHANGES_NOTHING.includes(id))
  .map(({ id }) => id);

test('every operation that changes something is tried here: add a new one to ACTS', () => {
  assert.deepEqual(writes.toSorted(), Object.keys(ACTS).toSorted());
});

describe('every act with the body of the document leaves one row in the audit trail, under its operationId:', () => {
  for (const [operation, prepare] of Object.entries(triedOutFirst(api, ACTS))) {
    test(operation, async () => {
      const act = await prepare();
      // What the act changes has its fingerprint by then, so that a change that is not noted stands out at the end.
      while (((await sealStates(bank.context)) ?? 0) > 0);
      const before = await auditIds();
      const answer = await withExample(examples.get(operation), act);
      assert.ok(answer.status >= 200 && answer.status < 300, `${answer.status} ${answer.text}`);
      const rows = await api.asOwner<{ operation: string; outcome: string; request_id: string }>(
        `select operation, outcome, request_id from audit_log where audit_id <> all ('{${before.join()}}')`,
      );
      const requestId = answer.headers.get('request-id');
      assert.deepEqual(rows, [{ operation, outcome: 'done', request_id: requestId }]);
    });
  }
});

test('every row that an act changed was noted, and is as it was noted', () => api.assertVerified());

async function auditIds(): Promise<string[]> {
  const rows = await api.asOwner<{ id: string }>('select audit_id as id from audit_log');
  return rows.map(({ id }) => id);
}
