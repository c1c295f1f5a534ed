import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LoanEvent, PREPAYMENT_STRATEGIES, type Reschedule } from '#features/loans/event.ts';
import { replay, undoLastRepayment } from '#features/loans/history.ts';
import { earnedLines, type LoanLine, type LoanSide } from '#features/loans/lines.ts';
import { Loan } from '#features/loans/loan.ts';
import { LoanProduct } from '#features/loans/products/loan-product.ts';
import { type ProductConditions, REPAYMENT_PARTS } from '#features/loans/products/product-conditions.ts';
import { computeSchedule } from '#features/loans/schedule/schedule.ts';
import { METHODS } from '#features/loans/schedule/terms.ts';
import { dueParts, type LoanState, owedParts, totalOf } from '#features/loans/state.ts';
import { isRefusal } from '#lib/errors.ts';
import type { AccountId, CustomerId, LoanId, LoanProductId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { DAY_COUNTS } from '#lib/money/day-count.ts';
import { addDays, type IsoDate, isoDate } from '#lib/time/dates.ts';
import { propertyRuns } from '#test/support/property-runs.ts';

const START = isoDate('2024-01-31');
const ACCOUNT = { accountId: 'account' as AccountId };

/** What is done to a loan, so many days after what was done before. */
type Step = { readonly days: number } & (
  | { readonly act: 'pay'; readonly share: number; readonly strategy: (typeof PREPAYMENT_STRATEGIES)[number] }
  | { readonly act: 'pay-due' | 'undo' | 'wait' }
  | { readonly act: 'reschedule'; readonly request: Reschedule }
);

const days = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 45 }) },
  fc.integer({ min: 0, max: 200 }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      days,
      act: fc.constant('pay' as const),
      share: fc.integer({ min: 1, max: 60 }),
      strategy: fc.constantFrom(...PREPAYMENT_STRATEGIES),
    }),
  },
  { weight: 3, arbitrary: fc.record({ days, act: fc.constant('pay-due' as const) }) },
  { weight: 1, arbitrary: fc.record({ days, act: fc.constantFrom('undo' as const, 'wait' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      days,
      act: fc.constant('reschedule' as const),
      request: fc.record(
        {
          annualRatePercent: fc.constantFrom('0', '3.5', '24'),
          instalments: fc.integer({ min: 1, max: 36 }),
          holidayInstalments: fc.integer({ min: 1, max: 3 }),
          reAge: fc.boolean(),
        },
        { requiredKeys: [] },
      ) as fc.Arbitrary<Reschedule>,
    }),
  },
);

const conditions = fc.record({
  method: fc.constantFrom(...METHODS),
  dayCount: fc.constantFrom(...DAY_COUNTS),
  interestPer: fc.constantFrom('day' as const, 'period' as const),
  every: fc.record({
    count: fc.integer({ min: 1, max: 3 }),
    unit: fc.constantFrom('month' as const, 'week' as const),
  }),
  monthEnd: fc.constantFrom('clamp' as const, 'roll' as const),
  instalmentMultiple: fc.constantFrom(undefined, undefined, '0.05', '1'),
  downPaymentPercent: fc.constantFrom(undefined, undefined, '20'),
  penaltyRatePercent: fc.constantFrom('0', '18', '700'),
  repaymentOrder: fc.shuffledSubarray([...REPAYMENT_PARTS], { minLength: REPAYMENT_PARTS.length }),
  arrearsAfterDays: fc.integer({ min: 0, max: 5 }),
  fees: fc.subarray([
    { kind: 'origination' as const, percent: '1.5' },
    { kind: 'instalment' as const, amount: '1.50' },
    { kind: 'late' as const, percent: '5', of: 'principal_and_interest' as const },
    { kind: 'late' as const, amount: '3' },
  ]),
});

const requests = fc.record({
  amount: fc.integer({ min: 100, max: 500_000 }).map((major) => `${major}.37`),
  annualRatePercent: fc.constantFrom('0', '6.5', '12', '29.99'),
  instalments: fc.integer({ min: 1, max: 36 }),
  gracePrincipal: fc.constantFrom(0, 0, 2),
  graceInterest: fc.constantFrom(0, 0, 1, 3),
  feesFrom: fc.constantFrom('amount' as const, 'account' as const),
});

