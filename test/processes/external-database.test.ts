import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { query } from '#test/embedded/embedded-server.ts';
import { createBareDatabase } from '#test/support/test-database.ts';
import { createCustomer, listAll, send } from './bank-client.ts';
import { Installation } from './florin-process.ts';

test('two servers that start at once on an empty DATABASE_URL make one bank in it, without a demo', async (t) => {
  const bank = new Installation(t);
  const { databaseUrl, drop } = await createBareDatabase();
  t.after(drop);
  const environment = { DATABASE_URL: databaseUrl, FLORIN_DEMO: 'on', FLORIN_BANK_NAME: 'Bank of Two' };
  const [one, other] = [bank.serve(environment), bank.serve(environment)];
  const [oneUrl, otherUrl] = await Promise.all([one.ready(), other.ready()]);
  for (const { stdout } of [one, other]) {
    assert.match(stdout, /^ +Database +the PostgreSQL of DATABASE_URL$/m);
    assert.doesNotMatch(stdout, /demo/i);
  }
  assert.deepEqual(await query(databaseUrl, 'select name from books'), [{ name: 'Bank of Two' }]);
  assert.deepEqual(await listAll(`${oneUrl}/v1/customers`), []);
  const id = await createCustomer(oneUrl);
  assert.equal((await send(`${otherUrl}/v1/customers/${id}`)).status, 200);

  for (const server of [one, other]) assert.deepEqual(await server.stop(), { exitCode: 0, signal: null });
  const verify = bank.run(['verify'], environment);
  assert.deepEqual(await verify.ended(), { exitCode: 0, signal: null }, verify.stdout + verify.stderr);
  assert.equal(existsSync(bank.dataDir), false, 'nothing is kept in a folder besides');
});

test('servers that make two banks at once in databases of one PostgreSQL do not disturb each other', async (t) => {
  const bank = new Installation(t);
  const databases = await Promise.all([createBareDatabase(), createBareDatabase()]);
  t.after(async () => {
    for (const { drop } of databases) await drop();
  });
  const servers = databases.map(({ databaseUrl }) => bank.serve({ DATABASE_URL: databaseUrl }));
  const urls = await Promise.all(servers.map((server) => server.ready()));
  await createCustomer(urls[0]!);
  assert.equal((await listAll(`${urls[0]}/v1/customers`)).length, 1);
  assert.equal((await listAll(`${urls[1]}/v1/customers`)).length, 0);
  for (const server of servers) assert.deepEqual(await server.stop(), { exitCode: 0, signal: null });
});
