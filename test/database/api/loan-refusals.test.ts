import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { Lending } from './loans.ts';

const api = await openApi();
const lending = new Lending(api);
const teller = new Lending(await api.as('teller'));
const account = await api.newAccount({ balance: '100.00' });
const product = await lending.newProduct({ amount: { min: '500.00', max: '50000.00' } });
const apply = (fields: Record<string, unknown> = {}) => lending.applyTo(account, product.id, fields);

const REFUSED: readonly [status: number, code: string, fields: Record<string, unknown>][] = [
  [422, 'amount_outside_product', { amount: '499.99' }],
  [422, 'amount_outside_product', { amount: '50000.01' }],
  [422, 'term_outside_product', { instalments: 361 }],
  [422, 'rate_outside_product', { annualRatePercent: '30.1' }],
  [422, 'grace_outside_product', { gracePrincipal: 1 }],
  [422, 'currency_mismatch', { currency: 'USD' }],
  [422, 'disbursement_in_past', { disbursedOn: '2026-01-13' }],
  [400, 'first_due_not_after_disbursement', { firstDueOn: '2026-01-14' }],
  [400, 'invalid_amount', { amount: '0' }],
  [400, 'invalid_amount', { amount: '500.001' }],
  [400, 'validation_failed', { instalments: 0 }],
  [400, 'validation_failed', { instalments: 3, termMonths: 3 }],
  [400, 'validation_failed', { instalments: undefined }],
  [404, 'not_found', { productId: 'lnp_01h455vb4pex5vsknk084sn02q' }],
  [404, 'not_found', { accountId: 'acc_01h455vb4pex5vsknk084sn02q' }],
  [404, 'not_found', { customerId: 'cus_01h455vb4pex5vsknk084sn02q' }],
];

for (const [status, code, fields] of REFUSED) {
  test(`an application with ${JSON.stringify(fields)} is refused, and leaves nothing`, async () => {
    refused(await api.leavesNothing(() => apply(fields)), status, code);
  });
}

test('a term may be told in months', async () => {
  const loan = created(await apply({ instalments: undefined, termMonths: 24 }));
  assert.equal(loan.instalments, 24);
});

test('nothing is lent to an account that is frozen, closed or somebody else’s', async () => {
  const [frozen, closed, other] = [await api.newAccount(), await api.newAccount(), await api.newAccount()];
  const approved = await lending.newApproved(frozen);
  created(await api.post(`/v1/accounts/${frozen.id}/freeze`, { reason: 'x' }));
  created(await api.post(`/v1/accounts/${closed.id}/close`, { reason: 'x' }));
  await api.leavesNothing(async () => {
    refused(await lending.applyTo(frozen, product.id), 409, 'account_frozen');
    refused(await lending.applyTo(closed, product.id), 409, 'account_closed');
    refused(await apply({ customerId: other.customerId }), 422, 'account_not_of_borrower');
    refused(await lending.disburse(approved), 409, 'account_frozen');
  });
});

test('nothing is lent to a customer who left', async () => {
  const leaving = await api.newAccount();
  const loan = await lending.newApplication(leaving);
  created(await api.post(`/v1/accounts/${leaving.id}/close`, { reason: 'x' }));
  created(await api.post(`/v1/customers/${leaving.customerId}/close`, {}));
  refused(await api.leavesNothing(() => lending.approve(loan)), 409, 'customer_closed');
});

test('each act has its time, and leaves nothing at any other', async () => {
  const loan = created(await apply());
  const everything: Record<string, () => Promise<unknown>> = {
    approve: () => lending.approve(loan).then((answer) => refused(answer, 409, 'loan_not_in_status')),
    disburse: () => lending.disburse(loan).then((answer) => refused(answer, 409, 'loan_not_in_status')),
    repay: () => lending.repay(loan, '1.00').then((answer) => refused(answer, 409, 'loan_not_in_status')),
    payoff: () => lending.payoff(loan).then((answer) => refused(answer, 409, 'loan_not_in_status')),
    reschedule: () =>
      lending
        .reschedule(loan, { instalments: 3 })
        .then((answer) => refused(answer, 409, 'loan_not_in_status')),
    chargeOff: () =>
      lending.act(loan, 'charge-off').then((answer) => refused(answer, 409, 'loan_not_in_status')),
    writeOff: () =>
      lending.act(loan, 'write-off').then((answer) => refused(answer, 409, 'loan_not_in_status')),
    undo: () =>
      lending.act(loan, 'undo-last-repayment').then((answer) => refused(answer, 409, 'loan_not_in_status')),
    reject: () =>
      api
        .post(`/v1/loans/${loan.id}/reject`, { reason: 'x' })
        .then((answer) => refused(answer, 409, 'loan_not_in_status')),
  };
  const refusesAllBut = (...names: readonly string[]) =>
    api.leavesNothing(async () => {
      for (const [name, act] of Object.entries(everything)) if (!names.includes(name)) await act();
    });
  await refusesAllBut('approve', 'reject');
  created(await lending.approve(loan));
  await refusesAllBut('disburse');
  created(await lending.disburse(loan));
  await refusesAllBut('repay', 'payoff', 'reschedule', 'chargeOff', 'writeOff', 'undo');
  created(await lending.repay(loan, '1200.00'));
  await refusesAllBut('undo');
});

