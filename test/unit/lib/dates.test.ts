import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ManualClock, toIsoInstant } from '#lib/time/clock.ts';
import {
  addDays,
  addYears,
  ageInYears,
  dateAt,
  type IsoDate,
  isoDate,
  isTimeZone,
  parseIsoDate,
} from '#lib/time/dates.ts';
import { propertyRuns } from '#test/support/property-runs.ts';

const date = (text: string): IsoDate => isoDate(text);

for (const text of ['2026-01-01', '2024-02-29', '2000-02-29', '1800-01-01', '9999-12-31', '2026-12-31']) {
  test(`${text} is a date`, () => {
    assert.equal(parseIsoDate(text), text);
    assert.equal(isoDate(text), text);
  });
}

const NO_DATES = [
  '2025-02-29',
  '1900-02-29',
  '2100-02-29',
  '2026-04-31',
  '2026-00-10',
  '2026-13-01',
  '2026-01-00',
  '2026-01-32',
  '1799-12-31',
  '0000-01-01',
  '10000-01-01',
  '+002026-01-01',
  '2026-1-1',
  '20260101',
  '2026-01-01T00:00',
  '2026-01-01[u-ca=hebrew]',
  ' 2026-01-01',
  '2026-01-01\n',
  '２０２６-01-01',
  '',
];
for (const text of NO_DATES) {
  test(`${JSON.stringify(text)} is no date`, () => {
    assert.equal(parseIsoDate(text), undefined);
    assert.throws(() => isoDate(text), { status: 400, code: 'validation_failed' });
  });
}

test('days are added over months, years and leap days, and taken away', () => {
  assert.equal(addDays(date('2026-01-31'), 1), '2026-02-01');
  assert.equal(addDays(date('2024-02-28'), 1), '2024-02-29');
  assert.equal(addDays(date('2025-02-28'), 1), '2025-03-01');
  assert.equal(addDays(date('2026-12-31'), 1), '2027-01-01');
  assert.equal(addDays(date('2026-01-01'), -1), '2025-12-31');
  assert.equal(addDays(date('2026-01-01'), 0), '2026-01-01');
  assert.equal(addDays(date('2024-01-01'), 366), '2025-01-01');
});

test('adding days agrees with Temporal over the whole calendar', () => {
  const days = fc.integer({ min: -400_000, max: 400_000 });
  const dates = fc.date({ min: new Date('1800-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(dates, days, (instant, count) => {
      const start = instant.toISOString().slice(0, 10);
      const expected = Temporal.PlainDate.from(start).add({ days: count }).toString();
      assert.equal(addDays(start as IsoDate, count), expected);
    }),
    { numRuns: propertyRuns(1000) },
  );
  assert.throws(() => addDays(date('2026-01-01'), 0.5));
});

test('years are added, and 29 February becomes the 28th in a common year', () => {
  assert.equal(addYears(date('2026-01-14'), -10), '2016-01-14');
  assert.equal(addYears(date('2024-02-29'), 1), '2025-02-28');
  assert.equal(addYears(date('2024-02-29'), 4), '2028-02-29');
  assert.equal(addYears(date('2024-02-29'), -1), '2023-02-28');
});

const AGES: [born: string, on: string, years: number][] = [
  ['2008-01-14', '2026-01-13', 17],
  ['2008-01-14', '2026-01-14', 18],
  ['2008-01-14', '2026-01-15', 18],
  ['2008-12-31', '2026-01-01', 17],
  ['2008-01-01', '2026-12-31', 18],
  // Somebody born on a leap day comes of age on 1 March of a common year.
  ['2008-02-29', '2026-02-28', 17],
  ['2008-02-29', '2026-03-01', 18],
  ['2008-02-29', '2028-02-28', 19],
  ['2008-02-29', '2028-02-29', 20],
  ['2026-01-14', '2026-01-14', 0],
];
for (const [born, on, years] of AGES) {
  test(`who is born on ${born} is ${years} on ${on}`, () => {
    assert.equal(ageInYears(date(born), date(on)), years);
  });
}

test('the date at an instant is that of the time zone, summer and winter', () => {
  assert.equal(dateAt(Date.UTC(2026, 0, 14, 22, 59, 59, 999), 'Europe/Berlin'), '2026-01-14');
  assert.equal(dateAt(Date.UTC(2026, 0, 14, 23), 'Europe/Berlin'), '2026-01-15');
  assert.equal(dateAt(Date.UTC(2026, 6, 14, 21, 59, 59, 999), 'Europe/Berlin'), '2026-07-14');
  assert.equal(dateAt(Date.UTC(2026, 6, 14, 22), 'Europe/Berlin'), '2026-07-15');
  assert.equal(dateAt(Date.UTC(2026, 0, 14, 12), 'Pacific/Kiritimati'), '2026-01-15');
  assert.equal(dateAt(Date.UTC(2026, 0, 14, 12), 'UTC'), '2026-01-14');
});

test('a time zone is one that the runtime knows', () => {
  assert.equal(isTimeZone('Europe/Berlin'), true);
  assert.equal(isTimeZone('UTC'), true);
  assert.equal(isTimeZone('Mars/Olympus'), false);
  assert.equal(isTimeZone(''), false);
});

test('an instant is written in UTC with milliseconds', () => {
  assert.equal(toIsoInstant(Date.UTC(2026, 0, 31, 23, 59, 59)), '2026-01-31T23:59:59.000Z');
  assert.equal(toIsoInstant(0), '1970-01-01T00:00:00.000Z');
});

test('a manual clock stands until it is set', () => {
  const clock = new ManualClock(5);
  assert.equal(clock.nowMs(), 5);
  clock.setMs(6);
  assert.equal(clock.nowMs(), 6);
  const startedMs = clock.monotonicMs();
  clock.skip(60_000);
  const passedMs = clock.monotonicMs() - startedMs;
  assert.ok(passedMs >= 60_000 && passedMs < 120_000, 'what it skips, and what passes meanwhile');
  assert.equal(clock.nowMs(), 6);
});
