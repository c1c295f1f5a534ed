import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureFirstAdmin } from '#identity/users/contract.ts';
import { openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { INVALID, INVALID_REFRESH, login, newUser, PASSWORD } from './staff.ts';

const bank = await openTestBank();
const { users, logins } = bank;

test('the first admin is made in a book without users, and in no other', async () => {
  const admin = { email: 'Admin@Florin.Localhost', password: PASSWORD };
  await assert.rejects(ensureFirstAdmin(bank.context, { ...admin, password: 'short' }), {
    code: 'validation_failed',
  });
  const made = await Promise.all([
    ensureFirstAdmin(bank.context, admin),
    ensureFirstAdmin(bank.context, { ...admin, email: 'other@florin.localhost' }),
  ]);
  assert.equal(made.filter((one) => one).length, 1);
  const listed = await users.list({ limit: 10 });
  assert.deepEqual(
    listed.map(({ role, status }) => [role, status]),
    [['admin', 'active']],
  );
  assert.equal(await ensureFirstAdmin(bank.context, admin), false);
});

test('the last active admin stays: neither disabled nor given another role', async () => {
  const [first] = await users.list({ role: 'admin', limit: 1 });
  const only = first!.id;
  const last = { status: 409, code: 'last_admin' };
  await assert.rejects(users.disable(TEST_CALLER, only), last);
  await assert.rejects(users.change(TEST_CALLER, only, '*', { role: 'manager' }), last);
  await users.change(TEST_CALLER, only, '*', { name: 'Ada' });
  const second = await newUser(bank, { role: 'admin' });
  await users.disable(TEST_CALLER, second.id);
  await assert.rejects(users.disable(TEST_CALLER, only), last);
  await assert.rejects(users.disable(TEST_CALLER, second.id), { code: 'user_disabled' });
});

test('an e-mail address is taken once, in whatever case and form', async () => {
  const details = { name: 'Zoë', role: 'teller' } as const;
  await users.create(TEST_CALLER, { ...details, email: 'zoe@florin.example' }, PASSWORD);
  const taken = { status: 409, code: 'user_exists' };
  await assert.rejects(
    users.create(TEST_CALLER, { ...details, email: ' ZOE@Florin.Example ' }, PASSWORD),
    taken,
  );
  await assert.rejects(users.create(TEST_CALLER, { ...details, email: 'zoe' }, PASSWORD), {
    code: 'validation_failed',
  });
});

test('a new user needs a password that holds alone', async () => {
  const details = { name: 'Max', role: 'teller', email: 'max.mustermann@florin.example' } as const;
  for (const password of ['eight ch', 'passwordpassword', 'MAX.mustermann@florin.example']) {
    await assert.rejects(users.create(TEST_CALLER, details, password), { code: 'validation_failed' });
  }
});

test('another role, and disabling, end the sessions; another name does not', async () => {
  const user = await newUser(bank);
  const first = await login(bank, user);
  await users.change(TEST_CALLER, user.id, 1, { name: 'Another Name' });
  const next = await logins.refresh(first.refreshToken);
  await assert.rejects(users.change(TEST_CALLER, user.id, 1, { role: 'manager' }), {
    code: 'version_conflict',
  });
  await users.change(TEST_CALLER, user.id, 2, { role: 'manager' });
  await assert.rejects(logins.refresh(next.refreshToken), INVALID_REFRESH);
  const second = await login(bank, user);
  await users.disable(TEST_CALLER, user.id);
  await assert.rejects(logins.refresh(second.refreshToken), INVALID_REFRESH);
  await assert.rejects(login(bank, user), INVALID);
});

test('a customer’s user belongs to a customer who is there, and goes with them', async () => {
  const customerId = await bank.newCustomer();
  const invalid = { status: 400, code: 'validation_failed' };
  await assert.rejects(newUser(bank, { role: 'customer' }), invalid);
  await assert.rejects(newUser(bank, { role: 'teller', customerId }), invalid);
  const gone = await bank.newCustomer();
  await bank.customers.delete(TEST_CALLER, gone);
  await assert.rejects(newUser(bank, { role: 'customer', customerId: gone }), { code: 'not_found' });
  const user = await newUser(bank, { role: 'customer', customerId });
  await assert.rejects(users.change(TEST_CALLER, user.id, '*', { role: 'teller' }), invalid);
  const { refreshToken } = await login(bank, user);
  await bank.customers.delete(TEST_CALLER, customerId);
  await assert.rejects(users.get(user.id), { code: 'not_found' });
  await assert.rejects(logins.refresh(refreshToken), INVALID_REFRESH);
  await assert.rejects(login(bank, user), INVALID);
});
