import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoDate } from '#lib/time/dates.ts';
import {
  anchorOf,
  dueAfter,
  dueOnOrAfter,
  type Every,
  everyOf,
  type Frequency,
  type Recurrence,
} from '#lib/time/recurrence.ts';

function recurrence(of: Frequency | Every, start: string, anchorDay?: number): Recurrence {
  const startOn = isoDate(start);
  const every = typeof of === 'string' ? everyOf(of) : of;
  return { every, startOn, anchorDay: anchorDay ?? anchorOf(every, startOn) };
}

function firstDates(of: Recurrence, count: number): string[] {
  const dates = [dueOnOrAfter(of, of.startOn)];
  while (dates.length < count) dates.push(dueAfter(of, dates.at(-1)!));
  return dates;
}

const TABLE: readonly [Frequency | Every, string, number | undefined, readonly string[]][] = [
  [
    'monthly',
    '2026-01-31',
    undefined,
    ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31'],
  ],
  ['monthly', '2026-01-30', undefined, ['2026-01-30', '2026-02-28', '2026-03-30', '2026-04-30']],
  ['monthly', '2026-01-29', undefined, ['2026-01-29', '2026-02-28', '2026-03-29']],
  ['monthly', '2028-01-29', undefined, ['2028-01-29', '2028-02-29', '2028-03-29']],
  ['monthly', '2028-01-31', undefined, ['2028-01-31', '2028-02-29', '2028-03-31']],
  ['monthly', '2026-11-30', 31, ['2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28']],
  ['monthly', '2026-12-31', undefined, ['2026-12-31', '2027-01-31', '2027-02-28', '2027-03-31']],
  ['monthly', '2026-01-20', 5, ['2026-02-05', '2026-03-05']],
  ['monthly', '2026-01-20', 20, ['2026-01-20', '2026-02-20']],
  ['monthly', '2026-01-20', 31, ['2026-01-31', '2026-02-28', '2026-03-31']],
  ['monthly', '2026-02-28', 31, ['2026-02-28', '2026-03-31']],
  ['monthly', '2026-02-28', 29, ['2026-02-28', '2026-03-29']],
  ['monthly', '1900-02-28', 29, ['1900-02-28', '1900-03-29']],
  ['quarterly', '2026-11-30', undefined, ['2026-11-30', '2027-02-28', '2027-05-30', '2027-08-30']],
  ['quarterly', '2026-08-31', undefined, ['2026-08-31', '2026-11-30', '2027-02-28', '2027-05-31']],
  ['quarterly', '2026-01-20', 5, ['2026-02-05', '2026-05-05']],
  ['yearly', '2028-02-29', undefined, ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29']],
  ['yearly', '2026-12-31', undefined, ['2026-12-31', '2027-12-31']],
  ['yearly', '2096-02-29', undefined, ['2096-02-29', '2097-02-28', '2098-02-28', '2099-02-28', '2100-02-28']],
  ['weekly', '2026-12-31', undefined, ['2026-12-31', '2027-01-07', '2027-01-14']],
  ['weekly', '2028-02-26', undefined, ['2028-02-26', '2028-03-04']],
  ['weekly', '2026-01-14', 1, ['2026-01-19', '2026-01-26']],
  [{ count: 2, unit: 'week' }, '2026-01-14', undefined, ['2026-01-14', '2026-01-28', '2026-02-11']],
  [{ count: 10, unit: 'day' }, '2026-02-25', undefined, ['2026-02-25', '2026-03-07', '2026-03-17']],
  [{ count: 1, unit: 'day' }, '2026-02-27', undefined, ['2026-02-27', '2026-02-28', '2026-03-01']],
  [{ count: 2, unit: 'month' }, '2026-12-31', undefined, ['2026-12-31', '2027-02-28', '2027-04-30']],
  [{ count: 4, unit: 'year' }, '2028-02-29', undefined, ['2028-02-29', '2032-02-29', '2036-02-29']],
];
for (const [frequency, start, anchorDay, dates] of TABLE) {
  const name = typeof frequency === 'string' ? frequency : `every ${frequency.count} ${frequency.unit}`;
  const anchor = anchorDay === undefined ? '' : ` on day ${anchorDay}`;
  test(`${name}${anchor} from ${start} falls due on ${dates.join(', ')}`, () => {
    assert.deepEqual(firstDates(recurrence(frequency, start, anchorDay), dates.length), dates);
  });
}

test('the due date on or after a date is found from anywhere, and never drifts', () => {
  const of = recurrence('monthly', '2024-01-31');
  const all = firstDates(of, 60);
  assert.equal(all.at(-1), '2028-12-31');
  assert.equal(all.filter((date) => date.endsWith('-31')).length, 35);
  for (const [index, date] of all.entries()) {
    assert.equal(dueOnOrAfter(of, isoDate(date)), date);
    assert.equal(dueAfter(of, isoDate(date)), all[index + 1] ?? '2029-01-31');
  }
});

test('nothing falls due before the start', () => {
  assert.equal(dueOnOrAfter(recurrence('monthly', '2026-03-31'), isoDate('1990-01-01')), '2026-03-31');
  assert.equal(dueOnOrAfter(recurrence('weekly', '2026-03-31'), isoDate('1990-01-01')), '2026-03-31');
});