type Conditions = typeof conditions extends fc.Arbitrary<infer T> ? T : never;
type Requested = typeof requests extends fc.Arbitrary<infer T> ? T : never;

/** A bank's ledger, as far as one loan knows it: debits of each line. */
class Books {
  readonly #balances = new Map<LoanSide, bigint>();

  post(lines: readonly LoanLine[], sign = 1n): void {
    for (const { debit, credit, amountMinor } of lines) {
      assert.ok(amountMinor > 0n, 'a line has a positive amount');
      this.#add(debit, sign * amountMinor);
      this.#add(credit, -sign * amountMinor);
    }
  }

  #add(side: LoanSide, amountMinor: bigint): void {
    this.#balances.set(side, this.balanceOf(side) + amountMinor);
  }

  balanceOf(side: LoanSide): bigint {
    return this.#balances.get(side) ?? 0n;
  }
}

/** On the day on which it is to be paid out. */
function applyFor(product: LoanProduct, requested: Requested): Loan {
  const { amount, feesFrom: _, ...rest } = requested;
  const request = {
    id: 'loan' as LoanId,
    customerId: 'customer' as CustomerId,
    accountId: ACCOUNT.accountId,
    externalId: undefined,
    requestedTerms: { ...rest, disbursedOn: START },
    directDebit: true,
    requestedMinor: BigInt(amount.replace('.', '')),
  };
  return Loan.apply(request, product, START);
}

/** A loan with its history and its books, to which things are done; after each the laws are held against it. */
class Story {
  readonly product: LoanProduct;
  readonly books = new Books();
  readonly events: LoanEvent[] = [];
  readonly paid: LoanLine[][] = [];
  state: LoanState;
  today: IsoDate = START;

  constructor(product: LoanProduct, requested: Requested) {
    this.product = product;
    const loan = applyFor(product, requested);
    loan.approve(undefined, START);
    this.books.post(loan.disburse(START, requested.feesFrom));
    this.state = loan.state;
    this.#keep(loan.state, loan.events, earnedLines(loan.earned));
  }

