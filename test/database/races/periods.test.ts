import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { CHART } from '#ledger/chart.ts';
import { isoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { HeldBook } from '#test/system/processes/held-book.ts';

const bank = await openTestBank();

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
