import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { CHART } from '#ledger/chart.ts';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi } from '#test/support/api.ts';
import { EUR, newKey, TEST_CALLER } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { HeldBook } from '#test/system/processes/held-book.ts';

const api = await openApi();
const { bank } = api;

const capital = {
  caller: TEST_CALLER,
  idempotencyKey: newKey(),
  entry: {
    reason: 'Capital paid in',
    attachments: [],
    valueDate: isoDate('2025-12-31'),
    lines: [
      { glCode: CHART.cash, side: 'debit', amountMinor: 500n, currency: EUR },
      { glCode: CHART.shareCapital, side: 'credit', amountMinor: 500n, currency: EUR },
    ],
  },
} as const;

test('a period that is closed while an entry into it is under way waits for it, and keeps it', async () => {
  const held = await HeldBook.holdManualEntries(bank.databaseUrl);
  const booked = bank.journal.create(capital);
  await held.somebodyWaits(1);
  const closed = bank.periods.close(TEST_CALLER, isoDate('2025-12-01'), { kind: 'hard' });
  await held.somebodyWaits(2);
  await held.release();
  await booked;
  await closed;
  const { rows } = await sql<{ code: string; balance: string }>`
    select gl_code as code, balance_minor::text as balance from accounting_period_balances
    order by gl_code`.execute(bank.db);
  assert.deepEqual(rows, [
    { code: '1000', balance: '-500' },
    { code: '3000', balance: '500' },
  ]);
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
});

test('a period that is closed while interest is counted waits for it, and the day ends', async () => {
  const closeThrough = (date: string) => bank.endOfDay.closeThrough(TEST_CALLER, isoDate(date));
  created(await api.post('/v1/business-date', { businessDate: '2026-01-30' }));
  await closeThrough('2026-01-29');
  const interest = { rate: '2.5', posting: 'daily' };
  const product = { code: 'daily', currency: 'EUR', kind: 'savings', name: 'Savings', interest };
  created(await api.post('/v1/products', product));
  const account = await api.newAccount({ product: 'daily', balance: '36500.00' });
  await closeThrough('2026-01-31');
  await api.deposit(account, '36500.00', { valueDate: '2026-01-30' });
  const held = await HeldBook.holdInterest(bank.databaseUrl);
  const ended = closeThrough('2026-02-01');
  await held.somebodyWaits(1);
  const closed = bank.periods.close(TEST_CALLER, isoDate('2026-01-01'), { kind: 'hard' });
  await Promise.race([closed, held.somebodyWaits(2)]);
  await held.release();
  await Promise.all([ended, closed]);
  // 2.50 for each of three days, and as much again of the second 36,500.00 for each.
  assert.equal(await api.postedBalance(account), '73015.00');
  await api.assertVerified();
});
