import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusinessCalendar } from '#lib/time/business-calendar.ts';
import { isoDate } from '#lib/time/dates.ts';

/** Saturday and Sunday, with Christmas and New Year 2026. */
const calendar = new BusinessCalendar([6, 7], ['2026-12-25', '2026-12-26', '2027-01-01'].map(isoDate));

const NEXT = [
  ['2026-01-14', '2026-01-14', '2026-01-15', 'a Wednesday'],
  ['2026-01-16', '2026-01-16', '2026-01-19', 'a Friday'],
  ['2026-01-17', '2026-01-19', '2026-01-19', 'a Saturday'],
  ['2026-01-18', '2026-01-19', '2026-01-19', 'a Sunday'],
  ['2026-12-24', '2026-12-24', '2026-12-28', 'the last day before a holiday on a Friday'],
  ['2026-12-25', '2026-12-28', '2026-12-28', 'a holiday before a weekend'],
  ['2026-12-31', '2026-12-31', '2027-01-04', 'the last day of a year'],
  ['2028-02-29', '2028-02-29', '2028-03-01', 'a leap day'],
] as const;
for (const [date, onOrAfter, after, name] of NEXT) {
  test(`on ${name} (${date}) business is done on ${onOrAfter}, and next on ${after}`, () => {
    assert.equal(calendar.isBusinessDay(isoDate(date)), date === onOrAfter);
    assert.equal(calendar.onOrAfter(isoDate(date)), onOrAfter);
    assert.equal(calendar.after(isoDate(date)), after);
  });
}

test('a bank may rest on Friday and Saturday, or never', () => {
  const cairo = new BusinessCalendar([5, 6], []);
  assert.equal(cairo.after(isoDate('2026-01-15')), '2026-01-18');
  assert.equal(new BusinessCalendar([], []).after(isoDate('2026-01-16')), '2026-01-17');
});

test('a calendar without business days trips an assertion', () => {
  const closed = new BusinessCalendar([1, 2, 3, 4, 5, 6, 7], []);
  assert.throws(() => closed.onOrAfter(isoDate('2026-01-14')), /business is done within 60 days/);
});
