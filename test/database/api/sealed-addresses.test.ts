import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sealAll, verifyTrail } from '#features/audit/contract.ts';
import type { AuditEntryView } from '#features/audit/schemas.ts';
import type { LoginTokens } from '#identity/users/login-service.ts';
import { fromTypeId, toTypeId } from '#lib/ids.ts';
import { newUser, PASSWORD } from '#test/database/identity/users/staff.ts';
import { created, openApi, type Page, refused } from '#test/support/api.ts';

const api = await openApi();
const admin = await api.as('admin');
const nobody = api.withToken(async () => undefined);
const HERE = '127.0.0.1';

const trailOf = async (query: string) =>
  created(await admin.get<Page<AuditEntryView>>(`/v1/audit-log?limit=100&${query}`)).data;
const storedAddresses = async (ids: readonly string[]) => {
  const list = ids.map((id) => `'${id}'`).join(', ');
  const rows = await api.asOwner<{ address: string | null }>(
    `select address from audit_log where audit_id in (${list})`,
  );
  return rows.map(({ address }) => address);
};

/** What a customer's user does, and others try in the user's name. */
async function bankAsCustomer() {
  const account = await api.newAccount({ balance: '50.00' });
  const other = await api.newAccount();
  const customerId = fromTypeId('customer', account.customerId);
  const user = await newUser(api.bank, { role: 'customer', customerId });
  const secrets = { email: user.email, password: PASSWORD };
  refused(
    await nobody.post('/v1/auth/login', { ...secrets, password: 'a wrong one' }),
    401,
    'invalid_credentials',
  );
  const { accessToken, refreshToken } = created(await nobody.post<LoginTokens>('/v1/auth/login', secrets));
  created(await nobody.post('/v1/auth/refresh', { refreshToken }));
  const own = api.withToken(async () => accessToken);
  const money = { fromAccountId: account.id, toAccountId: other.id, amount: '5.00', currency: 'EUR' };
  created(await own.pay('/v1/transfers', money));
  const payee = { name: 'Grace Hopper', iban: 'DE89370400440532013000' };
  created(await own.post(`/v1/customers/${account.customerId}/beneficiaries`, payee));
  const userId = toTypeId('user', user.id);
  const rows = [...(await trailOf(`actor=${userId}`)), ...(await trailOf(`resource=${userId}&action=login`))];
  return { account, userId, ids: rows.map(({ id }) => id), rows };
}

test('where a customer’s users and their logins come from is shown, and stands nowhere in clear', async () => {
  const { rows, ids } = await bankAsCustomer();
  const acts = new Set(rows.map(({ action, outcome }) => `${action} ${outcome}`));
  assert.deepEqual([...acts].sort(), [
    'createBeneficiary done',
    'login done',
    'login refused',
    'refresh done',
    'transfer done',
  ]);
  assert.deepEqual([...new Set(rows.map(({ address }) => address))], [HERE]);
  const stored = await storedAddresses(ids);
  assert.ok(stored.length >= 5);
  for (const address of stored) assert.match(address ?? '', /^cus_[0-9a-z]{26}:[A-Za-z0-9+/=]{64,}$/);
  assert.equal(new Set(stored).size, stored.length, 'nobody sees that two are the same');
});

test('once the customer is erased nobody can read it, and the trail verifies', async () => {
  const { account, userId, ids } = await bankAsCustomer();
  await api.withdraw(account, '45.00');
  created(await api.post(`/v1/accounts/${account.id}/close`, { reason: 'moving' }));
  created(await api.post(`/v1/customers/${account.customerId}/close`, {}));
  const basis = { reason: 'Art. 17 GDPR', overrideRetention: true };
  assert.equal((await api.post(`/v1/customers/${account.customerId}/erase`, basis)).status, 204);
  const rows = [...(await trailOf(`actor=${userId}`)), ...(await trailOf(`resource=${userId}&action=login`))];
  assert.deepEqual(new Set(rows.map(({ id }) => id)), new Set(ids));
  assert.deepEqual([...new Set(rows.map(({ address }) => address))], ['erased']);
  await sealAll(api.bank.context);
  assert.equal((await verifyTrail(api.bank.db, 1)).finding, undefined);
});

test('the addresses of staff, and of tries to be nobody who is known, stay as they are', async () => {
  const customer = await api.newCustomer();
  const [act] = await trailOf(`resource=${customer.id}`);
  const email = 'nobody@florin.example';
  refused(
    await nobody.post('/v1/auth/login', { email, password: 'a wrong one' }),
    401,
    'invalid_credentials',
  );
  const [attempt] = await trailOf('action=login');
  assert.deepEqual(await storedAddresses([act?.id ?? '', attempt?.id ?? '']), [HERE, HERE]);
});
