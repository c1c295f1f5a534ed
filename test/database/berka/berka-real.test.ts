import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { LAWS } from '#bank/services.ts';
import { importBerka } from '#examples/berka/import-berka.ts';
import type { BerkaSummary } from '#examples/berka/summary.ts';
import { selectBalanceAt, selectSeqAsOf } from '#ledger/balances.ts';
import { verifyLaws } from '#ledger/verify.ts';
import type { AccountId } from '#lib/ids.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';
import { openTestBank, TEST_CALLER, type TestBank } from '#test/support/bank.ts';

const DATA = fileURLToPath(new URL('../../../../shared/data/berka', import.meta.url));
const skip = existsSync(join(DATA, 'trans-1993.csv')) ? false : `the data set is not at ${DATA}`;

const PAST = '1993-06-30' as IsoDate;

/** Sums of the file's amounts by account, up to a date `YYMMDD`: done by hand, with none of the importer's code. */
function sumByAccount(upTo: string): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const line of readFileSync(join(DATA, 'trans-1993.csv'), 'utf8').trim().split('\n').slice(1)) {
    const [, account, date, type, , amount] = line.split(';');
    if (date! > upTo) continue;
    const minor = BigInt(amount!.replace('.', ''));
    sums.set(account!, (sums.get(account!) ?? 0n) + (type === '"PRIJEM"' ? minor : -minor));
  }
  return sums;
}

/** Of the loans of each status, in minor units: each month a payment, and of those in debt the last one is missing. */
function outstandingByStatus(): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const line of readFileSync(join(DATA, 'loan.csv'), 'utf8').trim().split('\n').slice(1)) {
    const [, , date = '', amount, duration, payment, status] = line.replaceAll('"', '').split(';');
    const months = (98 - Number(date.slice(0, 2))) * 12 + 12 - Number(date.slice(2, 4));
    const paid = Math.min(months, Number(duration)) - (status === 'B' || status === 'D' ? 1 : 0);
    const left = BigInt(amount!) * 100n - BigInt(payment!.replace('.', '')) * BigInt(paid);
    sums.set(status!, (sums.get(status!) ?? 0n) + left);
  }
  return sums;
}

type Imported = { readonly bank: TestBank; readonly summary: BerkaSummary };

/** The bank, imported at the top of the file: undefined where the data set is not. */
async function importReal(): Promise<Imported | undefined> {
  if (skip !== false) return undefined;
  const bank = await openTestBank({ longWork: true });
  const summary = await importBerka(bank.context, { directory: DATA, transactionFiles: [] });
  const rssMb = Math.round(process.resourceUsage().maxRSS / 1024);
  const { exact, within, off } = summary.balances;
  console.log(`imported in ${summary.elapsedMs} ms, at most ${rssMb} MB; balances ${exact}/${within}/${off}`);
  return { bank, summary };
}

const imported = await importReal();
const bank = imported?.bank as TestBank;
const summary = imported?.summary as BerkaSummary;

test('the whole bank is loaded', { skip }, () => {
  assert.equal(summary.customers, 5_369);
  assert.equal(summary.accounts, 4_500);
  assert.equal(summary.holders, 5_369);
  assert.equal(summary.transactions.posted, 28_205);
  assert.equal(summary.records, 77 + 5_369 + 4_500 + 5_369 + 6_471 + 682 + 892 + 28_205);
  assert.equal(summary.balances.exact + summary.balances.within, 28_205);
  assert.equal(summary.balances.off, 0);
  assert.equal(summary.businessDate, '1993-12-31');
});

test('women and men, and who may act on accounts, are as in the files', { skip }, async () => {
  const { rows } = await sql<{ what: string; count: bigint }>`
    select sex as what, count(*) from customers group by 1
    union all select role, count(*) from account_holders group by 1 order by what`.execute(bank.db);
  assert.deepEqual(rows, [
    { what: 'authorised', count: 869n },
    { what: 'female', count: 2_645n },
    { what: 'male', count: 2_724n },
    { what: 'owner', count: 4_500n },
  ]);
});

test('every account stands at the exact sum of its amounts, now and as of a past date', {
  skip,
}, async () => {
  const now = sumByAccount('931231');
  const then = sumByAccount('930630');
  const { rows } = await sql<{ id: AccountId; key: string; balanceMinor: bigint }>`
    select a.account_id as id, a.external_id as key, l.balance_minor as "balanceMinor" from accounts a
    join ledger_accounts l on l.ledger_account_id = a.account_id`.execute(bank.db);
  assert.equal(rows.length, 4_500);
  for (const { id, key, balanceMinor } of rows) {
    assert.equal(balanceMinor, now.get(key) ?? 0n, `account ${key}`);
    if (!now.has(key)) continue;
    const seq = await selectSeqAsOf(bank.db, 1, id, { businessDate: PAST });
    assert.equal(
      await selectBalanceAt(bank.db, 1, id, seq),
      then.get(key) ?? 0n,
      `account ${key} on ${PAST}`,
    );
  }
});