  #keep(state: LoanState, events: readonly LoanEvent[], earned: readonly LoanLine[]): void {
    this.state = state;
    this.events.push(...events);
    this.books.post(earned);
  }

  do(one: Step): void {
    this.today = addDays(this.today, one.days);
    if (one.act === 'undo') {
      this.#undo();
      return;
    }
    const loan = new Loan(this.state, this.product);
    loan.accrueTo(this.today);
    this.#act(loan, one);
    this.#keep(loan.state, loan.events, earnedLines(loan.earned));
  }

  #act(loan: Loan, one: Exclude<Step, { act: 'undo' }>): void {
    if (loan.state.status !== 'active' || one.act === 'wait') return;
    if (one.act === 'reschedule') {
      const { state } = loan;
      try {
        loan.reschedule(one.request, undefined, this.today);
      } catch (error) {
        assert.ok(isRefusal(error), String(error));
        assert.deepEqual(loan.state, state, 'a refused act leaves the loan as it was');
      }
      return;
    }
    const owed = totalOf(owedParts(loan.state));
    const due = totalOf(dueParts(loan.state));
    const amountMinor = one.act === 'pay' ? (owed * BigInt(one.share)) / 50n : due;
    if (amountMinor === 0n) return;
    const strategy = one.act === 'pay' ? one.strategy : 'shorten_term';
    const { state } = loan;
    try {
      const lines = loan.repay({ amountMinor, source: ACCOUNT, strategy }, this.today);
      this.books.post(lines);
      this.paid.push([...lines]);
    } catch (error) {
      assert.ok(amountMinor > owed && isRefusal(error), String(error));
      assert.deepEqual(loan.state, state, 'a refused act leaves the loan as it was');
    }
  }

  #undo(): void {
    try {
      const { state, events, earned } = undoLastRepayment(this, this.events, 'bounced', this.today);
      this.books.post(this.paid.pop()!, -1n);
      this.#keep(state, events, earnedLines(earned));
    } catch (error) {
      assert.ok(isRefusal(error), String(error));
    }
  }

  assertLaws(): void {
    const owed = owedParts(this.state);
    const { books } = this;
    assert.equal(books.balanceOf('loans'), owed.principalMinor, 'principal');
    assert.equal(books.balanceOf('interestReceivable'), owed.interestMinor, 'interest');
    assert.equal(books.balanceOf('feesReceivable'), owed.feesMinor, 'fees');
    assert.equal(books.balanceOf('penaltiesReceivable'), owed.penaltiesMinor, 'penalties');
    for (const part of [...Object.values(owed), ...this.state.unpaid.flatMap(itemParts)])
      assert.ok(part >= 0n);
    assert.ok(dueParts(this.state).principalMinor <= owed.principalMinor);
    assert.equal(this.state.status === 'closed', totalOf(owed) === 0n, this.state.status);
    this.#assertSchedule(owed.principalMinor - dueParts(this.state).principalMinor);
    const {
      lastEventNumber: _,
      provisionMinor: __,
      version: ___,
      ...again
    } = replay(this, this.events, this.state.accruedThrough).state;
    const { lastEventNumber: ____, provisionMinor: _____, version: ______, ...state } = this.state;
    assert.deepEqual(again, state, 'the loan is what its events make it');
  }

  /** What is not due falls due until the end, to the cent. */
  #assertSchedule(notDueMinor: bigint): void {
    const { terms, period, interestAccruedMinor } = this.state;
    if (terms === undefined || period === undefined) {
      assert.equal(notDueMinor, 0n);
      if (this.state.status === 'active') assert.equal(interestAccruedMinor, 0n);
      return;
    }
    const coming = computeSchedule(terms).rows.filter(({ number }) => number >= period.number);
    assert.equal(
      coming.reduce((sum, { principalMinor }) => sum + principalMinor, 0n),
      notDueMinor,
    );
    for (const { principalMinor, interestMinor } of coming) {
      assert.ok(principalMinor >= 0n && interestMinor >= 0n);
    }
  }

  /** Time passes without a payment until all is due, and what is owed then is paid at once. */
  end(): void {
    for (let count = 0; count < 80 && this.state.period !== undefined; count += 1) {
      this.do({ days: 366, act: 'wait' });
    }
    assert.equal(this.state.period, undefined, 'everything falls due');
    const loan = new Loan(this.state, this.product);
    if (loan.state.status !== 'active') return;
    const payoff = loan.payoffOn(this.today);
    const lines = loan.repay(
      { amountMinor: totalOf(payoff), source: ACCOUNT, strategy: 'shorten_term' },
      this.today,
    );
    this.books.post(lines);
    this.#keep(loan.state, loan.events, earnedLines(loan.earned));
  }
}

function itemParts(item: LoanState['unpaid'][number]): bigint[] {
  return [item.principalMinor, item.interestMinor, item.feesMinor];
}

function newProduct(more: Conditions): LoanProduct {
  return LoanProduct.define(
    'product' as LoanProductId,
    {
      name: 'Any loan',
      currency: 'EUR' as Currency,
      conditions: {
        amount: { min: '1', max: '10000000' },
        instalments: { min: 1, max: 600 },
        annualRatePercent: { min: '0', max: '100', default: '12' },
        gracePrincipal: { max: 12 },
        graceInterest: { max: 12 },
        ...(more as Partial<ProductConditions>),
      },
    },
    0,
  );
}

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
  let lived = 0;
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
      assert.equal(story.state.status, 'closed');
      const lent = story.state.approvedMinor;
      assert.equal(repaidOf(story.events), lent, 'the principal repaid is what was lent');
    }),
    { numRuns: RUNS, examples: FOUND_ONCE },
  );
  assert.ok(lived > RUNS / 2, `${lived} of ${RUNS} were paid out`);
});

test('an approval that the product refuses leaves the loan applied for', () => {
  const loan = applyFor(newProduct(PLAIN), { ...SMALL, annualRatePercent: '12', instalments: 3 });
  const { state } = loan;
  // Less than the product lends.
  assert.throws(() => loan.approve(99n, START), { code: 'amount_outside_product' });
  assert.deepEqual(loan.state, state);
});

function repaidOf(events: readonly LoanEvent[]): bigint {
  const sum = (kind: LoanEvent['kind']) =>
    events.reduce((total, event) => (event.kind === kind ? total + event.principalMinor : total), 0n);
  return sum('repaid') - sum('repayment_undone');
}
