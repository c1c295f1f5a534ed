import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sealAll, verifyTrail } from '#features/audit/contract.ts';
import type { AuditEntryView } from '#features/audit/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import {
  anotherProcess,
  endsInTime,
  newLogin,
  startPolling,
} from '#test/database/identity/tokens/token-bank.ts';
import { badFields, cash, created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey, START_MS, TEST_CALLER } from '#test/support/bank.ts';

const api = await openApi();
const admin = await api.as('admin');
const BASIS = { reason: 'Art. 17 GDPR, request 2026-01' };

const erase = (id: string, body: Record<string, unknown> = BASIS) =>
  api.post(`/v1/customers/${id}/erase`, body);
const remove = (id: string) => api.delete(`/v1/customers/${id}`);

/** A closed customer with a closed account that was banked with. */
async function newFormerCustomer(): Promise<string> {
  const account = await api.newAccount({ balance: '5.00' });
  await api.withdraw(account, '5.00', { description: 'Secret gift' });
  created(await api.post(`/v1/accounts/${account.id}/close`, { reason: 'moving' }));
  created(await api.post(`/v1/customers/${account.customerId}/close`, {}));
  return account.customerId;
}

test('a closed customer is erased inside the retention period where that is said, and the books verify', async () => {
  const id = await newFormerCustomer();
  const postings = await api.asOwner('select * from postings order by entry_id, line');
  refused(await api.leavesNothing(() => remove(id)), 409, 'retention_period');
  refused(await api.leavesNothing(() => erase(id)), 409, 'retention_period');
  const answer = await erase(id, { ...BASIS, overrideRetention: true });
  assert.deepEqual([answer.status, answer.text], [204, '']);
  refused(await api.get(`/v1/customers/${id}`), 404, 'not_found');
  assert.deepEqual(await api.asOwner('select * from postings order by entry_id, line'), postings);
  await api.assertVerified();
  await sealAll(api.bank.context);
  assert.equal((await verifyTrail(api.bank.db, 1)).finding, undefined);
});

test('the trail keeps who erased whom and why, and nothing about the person', async () => {
  const id = await newFormerCustomer();
  await erase(id, { ...BASIS, overrideRetention: true });
  const { data } = created(await admin.get<Page<AuditEntryView>>(`/v1/audit-log?resource=${id}`));
  const [erased] = data;
  assert.equal(erased?.action, 'eraseCustomer');
  assert.deepEqual(erased?.before, { type: 'person', status: 'closed', version: 2 });
  assert.deepEqual(erased?.after, { ...BASIS, overrideRetention: true });
  assert.match(erased?.actor ?? '', /^usr_/);
  assert.equal(data.at(-1)?.after?.personal, 'erased');
  assert.doesNotMatch(JSON.stringify(data), /Ada|Lovelace|Lindenstr|Secret gift/);
});

test('what the trail says of an account cannot be read once its owner is erased', async () => {
  const account = await api.newAccount({ externalId: 'Zebedees savings' });
  const path = `/v1/accounts/${account.id}`;
  created(await api.post(`${path}/freeze`, { reason: 'Zebedee gambles' }));
  created(await api.post(`${path}/unfreeze`, { reason: 'Zebedee explained' }));
  const incoming = { externalReference: 'From Zebedee', iban: account.iban, amount: '5.00', currency: 'EUR' };
  const { id: paymentId } = created(await api.pay<{ id: string }>('/v1/incoming-payments', incoming));
  await api.withdraw(account, '5.00');
  created(await api.post(`${path}/close`, { reason: 'Zebedee moves away' }));
  const read = async (resource: string) =>
    JSON.stringify(created(await admin.get<Page<AuditEntryView>>(`/v1/audit-log?resource=${resource}`)));
  for (const text of ['Zebedees savings', 'Zebedee gambles', 'Zebedee explained', 'Zebedee moves away']) {
    assert.ok((await read(account.id)).includes(text), `${text} is shown while the owner is there`);
  }
  assert.ok((await read(paymentId)).includes('From Zebedee'));
  const stored = await api.asOwner<{ row: string }>('select a::text as row from audit_log a');
  assert.doesNotMatch(JSON.stringify(stored), /Zebedee/);
  created(await api.post(`/v1/customers/${account.customerId}/close`, {}));
  assert.equal((await erase(account.customerId, { ...BASIS, overrideRetention: true })).status, 204);
  assert.doesNotMatch((await read(account.id)) + (await read(paymentId)), /Zebedee/);
  await sealAll(api.bank.context);
  assert.equal((await verifyTrail(api.bank.db, 1)).finding, undefined);
});

