import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createBareDatabase,
  createDatabaseWithBook,
  createTestDatabase,
} from '#test/support/test-database.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { createCustomer, deposit, openAccount, send, textOf, tokenOf } from './bank-client.ts';
import { Installation } from './florin-process.ts';
import { refusalHere } from './refusal.ts';

const QUOTE = {
  amount: '1000.00',
  currency: 'EUR',
  annualRatePercent: '12',
  instalments: 6,
  disbursedOn: '2026-01-15',
};

/** POSTs that store nothing. */
const QUOTES = [
  '/v1/conversions/quote',
  '/v1/interest/quote',
  '/v1/loans/quote',
  '/v1/loans/{id}/payoff-quote',
  '/v1/time-deposits/quote',
];

/** The number of rows of every table that a request could write to. */
async function countRows(databaseUrl: string): Promise<readonly unknown[]> {
  const tables = ['customers', 'transactions', 'audit_log', 'unsealed_rows', 'audit_blocks', 'user_sessions'];
  return query(
    databaseUrl,
    tables.map((table) => `select '${table}' as name, count(*) from ${table}`).join(' union all '),
  );
}

test('a server in maintenance answers what is asked, refuses what would change, and rests', async (t) => {
  const { databaseUrl, drop } = await createTestDatabase();
  t.after(drop);
  const bank = new Installation(t, { DATABASE_URL: databaseUrl, FLORIN_END_OF_DAY: '00:00' });
  const before = bank.serve();
  const url = await before.ready();
  const customerId = await createCustomer(url);
  const accountId = await openAccount(url, customerId);
  await deposit(url, accountId, '10.00', 'first');
  assert.equal((await before.stop()).exitCode, 0);
  // As of a process that was killed: nobody has sealed it.
  await query(databaseUrl, `update books set business_date = date '2026-01-02'`);
  const rows = await countRows(databaseUrl);

  const florin = bank.serve({ FLORIN_READ_ONLY: 'on' });
  const readUrl = await florin.ready();
  assert.match(florin.stdout, /^ +Mode +read-only: changes are refused$/m);
  assert.deepEqual((await send(`${readUrl}/health/ready`)).body, { status: 'read_only' });

  const document = (await send(`${readUrl}/openapi.json`)).body as { paths: Record<string, object> };
  for (const [pattern, methods] of Object.entries(document.paths)) {
    const id = pattern.startsWith('/v1/customers') ? customerId : accountId;
    const path = pattern.replace('{id}', id).replaceAll(/\{\w+\}/g, accountId);
    for (const method of Object.keys(methods)) {
      const isRead = method === 'get' || QUOTES.includes(pattern);
      const asked = method === 'get' ? undefined : {};
      const { status, body } = await send(readUrl + path, asked, 'key', method.toUpperCase());
      const said = `${method} ${path}: ${status} ${JSON.stringify(body)}`;
      assert.ok((isRead ? [200, 400, 403, 404] : [503]).includes(status), said);
      if (status === 503) assert.equal(textOf(body, 'code'), 'read_only');
    }
  }
  assert.equal((await send(`${readUrl}/v1/accounts/${accountId}/balance`)).status, 200);
  assert.equal((await send(`${readUrl}/v1/business-date`)).status, 200);
  assert.equal((await send(`${readUrl}/v1/loans/quote`, QUOTE)).status, 200);

  const refused = await fetch(`${readUrl}/v1/deposits`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(readUrl)}` },
  });
  assert.equal(refused.headers.get('retry-after'), '30');
  await refused.text();

  assert.deepEqual(await florin.stop(), { exitCode: 0, signal: null });
  assert.deepEqual(await countRows(databaseUrl), rows, 'nothing was written');
  assert.equal(florin.stderr, '');
});

test('the command line reads and changes nothing either', async (t) => {
  const { databaseUrl, drop } = await createDatabaseWithBook();
  t.after(drop);
  const bank = new Installation(t, { DATABASE_URL: databaseUrl });
  const readOnly = { FLORIN_READ_ONLY: 'on' };
  for (const args of [['verify'], ['trial-balance']]) {
    const florin = bank.run(args, readOnly);
    assert.equal((await florin.ended()).exitCode, 0, florin.stderr);
  }
  for (const args of [['migrate'], ['demo'], ['end-of-day'], ['keys', 'rotate']]) {
    const line = await refusalHere(args, { DATABASE_URL: databaseUrl, ...readOnly });
    assert.match(line, /is in read-only mode; nothing was done \(read_only\)\n$/, args.join(' '));
  }
});

test('a bank that is not there yet is not made', async (t) => {
  const bare = await createBareDatabase();
  const migrated = await createTestDatabase();
  t.after(async () => {
    await bare.drop();
    await migrated.drop();
  });
  const bank = new Installation(t, { FLORIN_READ_ONLY: 'on' });
  const refusals: readonly (readonly [string, RegExp])[] = [
    [bare.databaseUrl, /the database lacks (\d+) of \1 migrations, and FLORIN_READ_ONLY=on leaves it/],
    [migrated.databaseUrl, /no bank in this database: `florin serve` without FLORIN_READ_ONLY=on opens one/],
  ];
  for (const [DATABASE_URL, line] of refusals) {
    const florin = bank.serve({ DATABASE_URL });
    assert.equal((await florin.ended()).exitCode, 1);
    assert.match(florin.stderr, line);
  }
});
