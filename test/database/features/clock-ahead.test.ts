import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { createServices } from '#bank/services.ts';
import { type Clock, systemClock } from '#lib/time/clock.ts';
import { isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';

const YEAR_MS = 365 * 86_400_000;
const bank = await openTestBank();
const account = await bank.newAccount();

/** The bank on a server whose clock is off by so much. */
function serverWith(aheadMs: number) {
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  return createServices({ ...bank.context, clock });
}

async function databaseDate(): Promise<string> {
  const { rows } = await sql<{ today: string }>`
    select (now() at time zone 'Europe/Berlin')::date as today`.execute(bank.db);
  return rows[0]?.today ?? '';
}

test('a server whose clock is ten years ahead moves the date no further than the database’s, and says so', async () => {
  const warnings: string[] = [];
  const onWarning = ({ message }: Error) => warnings.push(message);
  process.on('warning', onWarning);
  const server = serverWith(10 * YEAR_MS);
  const dates = [await databaseDate()];
  const { transaction } = await server.transactions.deposit({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    accountId: account,
    mode: 'cash',
    amountMinor: 100n,
    currency: EUR,
  });
  dates.push(await databaseDate());
  const { businessDate, postedAtMs } = transaction.state;
  assert.ok(dates.includes(businessDate), businessDate);
  assert.ok(postedAtMs <= Date.now() + 1000, 'no later entry has to wait for its instant');
  assert.ok(dates.includes((await server.calendar.today()).businessDate));
  await assert.rejects(server.endOfDay.closeThrough(TEST_CALLER, isoDate('2036-01-01')), {
    code: 'date_not_reached',
  });
  process.off('warning', onWarning);
  assert.match(warnings.join('\n'), /clock of this server is 36\d\d days ahead of the database's/);
});

test('a clock that is some hours ahead is believed', async () => {
  const server = serverWith(23 * 3_600_000);
  const { rows } = await sql<{ today: string }>`
    select ((now() + interval '23 hours') at time zone 'Europe/Berlin')::date as today`.execute(bank.db);
  assert.equal((await server.calendar.today()).businessDate, rows[0]?.today);
});
