import assert from 'node:assert/strict';
import { hostname, userInfo } from 'node:os';
import { test } from 'node:test';
import { operatingSystemUser } from '#bank/operating-system-user.ts';
import { ensureFirstAdmin } from '#identity/users/contract.ts';
import { toTypeId } from '#lib/ids.ts';
import { openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { assertRefused, florinAt } from './florin.ts';

const bank = await openTestBank();
const florin = florinAt(bank.databaseUrl);

/** Runs a command and returns what it left in the trail. */
async function rowsOf(...args: string[]): Promise<[string, string, string | null, unknown][]> {
  const select = bank.db.selectFrom('audit_log').selectAll().orderBy('audit_id');
  const { length } = await select.execute();
  await florin.json(...args);
  const rows = (await select.execute()).slice(length);
  return rows.map(({ actor, operation, resource_id, after }) => [actor, operation, resource_id, after]);
}

test('what the command line changes leaves one row each, in the name of the command line', async () => {
  const [rotated] = await rowsOf('keys', 'rotate', '--immediately');
  assert.deepEqual(rotated?.slice(0, 2), ['cli', 'rotateKeys']);
  const made = await rowsOf('api-keys', 'create', '--name', 'x', '--scope', 'accounts:read');
  assert.deepEqual(
    made.map((row) => row.slice(0, 2)),
    [['cli', 'createApiKey']],
  );
  const key = String(made[0]?.[2]);
  assert.deepEqual(
    (await rowsOf('api-keys', 'revoke', key)).map((row) => row.slice(0, 3)),
    [['cli', 'revokeApiKey', key]],
  );
  assert.deepEqual(await rowsOf('business-date', 'set', '2031-01-02', '--confirm'), [
    ['cli', 'setBusinessDate', null, { businessDate: '2031-01-02', datePolicy: 'manual' }],
  ]);
});

test('the user of the operating system stands beside the command line in the trail', async () => {
  await florin.json('api-keys', 'create', '--name', 'y', '--scope', 'accounts:read');
  const rows = await bank.db
    .selectFrom('audit_log')
    .select(['actor', 'address'])
    .where('actor', '=', 'cli')
    .orderBy('audit_id')
    .execute();
  for (const { address } of rows) assert.match(address ?? '', new RegExp(`^${userInfo().username}@.+`));
  assert.ok(rows.length > 0);
  assert.equal(operatingSystemUser({}), `${userInfo().username}@${hostname()}`.slice(0, 64));
  const sudo = operatingSystemUser({ SUDO_USER: 'anna' });
  assert.match(sudo, /\(anna\)$|^.{64}$/);
});

test('a closed customer is erased by the command line, with a reason', async () => {
  const customerId = await bank.newCustomer();
  const id = toTypeId('customer', customerId);
  const erase = ['customers', 'erase', id, '--reason', 'Art. 17 GDPR'];
  assertRefused(await florin.run('customers', 'erase', id), 2, /--reason/);
  assertRefused(await florin.run(...erase), 1, /\(customer_not_closed\)$/m);
  await bank.customers.close(TEST_CALLER, customerId);
  assert.deepEqual(await rowsOf(...erase), [
    ['cli', 'eraseCustomer', id, { reason: 'Art. 17 GDPR', overrideRetention: false }],
  ]);
  assertRefused(await florin.run(...erase), 1, /\(not_found\)$/m);
});

test('the first administrator is made by the start, and once', async () => {
  const admin = { email: 'admin@florin.example', password: 'violet anchors drift slowly' };
  assert.equal(await ensureFirstAdmin(bank.context, admin), true);
  assert.equal(await ensureFirstAdmin(bank.context, admin), false);
  const rows = await bank.db
    .selectFrom('audit_log')
    .select(['actor', 'operation', 'after'])
    .where('resource_type', '=', 'user')
    .execute();
  const after = { email: 'admin@florin.example', name: 'Administrator', role: 'admin' };
  assert.deepEqual(rows, [{ actor: 'start', operation: 'createUser', after }]);
});
