import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type DayCount,
  days30European,
  days30Us,
  type YearSplit,
  yearFraction,
} from '#lib/money/day-count.ts';
import { compareFractions } from '#lib/money/fraction.ts';
import { isoDate } from '#lib/time/dates.ts';

function assertPart(
  [dayCount, from, to, yearSplit]: readonly [DayCount, string, string, YearSplit?],
  [numerator, denominator]: readonly [bigint, bigint],
): void {
  const part = yearFraction(dayCount, isoDate(from), isoDate(to), yearSplit);
  assert.equal(
    compareFractions(part, { numerator, denominator }),
    0,
    `${part.numerator}/${part.denominator}`,
  );
}

test('actual days are over 360 or 365, in leap years as well', () => {
  assertPart(['actual/360', '2024-01-01', '2024-03-01'], [60n, 360n]);
  assertPart(['actual/365', '2024-01-01', '2024-03-01'], [60n, 365n]);
  assertPart(['actual/365', '2024-01-01', '2025-01-01'], [366n, 365n]);
});

test('actual/actual counts each day over the days of its own year', () => {
  // The example of ISDA's memorandum of 1998: 61 days of 2003 and 121 of 2004.
  assertPart(['actual/actual', '2003-11-01', '2004-05-01'], [61n * 366n + 121n * 365n, 365n * 366n]);
  assertPart(['actual/actual', '2024-02-01', '2024-03-01'], [29n, 366n]);
  assertPart(['actual/actual', '2023-02-01', '2023-03-01'], [28n, 365n]);
  assertPart(
    ['actual/actual', '2021-07-01', '2024-07-01'],
    [184n * 366n + 182n * 365n + 2n * 365n * 366n, 365n * 366n],
  );
});

test('the split on 31 December counts that day to the new year', () => {
  const split = 'december_31';
  // 12 December to 12 January: 20 + 11 days, or 19 + 12.
  assertPart(['actual/actual', '2023-12-12', '2024-01-12'], [20n * 366n + 11n * 365n, 365n * 366n]);
  assertPart(['actual/actual', '2023-12-12', '2024-01-12', split], [19n * 366n + 12n * 365n, 365n * 366n]);
  assertPart(['actual/actual', '2023-12-31', '2024-12-31', split], [1n, 1n]);
  assertPart(['actual/actual', '2024-06-01', '2024-12-31', split], [213n, 366n]);
});

/** 30/360 as the US counts it and as Europe does: they part at the end of months. */
const THIRTY: readonly [from: string, to: string, us: number, european: number][] = [
  ['2024-01-15', '2024-07-15', 180, 180],
  ['2024-01-01', '2024-01-31', 30, 29],
  ['2024-01-30', '2024-01-31', 0, 0],
  ['2024-01-31', '2024-02-29', 29, 29],
  ['2024-02-29', '2024-03-31', 30, 31],
  ['2023-02-28', '2024-02-29', 360, 361],
  ['2023-02-28', '2023-03-15', 15, 17],
  ['2024-01-31', '2024-03-31', 60, 60],
  ['2024-03-29', '2024-03-31', 2, 1],
];

for (const [from, to, us, european] of THIRTY) {
  test(`from ${from} to ${to} there are ${us} days of 30/360 and ${european} of 30E/360`, () => {
    assert.equal(days30Us(isoDate(from), isoDate(to)), us);
    assert.equal(days30European(isoDate(from), isoDate(to)), european);
    assertPart(['30/360', from, to], [BigInt(us), 360n]);
    assertPart(['30E/360', from, to], [BigInt(european), 360n]);
  });
}
