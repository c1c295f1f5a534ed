import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustomerExport } from '#bank/customer-export/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { newUser } from '#test/database/identity/users/staff.ts';
import { created, openApi, refused } from '#test/support/api.ts';
import { readPdf } from '#test/support/read-pdf.ts';

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
