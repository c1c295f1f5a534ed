import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const api = await openApi();
const SHEET =
  'the balance sheet balances on every date whose totals are kept, with the result that is not carried over';
const CUSTOMERS = 'what customers have is what their line of the chart says, at the end of every day';

created(await api.post('/v1/business-date', { businessDate: '2026-02-27' }));
const account = await api.newAccount({ balance: '100.00' });
const other = await api.newAccount();
for (const [date, amount] of [
  ['2026-02-27', '10.00'],
  ['2026-02-28', '20.00'],
  ['2026-03-01', '30.00'],
]) {
  created(await api.post('/v1/business-date', { businessDate: date }));
  await api.transfer(account, other, String(amount));
  await api.withdraw(other, '1.00');
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(String(date)));
}

const seen = async () =>
  (await brokenLaws(api.bank.databaseUrl))
    .map(({ name }) => name)
    .filter((name) => name === SHEET || name === CUSTOMERS);

test('books with closed days keep both laws', async () => {
  assert.deepEqual(await brokenLaws(api.bank.databaseUrl), []);
});

for (const [what, done, undone, law] of [
  [
    'a total of a past date',
    `update end_of_day_totals set balance_minor = balance_minor + 1 where gl_code = '1000'
       and currency = 'EUR' and business_date = (select min(business_date) from end_of_day_totals)`,
    `update end_of_day_totals set balance_minor = balance_minor - 1 where gl_code = '1000'
       and currency = 'EUR' and business_date = (select min(business_date) from end_of_day_totals)`,
    SHEET,
  ],
  [
    'the balance on the last line of a past day',
    'update postings set debit_balance_minor = debit_balance_minor + 1 where debit_seq = 2',
    'update postings set debit_balance_minor = debit_balance_minor - 1 where debit_seq = 2',
    CUSTOMERS,
  ],
] as const) {
  test(`verify finds what was changed: ${what}`, async () => {
    await api.asOwner(done);
    assert.deepEqual(await seen(), [law]);
    await api.asOwner(undone);
    assert.deepEqual(await seen(), []);
  });
}
