import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { relive } from '#features/loans/life.ts';
import { REPAYMENT_PARTS } from '#features/loans/products/product-conditions.ts';
import { isRefusal } from '#lib/errors.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { applyFor, Story } from './loan-story.ts';
import {
  type Conditions,
  conditions,
  newProduct,
  type Requested,
  requests,
  START,
  type Step,
  step,
} from './random-lives.ts';

const RUNS = propertyRuns(200);

const PLAIN: Conditions = {
  method: 'annuity',
  dayCount: '30/360',
  interestPer: 'day',
  every: { count: 1, unit: 'month' },
  monthEnd: 'clamp',
  instalmentMultiple: undefined,
  downPaymentPercent: undefined,
  penaltyRatePercent: '0',
  repaymentOrder: [...REPAYMENT_PARTS],
  arrearsAfterDays: 0,
  allocation: 'by_part',
  lateFeeRule: 'unless_paid_in_grace',
  fees: [],
};
const SMALL = { amount: '100.37', gracePrincipal: 0, graceInterest: 0, feesFrom: 'amount' } as const;

/** What long runs found, smallest first. */
const FOUND_ONCE: [Conditions, Requested, Step[]][] = [
  // A refused reschedule left what was overdue re-aged.
  [
    PLAIN,
    { ...SMALL, annualRatePercent: '12', instalments: 3, gracePrincipal: 2 },
    [{ days: 29, act: 'reschedule', request: { instalments: 1, reAge: true } }],
  ],
  // Repaid within its grace, a loan never asked for the interest that the grace had deferred.
  [
    PLAIN,
    { ...SMALL, annualRatePercent: '6.5', instalments: 4, graceInterest: 3 },
    [
      { days: 0, act: 'pay', share: 25, strategy: 'shorten_term' },
      { days: 60, act: 'pay', share: 1, strategy: 'shorten_term' },
    ],
  ],
];

test('whatever happens to a loan, its books agree with it, nothing is below zero, and its events make it again', () => {
  let [lived, undone, backdated] = [0, 0, 0];
  fc.assert(
    fc.property(conditions, requests, fc.array(step, { maxLength: 12 }), (more, requested, steps) => {
      let story: Story;
      try {
        story = new Story(newProduct(more), requested);
      } catch (error) {
        assert.ok(isRefusal(error), String(error));
        return;
      }
      lived += 1;
      story.assertLaws();
      for (const one of steps) {
        story.do(one);
        story.assertLaws();
      }
      story.end();
      story.assertLaws();
      const { status, approvedMinor } = story.state;
      if (status === 'closed') assert.equal(repaidOf(story), approvedMinor, 'what was lent is repaid');
      else assert.ok(['approved', 'charged_off'].includes(status), status);
      if (story.events.some(({ details }) => details.undoes !== undefined)) undone += 1;
      if (story.events.some(({ details }) => details.isBackdated)) backdated += 1;
    }),
    { numRuns: RUNS, examples: FOUND_ONCE },
  );
  assert.ok(lived > RUNS / 2, `${lived} of ${RUNS} were paid out`);
  assert.ok(undone > RUNS / 50 && backdated > RUNS / 50, `${undone} undone, ${backdated} dated back`);
});

test('an approval that the product refuses leaves the loan applied for', () => {
  const loan = applyFor(newProduct(PLAIN), { ...SMALL, annualRatePercent: '12', instalments: 3 });
  const { state } = loan;
  // Less than the product lends.
  assert.throws(() => loan.approve(99n, START), { code: 'amount_outside_product' });
  assert.deepEqual(loan.state, state);
});

function repaidOf({ state, product, events }: Story): bigint {
  const happened = relive({ state, product }, events, state.accruedThrough).steps.flatMap(
    (step) => step.happened,
  );
  return happened.reduce(
    (sum, { kind, principalMinor }) =>
      kind === 'repaid' || kind === 'paid_ahead' ? sum + principalMinor : sum,
    0n,
  );
}
