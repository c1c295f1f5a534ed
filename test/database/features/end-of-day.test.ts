import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { EndOfDayRun } from '#features/end-of-day/repository.ts';
import { selectTrialBalance } from '#ledger/trial-balance.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { MAX_MINOR } from '#lib/money/money.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER, type TestBank } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const DAY_MS = 86_400_000;
const noonOf = (date: string): number => Date.parse(`${date}T12:00:00Z`);

const bank = await openTestBank();
const [payer, payee] = [await bank.newAccount({ balanceMinor: 100_000n }), await bank.newAccount()];
const other = await bank.newAccount();

async function transfer(
  amountMinor: bigint,
  on: TestBank = bank,
  [from, to] = [payer, payee],
): Promise<IsoDate> {
  const { transaction } = await on.transactions.transfer({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    fromAccountId: from,
    to: { accountId: to },
    amountMinor,
    currency: EUR,
  });
  return transaction.state.businessDate;
}

async function keptOf(id: AccountId): Promise<[string, bigint][]> {
  const { rows } = await sql<{ date: string; balanceMinor: bigint }>`
    select business_date as date, balance_minor::bigint as "balanceMinor" from end_of_day_balances
    where ledger_account_id = ${id} order by business_date`.execute(bank.db);
  return rows.map(({ date, balanceMinor }) => [date, balanceMinor]);
}

async function runsOf(on: TestBank = bank): Promise<EndOfDayRun[]> {
  return (await on.endOfDay.list({ limit: 100 })).toReversed();
}

async function assertVerified(on: TestBank = bank): Promise<void> {
  assert.deepEqual(await brokenLaws(on.databaseUrl), []);
}

test('closing the open date opens the next, and what is posted lands on that', async () => {
  assert.equal(await transfer(1_000n), '2026-01-14');
  const result = await bank.endOfDay.closeThrough(TEST_CALLER, undefined);
  assert.deepEqual(result, {
    until: '2026-01-14',
    businessDate: '2026-01-15',
    isDone: true,
    dates: ['2026-01-14'],
  });
  assert.equal(await transfer(500n), '2026-01-15');
  assert.deepEqual(await keptOf(payer), [['2026-01-14', 99_000n]]);
  assert.deepEqual(await keptOf(payee), [['2026-01-14', 1_000n]]);
});

test('a date that is closed is not closed again, whether it is named or not', async () => {
  const before = await runsOf();
  for (const until of [undefined, isoDate('2026-01-14'), isoDate('2025-12-31')]) {
    const { isDone, dates, businessDate } = await bank.endOfDay.closeThrough(TEST_CALLER, until);
    assert.deepEqual(
      { isDone, dates, businessDate },
      { isDone: true, dates: [], businessDate: '2026-01-15' },
    );
  }
  assert.deepEqual(await runsOf(), before);
});

test('a book that follows the clock closes no day that has not come', async () => {
  await assert.rejects(bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-01-15')), {
    status: 422,
    code: 'date_not_reached',
  });
});

test('missed days are closed one by one, in order, with the balances that each had', async () => {
  bank.clock.setMs(noonOf('2026-01-16'));
  assert.equal(await transfer(2_000n), '2026-01-16');
  bank.clock.setMs(noonOf('2026-01-20'));
  assert.equal(await transfer(3_000n), '2026-01-20');
  const { dates } = await bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-01-19'));
  assert.deepEqual(dates, ['2026-01-15', '2026-01-16', '2026-01-17', '2026-01-18', '2026-01-19']);
  assert.deepEqual(await keptOf(payer), [
    ['2026-01-14', 99_000n],
    ['2026-01-15', 98_500n],
    ['2026-01-16', 96_500n],
  ]);
  assert.equal(await transfer(1n), '2026-01-20', 'the open date was open already');
  const runs = await runsOf();
  assert.deepEqual(
    runs.map(({ businessDate, status }) => [businessDate, status]),
    ['14', '15', '16', '17', '18', '19'].map((day) => [`2026-01-${day}`, 'completed']),
  );
  await assertVerified();
});

test('the trial balance of each date is the same with the totals that are kept as from the postings alone', async () => {
  for (const day of ['13', '14', '15', '17', '19', '20']) {
    const date = isoDate(`2026-01-${day}`);
    const kept = await selectTrialBalance(bank.db, 1, date);
    const { rows } = await sql<{ code: string; balance: string }>`
      select gl_code as code, sum(signed)::text as balance from (
        select debit_account_id as id, -amount_minor as signed from postings where business_date <= ${date}::date
        union all
        select credit_account_id, amount_minor from postings where business_date <= ${date}::date
      ) as sides join ledger_accounts on ledger_account_id = id group by 1 order by 1`.execute(bank.db);
    assert.deepEqual(
      kept.map(({ glCode, debitMinor, creditMinor }) => [glCode, `${creditMinor - debitMinor}`]),
      rows.map(({ code, balance }) => [code, balance]),
      date,
    );
  }
});

