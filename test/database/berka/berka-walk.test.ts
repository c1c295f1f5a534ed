import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { LAWS } from '#bank/services.ts';
import { importBerka } from '#examples/berka/import-berka.ts';
import { verifyLaws } from '#ledger/verify.ts';
import { isoDate } from '#lib/time/dates.ts';
import { openTestBank, TEST_CALLER, type TestBank } from '#test/support/bank.ts';
import { SMALL_BANK, transactionFile, writeFiles, writeSmallBank } from './small-bank.ts';

const DATA = fileURLToPath(new URL('../../../../shared/data/berka', import.meta.url));
const skip = existsSync(join(DATA, 'order.csv')) ? false : `the data set is not at ${DATA}`;

type Counts = Readonly<Record<string, number>>;

test('the imported bank is walked through January 1994: its orders are paid through clearing, and it verifies', {
  skip,
}, async () => {
  const bank = await openTestBank({ longWork: true });
  const { standingOrders, businessDate } = await importBerka(bank.context, {
    directory: DATA,
    transactionFiles: [],
  });
  assert.deepEqual([standingOrders, businessDate], [6_471, '1993-12-31']);
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

const PAID_BEFORE = '29402;2;"YZ";"87144583";650.50;"SIPO"';
const LATER = transactionFile('31;1;930315;"PRIJEM";"VKLAD";10.00;895.70;"";;');

test('an imported order is live on the day on which its transactions show it paid, and skips what they paid', async () => {
  const bank = await openTestBank();
  const [columns, first] = SMALL_BANK['order.csv'];
  const directory = await writeSmallBank({ 'order.csv': [columns, first, PAID_BEFORE] });
  await importBerka(bank.context, { directory, transactionFiles: [] });
  const dueDates = async () => {
    const orders = await bank.standingOrders.list(TEST_CALLER, { limit: 10 });
    return Object.fromEntries(orders.map(({ externalId, nextDueOn }) => [externalId, nextDueOn]));
  };
  const [paid, unpaid] = await bank.standingOrders.list(TEST_CALLER, { limit: 10 });
  assert.deepEqual(
    [paid?.externalId, paid?.payee, paid?.amountMinor, paid?.purpose, paid?.anchorDay, paid?.every],
    [
      '29402',
      { bank: 'YZ', accountNumber: '87144583' },
      65_050n,
      'household',
      1,
      { count: 1, unit: 'month' },
    ],
  );
  assert.deepEqual([unpaid?.externalId, unpaid?.purpose, unpaid?.anchorDay], ['29401', 'household', 10]);
  assert.deepEqual(await dueDates(), { '29401': '1993-02-10', '29402': '1993-03-01' });

  const further = await writeFiles({ 'trans-later.csv': LATER });
  await importBerka(bank.context, { directory, transactionFiles: [join(further, 'trans-later.csv')] });
  assert.deepEqual(await dueDates(), { '29401': '1993-04-10', '29402': '1993-04-01' });
});

test('no transaction is imported into a date that is closed', async () => {
  const bank = await openTestBank();
  const directory = await writeSmallBank();
  await importBerka(bank.context, { directory, transactionFiles: [] });
  await bank.endOfDay.closeThrough(TEST_CALLER, isoDate('1993-03-15'));
  const further = await writeFiles({ 'trans-later.csv': LATER });
  const files = [join(further, 'trans-later.csv')];
  await assert.rejects(importBerka(bank.context, { directory, transactionFiles: files }), {
    code: 'import_failed',
    message: /1993-03-15 is closed: the bank's books are closed through 1993-03-15/,
  });
});
