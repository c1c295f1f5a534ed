import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { STAFF } from '#demo/staff.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { assertVerified } from './assert-verified.ts';
import { listAll } from './bank-client.ts';
import { Installation, untilTrue } from './florin-process.ts';
import { assertReadmeWorks } from './readme-commands.ts';

const SUMMARY = /^Demo data: (\d+) customers, (\d+) accounts, (\d+) transactions\.$/m;

test('a demo that kill -9 cut off is there once and whole after the next start, though two start at once, and the README’s commands work on it', async (t) => {
  const bank = await Installation.prepared(t, { FLORIN_DEMO: 'on' });
  const cutOff = bank.serve();
  await cutOff.says(/Filling the bank with a year of demo data/);
  await someEntriesIn(bank);
  await cutOff.kill();
  assert.doesNotMatch(cutOff.stdout, SUMMARY);

  const servers = [bank.serve(), bank.serve()];
  const urls = await Promise.all(servers.map((server) => server.ready()));
  const summaries = servers.flatMap(({ stdout }) => SUMMARY.exec(stdout)?.slice(1).map(Number) ?? []);
  assert.equal(summaries.length, 3, 'one of the two has made the demo');
  const [customers = 0, accounts = 0, transactions = 0] = summaries;
  assert.ok(customers >= 40 && accounts >= 80 && transactions > 1000, summaries.join());
  await assertAnalysed(await bank.databaseUrl(), transactions);
  for (const url of urls) {
    assert.equal((await listAll(`${url}/v1/customers`)).length, customers);
    assert.equal((await listAll(`${url}/v1/accounts`)).length, accounts);
  }
  assert.equal((await listAll(`${urls[0]}/v1/transactions`)).length, transactions);
  await assertStaffCanLogIn(bank, urls[0] ?? '');
  assert.equal(servers.filter(({ stdout }) => / Staff +manager@florin\.localhost, /.test(stdout)).length, 1);
  await assertReadmeWorks(bank, urls[0] ?? '');
  await assertVerified(await bank.databaseUrl());
  for (const server of servers) assert.deepEqual(await server.stop(), { exitCode: 0, signal: null });
});

/** With the password that the first start kept, and that its owner alone can read. */
async function assertStaffCanLogIn({ dataDir }: Installation, url: string): Promise<void> {
  const file = join(dataDir, 'staff-password');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const password = (await readFile(file, 'utf8')).trim();
  assert.match(password, /^[\w-]{32}$/);
  for (const { email, role } of STAFF) {
    const answer = await fetch(`${url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    const { accessToken } = (await answer.json()) as { readonly accessToken: string };
    const [, payload = ''] = accessToken.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { readonly role: string };
    assert.deepEqual([answer.status, claims.role], [200, role]);
  }
}

/** Waits until the demo is under way for the database to see. */
async function someEntriesIn(bank: Installation): Promise<void> {
  const databaseUrl = await bank.databaseUrl();
  await untilTrue(async () => {
    // The tables are made anew when the demo begins.
    const entries = query(databaseUrl, 'select 1 as one from journal_entries limit 100');
    return (await entries.catch(() => [])).length === 100;
  });
}

/** Whoever verifies the new bank does not wait until PostgreSQL has looked at its tables by itself. */
async function assertAnalysed(databaseUrl: string, transactions: number): Promise<void> {
  const rows = await query(databaseUrl, "select reltuples from pg_class where relname = 'transactions'");
  assert.deepEqual(rows, [{ reltuples: transactions }]);
}
