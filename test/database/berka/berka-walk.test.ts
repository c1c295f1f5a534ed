import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { importBerka } from '#examples/berka/import-berka.ts';
import { isoDate } from '#lib/time/dates.ts';
import { openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { SMALL_BANK, transactionFile, writeFiles, writeSmallBank } from './small-bank.ts';

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
      { scheme: undefined, bank: 'YZ', accountNumber: '87144583' },
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