test('books that do not add up leave the date open, say where, and are closed once they do again', async () => {
  const spoil = (minor: number) =>
    sql`update ledger_accounts set balance_minor = balance_minor + ${minor} where ledger_account_id = ${payee}`.execute(
      bank.db,
    );
  await spoil(1);
  await assert.rejects(bank.endOfDay.closeThrough(TEST_CALLER, undefined), {
    status: 409,
    code: 'trial_balance_broken',
    message: /uneven by -1 minor units on line 2000 in EUR; the date stays open/,
  });
  const [failed] = await bank.endOfDay.list({ limit: 1 });
  assert.equal(failed?.businessDate, '2026-01-20');
  assert.equal(failed.status, 'failed');
  assert.equal(failed.failure?.code, 'trial_balance_broken');
  assert.equal((await bank.calendar.today()).businessDate, '2026-01-20');
  assert.equal(await transfer(1n, bank, [payer, other]), '2026-01-20');

  await spoil(-1);
  const { dates, businessDate } = await bank.endOfDay.closeThrough(TEST_CALLER, undefined);
  assert.deepEqual({ dates, businessDate }, { dates: ['2026-01-20'], businessDate: '2026-01-21' });
  const [done] = await bank.endOfDay.list({ limit: 1 });
  assert.deepEqual([done?.status, done?.failure], ['completed', undefined]);
  await assertVerified();
});

test('a date that is moved by hand is closed when told to, ten years ahead at most', async () => {
  await bank.calendar.setDate(TEST_CALLER, isoDate('2026-01-23'));
  const one = await bank.endOfDay.closeThrough(TEST_CALLER, undefined);
  assert.deepEqual(one.dates, ['2026-01-21', '2026-01-22', '2026-01-23']);
  const ahead = await bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-02-01'));
  assert.equal(ahead.businessDate, '2026-02-02');
  await assert.rejects(bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2036-03-01')), {
    status: 400,
    code: 'validation_failed',
  });
  await assert.rejects(bank.calendar.setDate(TEST_CALLER, isoDate('2026-02-01')), {
    code: 'business_date_closed',
  });
  await assertVerified();
});

test('a date closes whatever was posted on it: the bank’s own lines have no largest balance', async () => {
  const rich = await openTestBank();
  const kuwait = 'KWD' as Currency;
  for (let times = 0; times < 3; times++)
    await rich.newAccount({ balanceMinor: MAX_MINOR, currency: kuwait });
  const first = await rich.endOfDay.closeThrough(TEST_CALLER, undefined);
  assert.deepEqual(first.dates, ['2026-01-14']);
  await rich.newAccount({ balanceMinor: MAX_MINOR, currency: kuwait });
  rich.clock.setMs(noonOf('2026-01-15'));
  const second = await rich.endOfDay.closeThrough(TEST_CALLER, undefined);
  assert.deepEqual(second.dates, ['2026-01-15']);
  const { rows } = await sql<{ balance: string }>`
    select balance_minor::text as balance from end_of_day_balances
    where balance_minor < 0 order by business_date`.execute(rich.db);
  assert.deepEqual(
    rows.map(({ balance }) => BigInt(balance)),
    [-3n * MAX_MINOR, -4n * MAX_MINOR],
  );
  await assertVerified(rich);
});

/** Where it is tomorrow already, and where a night has an hour less, at 2 in the morning of 8 March 2026. */
const ZONES = [
  ['Pacific/Kiritimati', '2026-01-14T09:59:00Z', '2026-01-14', '2026-01-14T10:00:00Z', '2026-01-15'],
  ['America/New_York', '2026-03-08T04:59:00Z', '2026-03-07', '2026-03-08T05:00:00Z', '2026-03-08'],
  ['America/New_York', '2026-03-09T03:59:00Z', '2026-03-08', '2026-03-09T04:00:00Z', '2026-03-09'],
  ['America/New_York', '2026-11-02T04:59:00Z', '2026-11-01', '2026-11-02T05:00:00Z', '2026-11-02'],
] as const;
for (const [timeZone, before, today, after, tomorrow] of ZONES) {
  test(`in ${timeZone} it is ${today} until ${after}, then ${tomorrow}, and each is closed on its own`, async () => {
    const there = await openTestBank({ timeZone });
    // The book is younger than the days that are asked about.
    await sql`update books set business_date = ${today}::date - 1`.execute(there.db);
    there.clock.setMs(Date.parse(before));
    assert.equal((await there.calendar.today()).businessDate, today);
    await assert.rejects(there.endOfDay.closeThrough(TEST_CALLER, isoDate(tomorrow)), {
      code: 'date_not_reached',
    });
    const first = await there.endOfDay.closeThrough(TEST_CALLER, undefined);
    assert.deepEqual(first.dates, [today]);
    assert.equal(first.businessDate, tomorrow);
    assert.deepEqual((await there.endOfDay.closeThrough(TEST_CALLER, undefined)).dates, []);
    there.clock.setMs(Date.parse(after));
    assert.deepEqual((await there.endOfDay.closeThrough(TEST_CALLER, undefined)).dates, [tomorrow]);
    there.clock.setMs(Date.parse(after) + 2 * DAY_MS);
    assert.equal((await there.endOfDay.closeThrough(TEST_CALLER, undefined)).dates.length, 2);
  });
}
