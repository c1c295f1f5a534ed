import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  daysBetween,
  firstOfMonth,
  firstOfYear,
  lastOfMonth,
  monthsAfter,
  wholeMonths,
  wholeMonthsBack,
} from '#lib/time/calendar.ts';
import { isoDate } from '#lib/time/dates.ts';

const months = (from: string, count: number, options?: Parameters<typeof monthsAfter>[2]) =>
  monthsAfter(isoDate(from), count, options);

test('a day that a month lacks is its last, and comes back', () => {
  const from = (count: number) => months('2025-01-31', count);
  assert.deepEqual([1, 2, 3, 13, 25].map(from), [
    '2025-02-28',
    '2025-03-31',
    '2025-04-30',
    '2026-02-28',
    '2027-02-28',
  ]);
  assert.equal(months('2023-12-31', 2), '2024-02-29');
});

test('or it is the first of the next month', () => {
  const from = (count: number) => months('2025-01-31', count, { monthEnd: 'roll' });
  assert.deepEqual([1, 2, 3, 12].map(from), ['2025-03-01', '2025-03-31', '2025-05-01', '2026-01-31']);
  assert.equal(months('2025-01-29', 1, { monthEnd: 'roll' }), '2025-03-01');
  assert.equal(months('2024-01-29', 1, { monthEnd: 'roll' }), '2024-02-29');
});

test('an anchor gives the day where the date lost it', () => {
  assert.equal(months('2025-02-28', 1, { anchorDay: 31 }), '2025-03-31');
  assert.equal(months('2025-04-30', 1, { anchorDay: 30 }), '2025-05-30');
});

test('months may go back, over years', () => {
  assert.equal(months('2025-03-31', -1), '2025-02-28');
  assert.equal(months('2025-01-15', -13), '2023-12-15');
  assert.equal(months('2025-12-01', 1), '2026-01-01');
  assert.throws(() => months('9999-12-01', 1), { code: 'validation_failed' });
});

test('days between dates exclude the first and include the last', () => {
  const between = (from: string, to: string) => daysBetween(isoDate(from), isoDate(to));
  assert.equal(between('2024-02-28', '2024-03-01'), 2);
  assert.equal(between('2100-02-28', '2100-03-01'), 1);
  assert.equal(between('2024-01-02', '2024-01-01'), -1);
  assert.equal(between('1999-12-31', '2000-01-01'), 1);
});

test('whole months are counted forwards, or backwards from their end', () => {
  const forwards = (from: string, to: string) => wholeMonths(isoDate(from), isoDate(to));
  const backwards = (from: string, to: string) => wholeMonthsBack(isoDate(from), isoDate(to));
  assert.deepEqual([forwards('2024-01-15', '2024-02-15'), forwards('2024-01-15', '2024-02-14')], [1, 0]);
  assert.deepEqual([backwards('2024-01-15', '2024-02-15'), backwards('2024-01-15', '2024-02-14')], [1, 0]);
  // 31 January and a month is 28 February; 28 February less a month is 28 January.
  assert.deepEqual([forwards('2025-01-31', '2025-02-28'), backwards('2025-01-31', '2025-02-28')], [1, 0]);
});

test('months and years begin on their first day, and months end on their last', () => {
  const around = (text: string) => {
    const date = isoDate(text);
    return [firstOfYear(date), firstOfMonth(date), lastOfMonth(date)];
  };
  assert.deepEqual(around('2024-02-10'), ['2024-01-01', '2024-02-01', '2024-02-29']);
  assert.deepEqual(around('2023-02-01'), ['2023-01-01', '2023-02-01', '2023-02-28']);
  assert.deepEqual(around('9999-12-31'), ['9999-01-01', '9999-12-01', '9999-12-31']);
});