test('the loans of the files are live: over and paid, running, and those with debt late', {
  skip,
}, async () => {
  const { rows } = await sql<{ kept: string; status: string; isLate: boolean; count: bigint; minor: bigint }>`
    select r.content ->> 'status' as kept, l.status, l.overdue_since is not null as "isLate", count(*),
      sum(l.principal_minor)::bigint as minor
    from loans l
    join imported_records r on r.record_type = 'berka_loan' and r.record_id = l.external_id
    group by 1, 2, 3 order by 1, 2, 3`.execute(bank.db);
  // What is outstanding, from the file alone: by status, the amounts less a payment for each month until December 1998.
  const outstanding = outstandingByStatus();
  assert.deepEqual(rows, [
    { kept: 'A', status: 'closed', isLate: false, count: 203n, minor: 0n },
    { kept: 'B', status: 'active', isLate: true, count: 31n, minor: outstanding.get('B') },
    { kept: 'C', status: 'active', isLate: false, count: 403n, minor: outstanding.get('C') },
    { kept: 'D', status: 'active', isLate: true, count: 45n, minor: outstanding.get('D') },
  ]);
});

test('the laws of the books hold', { skip }, async () => {
  const results = await verifyLaws(bank.db, 1, LAWS);
  assert.deepEqual(
    results.filter(({ brokenBy }) => brokenBy !== undefined),
    [],
  );
});

test('a second import changes nothing', { skip }, async () => {
  const again = await importBerka(bank.context, { directory: DATA, transactionFiles: [] });
  assert.equal(again.changed, false);
  assert.ok(again.files.every(({ loadedBefore }) => loadedBefore));
});

type Counts = Readonly<Record<string, number>>;

test('it is walked through January 1994: its orders are paid through clearing, and it verifies', {
  skip,
}, async () => {
  assert.equal(summary.standingOrders, 6_471);
  const started = performance.now();
  const { dates } = await bank.endOfDay.closeThrough(TEST_CALLER, isoDate('1994-01-31'));
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  assert.equal(dates.length, 32, 'the last day of 1993, and January');

  const { rows } = await sql<{ status: string; purpose: string | null; count: number }>`
    select x.status, o.purpose, count(*)::int as count from standing_order_executions x
    join standing_orders o using (book_id, standing_order_id) group by 1, 2 order by 1, 2`.execute(bank.db);
  const total = (status: string) =>
    rows.filter((row) => row.status === status).reduce((sum, { count }) => sum + count, 0);
  const runs = await bank.endOfDay.list({ from: isoDate('1994-01-01'), limit: 100 });
  const attempts = runs.flatMap(({ steps }) => steps.filter(({ name }) => name === 'standing-orders'));
  const retries = attempts.reduce((sum, { counts }: { counts: Counts }) => sum + (counts.retrying ?? 0), 0);
  console.log(
    `January 1994 in ${seconds} s: ${total('paid')} paid, ${retries} times tried again, ${total('failed')} failed`,
  );
  console.table(rows);

  // One order a month of each account that is open; those of accounts that open later are not due yet.
  assert.equal(total('paid') + total('failed') + total('retrying'), await countDueInJanuary(bank));
  assert.ok(total('paid') > 1_000 && total('failed') > 0);
  assert.ok(rows.some(({ purpose, status }) => purpose === 'household' && status === 'paid'));
  const clearing = await sql`
    select count(*)::int as count from journal_entries e join transactions t on t.transaction_id = e.entry_id
    where e.actor = 'standing-orders' and t.type = 'outgoing_payment' and t.mode = 'clearing'
      and t.counterparty_bank is not null`.execute(bank.db);
  assert.deepEqual(clearing.rows, [{ count: total('paid') }]);
  const results = await verifyLaws(bank.db, 1, LAWS);
  assert.deepEqual(
    results.filter(({ brokenBy }) => brokenBy !== undefined),
    [],
  );
});

async function countDueInJanuary({ db }: TestBank): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from standing_orders
    where make_date(1994, 1, anchor_day) >= start_on`.execute(db);
  return rows[0]?.count ?? 0;
}
