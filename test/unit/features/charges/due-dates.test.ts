import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anniversaries, closedDays, monthEnds, openingDays } from '#features/charges/due-dates.ts';
import { isoDate } from '#lib/time/dates.ts';

const days = (after: string, through: string) => ({ after: isoDate(after), through: isoDate(through) });

test('the first closing ends its own day alone, a later one all days since', () => {
  const date = isoDate('2026-03-02');
  assert.deepEqual(closedDays({ date, previous: undefined }), days('2026-03-01', '2026-03-02'));
  assert.deepEqual(closedDays({ date, previous: isoDate('2026-02-27') }), days('2026-02-27', '2026-03-02'));
});

test('the ends of months are those after one day and up to the other', () => {
  assert.deepEqual(monthEnds(days('2026-01-30', '2026-01-31')), ['2026-01-31']);
  assert.deepEqual(monthEnds(days('2026-01-31', '2026-02-27')), []);
  assert.deepEqual(monthEnds(days('2028-01-31', '2028-03-31')), ['2028-02-29', '2028-03-31']);
});

test('an account that was opened on 29 February has its anniversary on the 28th of common years', () => {
  const leap = isoDate('2024-02-29');
  assert.deepEqual(anniversaries(leap, days('2024-02-28', '2024-02-29')), [], 'not on the day itself');
  assert.deepEqual(anniversaries(leap, days('2025-02-27', '2025-03-01')), ['2025-02-28']);
  assert.deepEqual(anniversaries(leap, days('2028-02-28', '2028-02-29')), ['2028-02-29']);
  assert.deepEqual(anniversaries(leap, days('2025-02-28', '2027-02-28')), ['2026-02-28', '2027-02-28']);
  assert.deepEqual(anniversaries(isoDate('2025-12-31'), days('2026-12-30', '2027-01-02')), ['2026-12-31']);
});

test('the days of the year that are looked for include 29 February, and are all after a year', () => {
  assert.deepEqual(openingDays(days('2026-02-27', '2026-03-01')), ['0228', '0301', '0229']);
  assert.deepEqual(openingDays(days('2026-03-01', '2026-03-02')), ['0302']);
  assert.equal(openingDays(days('2026-03-01', '2027-03-03')), undefined);
});