test('no more is approved than was asked for, nor less than the product lends', async () => {
  const loan = created(await apply());
  await api.leavesNothing(async () => {
    refused(await lending.approve(loan, { amount: '1200.01' }), 422, 'amount_above_requested');
    refused(await lending.approve(loan, { amount: '499.99' }), 422, 'amount_outside_product');
  });
});

test('repayments of nothing, of too much, or of what the account has not are refused', async () => {
  const loan = await lending.newLoan(account);
  await api.leavesNothing(async () => {
    refused(await lending.repay(loan, '0.00'), 400, 'invalid_amount');
    refused(await lending.repay(loan, '-1'), 400, 'invalid_amount');
    refused(await lending.repay(loan, '1200.01'), 422, 'overpayment_refused');
    refused(await lending.repay(loan, '1.00', { currency: 'USD' }), 422, 'currency_mismatch');
    refused(await lending.repay(loan, '1.00', { accountId: 'acc_none' }), 404, 'not_found');
    const cash = await lending.repay(loan, '1.00', { from: 'cash', accountId: account.id });
    assert.deepEqual(badFields(cash), ['accountId']);
    const keyless = await api.post(`/v1/loans/${loan.id}/repayments`, { amount: '1.00', currency: 'EUR' });
    refused(keyless, 400, 'idempotency_key_required');
  });
  await api.withdraw(account, '1300.00');
  refused(await api.leavesNothing(() => lending.repay(loan, '1.00')), 422, 'insufficient_funds');
  refused(await teller.repay(loan, '10000.01', { from: 'cash' }), 403, 'limit_requires_manager');
});

test('where the product says so, what was paid too much in cash is credited to the account', async () => {
  const own = await api.newAccount();
  const loan = await lending.newLoan(own, {}, { overpayment: 'credit' });
  const { status, transaction } = created(await lending.repay(loan, '1250.00', { from: 'cash' }));
  assert.deepEqual([status, transaction?.amount, transaction?.excess], ['closed', '1200.00', '50.00']);
  assert.equal(await api.postedBalance(own), '1250.00');
  await api.assertVerified();
});

test('a payoff is quoted for no day that is over', async () => {
  const loan = await lending.newLoan(await api.newAccount());
  refused(await lending.payoff(loan, { on: '2026-01-13' }), 422, 'date_before_disbursement');
  assert.deepEqual(badFields(await lending.payoff(loan, { on: '2026-02-30' })), ['on']);
  assert.equal((await lending.payoff(loan, { on: '2026-02-14' })).body.interest, '12.00');
});

test('who owes stays, and so does the account', async () => {
  const own = await api.newAccount();
  const loan = await lending.newLoan(own);
  await api.withdraw(own, '1200.00');
  await api.leavesNothing(async () => {
    refused(await api.delete(`/v1/customers/${own.customerId}`), 409, 'customer_has_active_loans');
    refused(await api.post(`/v1/accounts/${own.id}/close`, { reason: 'x' }), 409, 'account_not_empty');
  });
  created(await lending.repay(loan, '1200.00', { from: 'cash' }));
  created(await api.post(`/v1/accounts/${own.id}/close`, { reason: 'x' }));
});

test('the loans of a deleted customer go, and the books stay', async () => {
  await api.editBook('retention_years = 0');
  const own = await api.newAccount();
  const loan = await lending.newLoan(own);
  created(await lending.repay(loan, '1200.00'));
  api.bank.clock.setMs(Date.UTC(2026, 0, 15, 12));
  assert.equal((await api.delete(`/v1/customers/${own.customerId}`)).status, 204);
  refused(await api.get(`/v1/loans/${loan.id}`), 404, 'not_found');
  const rows = await api.asOwner(`select from loan_events where loan_id = '${fromTypeId('loan', loan.id)}'`);
  assert.equal(rows.length, 0);
  await api.assertVerified();
});

test('a customer asks for a loan, sees it and repays it, and decides nothing about it', async () => {
  const own = await api.newAccount({ balance: '10.00' });
  const customer = await api.as('customer', fromTypeId('customer', own.customerId));
  const borrower = new Lending(customer);
  const loan = created(await borrower.applyTo(own, product.id));
  refused(await borrower.approve(loan), 403, 'forbidden');
  created(await lending.approve(loan));
  refused(await borrower.disburse(loan), 403, 'forbidden');
  created(await lending.disburse(loan));
  assert.equal((await borrower.get(loan)).status, 'active');
  refused(await borrower.repay(loan, '5.00', { from: 'cash' }), 403, 'forbidden');
  refused(await borrower.repay(loan, '5.00', { accountId: account.id }), 404, 'not_found');
  assert.equal(created(await borrower.repay(loan, '1200.00')).status, 'closed');
  refused(await borrower.applyTo(account, product.id), 404, 'not_found');
  refused(await borrower.applyTo(own, product.id, { accountId: account.id }), 404, 'not_found');
});
