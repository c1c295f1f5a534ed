import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { createBareDatabase } from '#test/support/test-database.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { assertVerified } from './assert-verified.ts';
import { createCustomer, listAll, send } from './bank-client.ts';
import { Installation } from './florin-process.ts';

test('servers that start at once on an empty DATABASE_URL make one bank in it, beside another that is made there', async (t) => {
  const bank = new Installation(t);
  const shared = await createBareDatabase();
  const neighbour = await createBareDatabase();
  t.after(async () => {
    await shared.drop();
    await neighbour.drop();
  });
  const environment = {
    DATABASE_URL: shared.databaseUrl,
    FLORIN_DEMO: 'on',
    FLORIN_BANK_NAME: 'Bank of Two',
  };
  const servers = [
    bank.serve(environment),
    bank.serve(environment),
    bank.serve({ DATABASE_URL: neighbour.databaseUrl }),
  ];
  const [oneUrl, otherUrl, neighbourUrl] = await Promise.all(servers.map((server) => server.ready()));
  for (const { stdout } of servers) {
    assert.match(stdout, /^ +Database +the PostgreSQL of DATABASE_URL$/m);
    assert.doesNotMatch(stdout, /demo/i);
  }
  assert.deepEqual(await query(shared.databaseUrl, 'select name from books'), [{ name: 'Bank of Two' }]);
  assert.deepEqual(await listAll(`${oneUrl}/v1/customers`), []);
  const id = await createCustomer(oneUrl!);
  assert.equal((await send(`${otherUrl}/v1/customers/${id}`)).status, 200);
  assert.equal((await send(`${neighbourUrl}/v1/customers/${id}`)).status, 404);

  for (const server of servers) assert.deepEqual(await server.stop(), { exitCode: 0, signal: null });
  await assertVerified(shared.databaseUrl);
  assert.equal(existsSync(bank.dataDir), false, 'nothing is kept in a folder besides');
});