test('who is not closed, has money or shares an account is not erased, whatever is overridden', async () => {
  const account = await api.newAccount({ balance: '5.00' });
  const body = { ...BASIS, overrideRetention: true };
  const { customerId } = account;
  refused(await api.leavesNothing(() => erase(customerId, body)), 409, 'customer_not_closed');
  // Closed by hand: the API would not close a customer with an open account.
  const uuid = fromTypeId('customer', customerId);
  await api.asOwner(`update customers set status = 'closed' where customer_id = '${uuid}'`);
  refused(await api.leavesNothing(() => erase(customerId, body)), 409, 'customer_has_balances');
  const shared = await api.newAccount();
  const joint = await api.newCustomer();
  created(await api.post(`/v1/accounts/${shared.id}/holders`, { customerId: joint.id, role: 'joint' }));
  created(await api.post(`/v1/accounts/${shared.id}/close`, { reason: 'moving' }));
  created(await api.post(`/v1/customers/${shared.customerId}/close`, {}));
  refused(await api.leavesNothing(() => erase(shared.customerId, body)), 409, 'customer_has_joint_accounts');
});

test('an erasure says why', async () => {
  const id = await newFormerCustomer();
  await api.leavesNothing(async () => {
    assert.deepEqual(badFields(await erase(id, {})), ['reason']);
    assert.deepEqual(badFields(await erase(id, { reason: ' ' })), ['reason']);
    assert.deepEqual(badFields(await erase(id, { reason: 'x'.repeat(501) })), ['reason']);
    assert.deepEqual(badFields(await erase(id, { ...BASIS, overrideRetention: 'yes' })), [
      'overrideRetention',
    ]);
  });
});

test('after the retention period nothing is overridden', async () => {
  const id = await newFormerCustomer();
  api.bank.clock.setMs(Date.UTC(2036, 0, 15, 12));
  assert.equal((await erase(id)).status, 204);
  api.bank.clock.setMs(START_MS);
});

test('a customer who is gone has no access: every process refuses the tokens within five seconds', async (t) => {
  const { bank } = api;
  const customerId = await bank.newCustomer();
  const login = await newLogin(bank, 'customer', customerId);
  const other = await newLogin(bank, 'customer', await bank.newCustomer());
  const process = await startPolling(t, anotherProcess(bank));
  const { token } = await bank.accessTokens.issue(login);
  const { token: otherToken } = await bank.accessTokens.issue(other);
  await process.verify(token);
  await bank.customers.delete(TEST_CALLER, customerId);
  await endsInTime(t, () => process.verify(token));
  await assert.rejects(process.verify(token), { status: 401, code: 'unauthenticated' });
  await process.verify(otherToken);
});

test('what is repeated for a person who was erased is not done again, and the answer says so', async () => {
  const account = await api.newAccount();
  const customer = `/v1/customers/${account.customerId}`;
  const [key, incomingKey] = [newKey(), newKey()];
  const deposit = () => api.pay('/v1/deposits', cash(account, '5.00'), key);
  const payment = { externalReference: newKey(), iban: account.iban, amount: '5.00', currency: 'EUR' };
  const receive = () => api.pay('/v1/incoming-payments', payment, incomingKey);
  for (const act of [deposit, receive]) created(await act());
  await api.withdraw(account, '10.00');
  created(await api.post(`/v1/accounts/${account.id}/close`, { reason: 'moving' }));
  created(await api.post(`${customer}/close`, {}));
  assert.equal((await erase(account.customerId, { ...BASIS, overrideRetention: true })).status, 204);
  for (const act of [deposit, receive]) refused(await api.leavesNothing(act), 409, 'answer_erased');
  refused(await api.pay('/v1/deposits', cash(account, '6.00'), key), 422, 'idempotency_key_reused');
});
