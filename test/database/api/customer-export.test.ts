import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustomerExport } from '#bank/customer-export/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { login, newUser } from '#test/database/identity/users/staff.ts';
import { created, openApi, refused } from '#test/support/api.ts';
import { readPdf } from '#test/support/read-pdf.ts';
import { Lending } from './loans.ts';
import { Depositing } from './time-deposits.ts';

type Made = { readonly id: string };

const FOREIGN = 'DE89370400440532013000';

const api = await openApi();
const account = await api.newAccount({ balance: '100.00' });
const other = await api.newAccount({ balance: '5.00' });
await api.transfer(account, other, '10.00', { description: 'For the dinner' });
const customer = `/v1/customers/${account.customerId}`;
await api.post(`${customer}/beneficiaries`, { name: 'Übertrag Ğürçan 王小明', accountId: other.id });
await api.pay('/v1/holds', { accountId: account.id, amount: '5.00', currency: 'EUR' });
await newUser(api.bank, { role: 'customer', customerId: fromTypeId('customer', account.customerId) });
created(await api.post(`/v1/accounts/${other.id}/freeze`, { reason: 'Somebody else entirely' }));

test('everything about a customer comes in one document, with the rows of the trail', async () => {
  const found = created(await api.get<CustomerExport>(`${customer}/export`));
  assert.equal(found.customer.id, account.customerId);
  assert.deepEqual(
    found.accounts.map(({ id }) => id),
    [account.id],
  );
  assert.equal(found.transactions.length, 2);
  assert.equal(found.transactions[0]?.description, 'For the dinner');
  assert.equal(found.beneficiaries[0]?.name, 'Übertrag Ğürçan 王小明');
  assert.equal(found.holds.length, 1);
  assert.equal(found.users.length, 1);
  assert.deepEqual(found.cutOff, []);
  const actions = found.auditLog.map(({ action }) => action);
  for (const action of ['createCustomer', 'openAccount', 'createBeneficiary', 'createUser']) {
    assert.ok(actions.includes(action), `${action} of ${actions.join()}`);
  }
  const made = found.auditLog.find(({ action }) => action === 'createCustomer');
  assert.equal(made?.after?.familyName, 'Lovelace', 'and what is sealed can be read');
  const text = JSON.stringify(found);
  assert.ok(!text.includes(other.customerId) && !text.includes('Somebody else'), 'nothing about others');
});

test('what a customer agreed on comes with its history', async () => {
  const lending = new Lending(api);
  const depositing = new Depositing(api);
  await depositing.defineRecurring('saving_plan');
  const { from, deposit } = await depositing.openedRecurring();
  const loan = await lending.newLoan(from);
  const guaranteed = await lending.newLoan(await api.newAccount());
  const { customerId, id: accountId } = from;
  const security = { customerId, role: 'guarantor', sharePercent: '50' };
  created(await api.pay(`/v1/loans/${guaranteed.id}/parties`, security));
  const money = { accountId, amount: '10.00', currency: 'EUR' };
  const order = { reasonCode: 'tax', legalReference: '12 M 384/26' };
  const attachment = created(await api.pay<Made>('/v1/attachments', { ...money, ...order }));
  const invited = await api.newCustomer();
  const invitation = created(
    await api.post<Made>(`/v1/accounts/${accountId}/invitations`, { customerId: invited.id, role: 'joint' }),
  );
  const exempt = { exemptions: [{ from: '2026-01-01', reason: 'Certificate 7' }] };
  created(await api.raw('PUT', `/v1/customers/${customerId}/tax-exemptions`, JSON.stringify(exempt)));
  const sent = { fromAccountId: accountId, toIban: FOREIGN, toName: 'Grace Hopper', ...money };
  const { accountId: _, ...payment } = sent;
  const outgoing = created(await api.pay<Made>('/v1/transfers', payment));
  const debtor = { externalReference: 'E-1', iban: from.iban, debtorName: 'Katherine Johnson' };
  created(await api.pay('/v1/incoming-payments', { ...debtor, amount: '7.00', currency: 'EUR' }));
  const user = await newUser(api.bank, { role: 'customer', customerId: fromTypeId('customer', customerId) });
  await login(api.bank, user);

  const found = created(await api.get<CustomerExport>(`/v1/customers/${customerId}/export`));
  const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
  assert.deepEqual(ids(found.timeDeposits), [deposit.id]);
  const [history] = found.timeDepositHistories;
  assert.equal(history?.timeDepositId, deposit.id);
  assert.equal(history?.events[0]?.kind, 'opened');
  assert.equal(history?.instalments.length, 4);
  assert.deepEqual(ids(found.loans), [loan.id]);
  assert.equal(found.loanHistories[0]?.transactions.at(-1)?.type, 'applied');
  assert.deepEqual(found.securedLoans, [{ loanId: guaranteed.id, role: 'guarantor', sharePercent: '50' }]);
  assert.deepEqual(ids(found.attachments), [attachment.id]);
  assert.deepEqual(ids(found.invitations), [invitation.id]);
  assert.equal(found.taxExemptions.exemptions[0]?.reason, 'Certificate 7');
  assert.deepEqual(ids(found.outgoingPayments), [outgoing.id]);
  assert.equal(found.incomingPayments[0]?.debtorName, 'Katherine Johnson');
  assert.deepEqual(
    found.limits.map((limits) => limits.accountId),
    ids(found.accounts),
  );
  assert.equal(found.sessions.length, 1);
  const actions = found.auditLog.map(({ action }) => action);
  for (const action of ['openTimeDeposit', 'placeAttachment', 'inviteHolder', 'setTaxExemptions']) {
    assert.ok(actions.includes(action), `${action} of ${actions.join()}`);
  }
  const other = created(await api.get<CustomerExport>(`/v1/customers/${invited.id}/export`));
  assert.deepEqual([ids(other.invitations), other.outgoingPayments], [[invitation.id], []]);
});

test('the same can be read on paper', async () => {
  const answer = await api.get(`${customer}/export?format=pdf`);
  assert.equal(answer.status, 200, answer.text.slice(0, 200));
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  const { text, pages } = readPdf(answer.bytes);
  assert.ok(pages >= 1);
  for (const part of [
    'Lovelace',
    'For the dinner',
    'Übertrag Ğürçan',
    '小',
    account.iban,
    'createCustomer',
    'Loans (0)',
  ]) {
    assert.ok(text.includes(part ?? ''), `${part} is printed`);
  }
});

test('an export is for staff who may answer such a request, and of a customer that is there', async () => {
  for (const role of ['manager', 'auditor', 'admin'] as const) {
    created(await (await api.as(role)).get(`${customer}/export`));
  }
  refused(await (await api.as('teller')).get(`${customer}/export`), 403, 'forbidden');
  const own = await api.as('customer', fromTypeId('customer', account.customerId));
  refused(await own.get(`${customer}/export`), 403, 'forbidden');
  refused(await api.get('/v1/customers/cus_01h455vb4pex5vsknk084sn02q/export'), 404, 'not_found');
});

test('a long history comes whole', async () => {
  const busy = await api.newAccount({ balance: '500.00' });
  for (let index = 0; index < 120; index++) await api.deposit(busy, '1.00');
  const found = created(await api.get<CustomerExport>(`/v1/customers/${busy.customerId}/export`));
  assert.equal(found.transactions.length, 121);
  assert.equal(new Set(found.transactions.map(({ id }) => id)).size, 121);
});
