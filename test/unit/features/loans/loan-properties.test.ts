import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertValueDate } from '#features/loans/bounds.ts';
import { correct, isUndoable, undoing } from '#features/loans/correction.ts';
import { repaidOn } from '#features/loans/corrections.ts';
import {
  isLoanFact,
  type LoanEvent,
  PREPAYMENT_STRATEGIES,
  type Reschedule,
  WAIVED_PARTS,
} from '#features/loans/event.ts';
import { Footprint, type Move } from '#features/loans/footprint.ts';
import { replay } from '#features/loans/history.ts';
import { relive } from '#features/loans/life.ts';
import { earnedLines, type LoanLine } from '#features/loans/lines.ts';
import { Loan } from '#features/loans/loan.ts';
import { LoanProduct } from '#features/loans/products/loan-product.ts';
import {
  ALLOCATIONS,
  LATE_FEE_RULES,
  type ProductConditions,
  REPAYMENT_PARTS,
} from '#features/loans/products/product-conditions.ts';
import { computeSchedule } from '#features/loans/schedule/schedule.ts';
import { METHODS } from '#features/loans/schedule/terms.ts';
import { dueParts, type LoanState, owedParts, totalOf } from '#features/loans/state.ts';
import { CHART } from '#ledger/chart.ts';
import { isRefusal } from '#lib/errors.ts';
import type { AccountId, CustomerId, LoanId, LoanProductId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { DAY_COUNTS } from '#lib/money/day-count.ts';
import { addDays, type IsoDate, isoDate } from '#lib/time/dates.ts';
import { propertyRuns } from '#test/support/property-runs.ts';

const START = isoDate('2024-01-31');
const ACCOUNT = { accountId: 'account' as AccountId };
const MONEY = { ...ACCOUNT, source: 'cash' } as const;

/** What is done to a loan, so many days after what was done before. */
type Step = { readonly days: number } & (
  | { readonly act: 'pay'; readonly share: number; readonly strategy: (typeof PREPAYMENT_STRATEGIES)[number] }
  | { readonly act: 'pay-earlier'; readonly share: number; readonly back: number }
  | { readonly act: 'undo'; readonly which: number }
  | { readonly act: 'waive'; readonly part: (typeof WAIVED_PARTS)[number] }
  | { readonly act: 'pay-due' | 'charge' | 'lose' | 'wait' }
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
  {
    weight: 1,
    arbitrary: fc.record({
      days,
      act: fc.constantFrom('wait' as const, 'charge' as const, 'lose' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      days: fc.integer({ min: 0, max: 40 }),
      act: fc.constant('undo' as const),
      which: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      days: fc.integer({ min: 0, max: 40 }),
      act: fc.constant('pay-earlier' as const),
      share: fc.integer({ min: 1, max: 30 }),
      back: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      days,
      act: fc.constant('waive' as const),
      part: fc.constantFrom(...WAIVED_PARTS),
    }),
  },
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
  allocation: fc.constantFrom(...ALLOCATIONS),
  lateFeeRule: fc.constantFrom(...LATE_FEE_RULES),
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

/** A bank's ledger, as far as one loan knows it. */
class Books extends Footprint {
  post(lines: readonly LoanLine[]): void {
    for (const { amountMinor } of lines) assert.ok(amountMinor > 0n, 'a line has a positive amount');
    this.addLines(lines, MONEY);
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
  /** What an action posted, by its number. */
  readonly posted = new Map<number, readonly LoanLine[]>();
  state: LoanState;
  today: IsoDate = START;

  constructor(product: LoanProduct, requested: Requested) {
    this.product = product;
    const loan = applyFor(product, requested);
    loan.approve(undefined, START);
    this.#keep(loan, loan.disburse(START, requested.feesFrom));
    this.state = loan.state;
  }

  #keep(loan: Loan, lines: readonly LoanLine[]): void {
    this.state = loan.state;
    this.events.push(...loan.events);
    this.books.post(earnedLines(loan.earned));
    this.books.post(lines);
    const action = loan.events.findLast(({ kind }) => !isLoanFact(kind));
    if (action !== undefined) this.posted.set(action.number, lines);
  }

  do(one: Step): void {
    this.today = addDays(this.today, one.days);
    const loan = new Loan(this.state, this.product);
    loan.accrueTo(this.today);
    const { state } = loan;
    try {
      if (one.act === 'undo') this.#undo(loan, one.which);
      else if (one.act === 'pay-earlier') this.#payEarlier(loan, one);
      else this.#keep(loan, loan.state.status === 'active' ? this.#act(loan, one) : []);
    } catch (error) {
      assert.ok(isRefusal(error), String(error));
      assert.deepEqual(loan.state, state, 'a refused act leaves the loan as it was');
      this.#keep(loan, []);
    }
  }

  #act(loan: Loan, one: Exclude<Step, { act: 'undo' | 'pay-earlier' }>): readonly LoanLine[] {
    const owed = totalOf(owedParts(loan.state));
    switch (one.act) {
      case 'wait':
        return [];
      case 'charge':
        return loan.charge(777n, 'a letter', this.today);
      case 'waive':
        return loan.waive(one.part, undefined, 'goodwill', this.today);
      case 'lose':
        return loan.chargeOff('gone', this.today);
      case 'reschedule':
        loan.reschedule(one.request, undefined, this.today);
        return [];
      case 'pay':
      case 'pay-due': {
        const due = totalOf(dueParts(loan.state));
        const amountMinor = one.act === 'pay' ? (owed * BigInt(one.share)) / 50n : due;
        const strategy = one.act === 'pay' ? one.strategy : 'shorten_term';
        if (amountMinor === 0n) return [];
        return loan.repay({ amountMinor, source: 'cash', strategy }, this.today);
      }
    }
  }

  #payEarlier(loan: Loan, { share, back }: { share: number; back: number }): void {
    const on = addDays(this.today, -back);
    assertValueDate(loan, on, this.today);
    const amountMinor = (totalOf(owedParts(loan.state)) * BigInt(share)) / 50n;
    if (amountMinor === 0n) {
      this.#keep(loan, []);
      return;
    }
    const events = [...this.events, ...loan.events];
    const repayment = { amountMinor, source: 'cash', strategy: 'lower_instalment' } as const;
    const dates = { on, today: this.today };
    const { state, adjustment = [], payment, events: made } = repaidOn(loan, events, repayment, dates);
    this.#correct(loan, state, made.at(-1)!, adjustment);
    this.books.post(payment.lines);
    this.posted.set(state.lastEventNumber, payment.lines);
  }

  #undo(loan: Loan, which: number): void {
    const able = this.events.filter((event) => isUndoable(this.events, event));
    const target = able.at(-which);
    if (target === undefined) {
      this.#keep(loan, []);
      return;
    }
    const events = [...this.events, ...loan.events];
    const correcting = undoing(this.events, { ...target, bookedOn: target.on }, 'bounced', this.today);
    const own = new Footprint().addLines(this.posted.get(target.number) ?? [], MONEY).moves.map(turned);
    const living = { state: loan.state, product: this.product };
    const { state, event, moves } = correct(living, events, correcting, () => ({ moves: own }), this.today);
    this.#correct(loan, state, event, moves);
    this.books.add(own);
  }

  #correct(loan: Loan, state: LoanState, event: LoanEvent, moves: readonly Move[]): void {
    this.#keep(loan, []);
    this.books.add(moves);
    this.events.push(event);
    this.state = state;
  }

  assertLaws(): void {
    const owed = owedParts(this.state);
    const { books } = this;
    assert.equal(books.at(CHART.loans), owed.principalMinor, 'principal');
    assert.equal(books.at(CHART.loanInterestReceivable), owed.interestMinor, 'interest');
    assert.equal(books.at(CHART.loanFeesReceivable), owed.feesMinor, 'fees');
    assert.equal(books.at(CHART.loanPenaltiesReceivable), owed.penaltiesMinor, 'penalties');
    assert.equal(books.at(CHART.loanInstalmentsAhead), -this.state.paidAheadMinor, 'paid ahead');
    assert.ok(this.state.paidAheadMinor === 0n || totalOf(owed) > this.state.paidAheadMinor);
    const life = relive(this, this.events, this.state.accruedThrough).footprint;
    assert.deepEqual(books.since(life), [], 'the books have what its life posts');
    for (const part of [...Object.values(owed), ...this.state.unpaid.flatMap(itemParts)])
      assert.ok(part >= 0n);
    assert.ok(dueParts(this.state).principalMinor <= owed.principalMinor);
    const isOver = ['approved', 'closed', 'charged_off'].includes(this.state.status);
    assert.equal(isOver, totalOf(owed) === 0n, this.state.status);
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
    const amountMinor = totalOf(loan.payoffOn(this.today));
    this.#keep(loan, loan.repay({ amountMinor, source: 'cash', strategy: 'shorten_term' }, this.today));
  }
}

function turned({ debit, credit, amountMinor }: Move): Move {
  return { debit: credit, credit: debit, amountMinor };
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
  assert.ok(undone > RUNS / 20 && backdated > RUNS / 20, `${undone} undone, ${backdated} dated back`);
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
