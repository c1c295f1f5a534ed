import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocate } from '#features/loans/allocation.ts';
import { daysPastDue } from '#features/loans/arrears.ts';
import type { ServicingPolicy } from '#features/loans/products/product-conditions.ts';
import type { UnpaidItem } from '#features/loans/state.ts';
import type { IsoDate } from '#lib/time/dates.ts';

const item = (number: number, dueOn: string, principalMinor: bigint, interestMinor = 0n): UnpaidItem => ({
  number,
  dueOn: dueOn as IsoDate,
  principalMinor,
  interestMinor,
  feesMinor: 0n,
});

const JANUARY = item(1, '2026-01-31', 100n, 10n);
const FEBRUARY = item(2, '2026-02-28', 200n, 20n);

test('of each part the oldest instalment is paid first', () => {
  const due = { unpaid: [JANUARY, FEBRUARY], penaltiesDueMinor: 0n };
  const { paid, unpaid, restMinor } = allocate(130n, due, {
    repaymentOrder: ['penalty', 'fee', 'interest', 'principal'],
    allocation: 'by_part',
  });
  assert.deepEqual([paid.interestMinor, paid.principalMinor, restMinor], [30n, 100n, 0n]);
  assert.deepEqual(unpaid, [{ ...FEBRUARY, interestMinor: 0n }]);
});

test('a part of the oldest instalment is left before anything of the next is paid', () => {
  const due = { unpaid: [JANUARY, FEBRUARY], penaltiesDueMinor: 0n };
  const { unpaid } = allocate(99n, due, {
    repaymentOrder: ['principal', 'interest', 'fee', 'penalty'],
    allocation: 'by_part',
  });
  assert.deepEqual(unpaid, [{ ...JANUARY, principalMinor: 1n }, FEBRUARY]);
});

test('or all of the oldest instalment is paid before anything of the next', () => {
  const due = { unpaid: [JANUARY, FEBRUARY], penaltiesDueMinor: 7n };
  const order = ['penalty', 'fee', 'interest', 'principal'] as const;
  const rows = { repaymentOrder: order, allocation: 'oldest_row_first' } as const;
  const { paid, unpaid, restMinor } = allocate(137n, due, rows);
  assert.deepEqual(paid, { principalMinor: 100n, interestMinor: 30n, feesMinor: 0n, penaltiesMinor: 7n });
  assert.deepEqual(unpaid, [{ ...FEBRUARY, interestMinor: 0n }]);
  assert.equal(restMinor, 0n);
  const last = { ...rows, repaymentOrder: ['fee', 'interest', 'principal', 'penalty'] as const };
  assert.equal(allocate(110n, due, last).penaltiesDueMinor, 7n);
  assert.deepEqual(allocate(337n, due, last).unpaid, []);
});

/** 50 minor units and three days are tolerated; nothing else of a policy counts here. */
const POLICY: ServicingPolicy = {
  lateFees: [],
  penaltyRate: { numerator: 0n, denominator: 1n },
  repaymentOrder: ['penalty', 'fee', 'interest', 'principal'],
  allocation: 'by_part',
  dueDates: { rule: 'same', interestTo: 'nominal' },
  earlyMoney: 'shorten_term',
  sparesPaidInGrace: true,
  arrearsOf: 'principal_and_interest',
  overpayment: 'refuse',
  arrearsToleranceMinor: 50n,
  arrearsAfterDays: 3,
  valueDateDays: 31,
  nonAccrualAfterDays: undefined,
  hasTranches: false,
  prepaymentFee: undefined,
  providesForInterest: false,
  provisioning: {
    current: { numerator: 0n, denominator: 1n },
    days1To30: { numerator: 0n, denominator: 1n },
    days31To60: { numerator: 0n, denominator: 1n },
    days61To90: { numerator: 0n, denominator: 1n },
    over90: { numerator: 0n, denominator: 1n },
  },
};

const ARREARS: readonly (readonly [string, UnpaidItem[], string, number])[] = [
  ['nothing is due', [], '2026-03-31', 0],
  ['only a fee is left', [{ ...item(1, '2026-01-31', 0n), feesMinor: 1000n }], '2026-06-30', 0],
  ['the due date itself is not late', [JANUARY], '2026-01-31', 0],
  ['one unit under the tolerance', [item(1, '2026-01-31', 49n)], '2026-02-28', 0],
  ['exactly the tolerance', [item(1, '2026-01-31', 50n)], '2026-02-28', 0],
  ['one unit over the tolerance', [item(1, '2026-01-31', 51n)], '2026-02-28', 28],
  [
    'two that only together are over it',
    [item(1, '2026-01-31', 30n), item(2, '2026-02-10', 30n)],
    '2026-02-28',
    28,
  ],
  ['as many days late as are tolerated', [JANUARY], '2026-02-03', 0],
  ['a day later', [JANUARY], '2026-02-04', 4],
];
for (const [what, unpaid, on, days] of ARREARS) {
  test(`days in arrears: ${what}`, () => assert.equal(daysPastDue({ unpaid }, POLICY, on as IsoDate), days));
}
