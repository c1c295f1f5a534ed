import { assert } from '#lib/assert.ts';
import { roundFraction } from '#lib/money/fraction.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { dueOf } from './allocation.ts';
import { type IncomeTurn, incomeTurn, possibleTurns } from './non-accrual.ts';
import { aheadApplied, lateOn, penaltyRunOf, principalDueOf } from './overdue.ts';
import { interestThrough, periodAt } from './period.ts';
import type { ServicingPolicy } from './products/product-conditions.ts';
import { chargeOn } from './schedule/fees.ts';
import { payableOn } from './schedule/periods.ts';
import { MAX_INSTALMENTS } from './schedule/read-terms.ts';
import { addParts, type LoanParts, type LoanState, NO_PARTS, totalOf, type UnpaidItem } from './state.ts';

/** The bank's earnings on a loan, and the change of its provision; negative where earnings are reversed. */
export type Earned = {
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
  readonly penaltiesMinor: bigint;
  /** By how much the provision changed. */
  readonly provisionMinor: bigint;
  /** What was paid ahead and has paid amounts that fell due. */
  readonly applied: LoanParts;
};

export const NOTHING_EARNED: Earned = {
  interestMinor: 0n,
  feesMinor: 0n,
  penaltiesMinor: 0n,
  provisionMinor: 0n,
  applied: NO_PARTS,
};

/** An event that follows as time passes: a row of the schedule fell due, or was charged a late fee, for instance. */
export type LoanFact = {
  readonly kind: 'fell_due' | 'late_fee' | 'paid_ahead' | IncomeTurn['kind'];
  readonly on: IsoDate;
  /** None where the loan stops or goes on to earn. */
  readonly row: number | undefined;
  readonly parts: LoanParts;
  /** The loan at that time. */
  readonly after: LoanState;
};

export type Advanced = {
  readonly state: LoanState;
  readonly earned: Earned;
  readonly facts: readonly LoanFact[];
};

/** A loan as it is at the end of a date: what is shown of it, and what a repayment on that date takes. */
export function stateAsOf(state: LoanState, policy: ServicingPolicy, date: IsoDate): LoanState {
  return state.status === 'active' ? advance(state, policy, date).state : state;
}

/** Each instalment falls due once and is late once; those of earlier versions of the schedule may be late too. */
const MAX_STEPS = 4 * MAX_INSTALMENTS;

/** A year's days for penalty interest: actual/365. */
const PENALTY_YEAR_DAYS = 365n;

/**
 * An active loan at the end of a later date, if nothing is paid until then: with interest and penalty interest to the
 * date, the instalments due by it, and late fees.
 */
export function advance(state: LoanState, policy: ServicingPolicy, to: IsoDate): Advanced {
  assert(state.accruedThrough !== undefined, 'interest runs on a loan that is paid out');
  if (to <= state.accruedThrough) return { state, earned: NOTHING_EARNED, facts: [] };
  const accrual = new LoanAccrual(state, policy);
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    if (accrual.advance(to)) return accrual;
  }
  assert(false, 'what happens to a loan until a date is finite');
}

class LoanAccrual implements Advanced {
  readonly #policy: ServicingPolicy;
  #state: LoanState;
  #earned: Earned = NOTHING_EARNED;
  readonly facts: LoanFact[] = [];

  constructor(state: LoanState, policy: ServicingPolicy) {
    this.#state = state;
    this.#policy = policy;
  }

  get state(): LoanState {
    return this.#state;
  }

  get earned(): Earned {
    return this.#earned;
  }

  /** Advances to the next date with an event, or to the last date; then it is done. */
  advance(last: IsoDate): boolean {
    const { accruedThrough, period } = this.#state;
    const late =
      this.#policy.lateFees.length === 0 ? [] : this.#state.unpaid.map((item) => this.#lateOn(item));
    let date = last;
    const turns = possibleTurns(this.#state, this.#policy);
    for (const one of [...late, ...turns, period === undefined ? last : payableOn(period)]) {
      if (accruedThrough !== undefined && one > accruedThrough && one < date) date = one;
    }
    this.#earn(date);
    const { period: next } = this.#state;
    if (next !== undefined && payableOn(next) === date) this.#fallDue();
    if (late.includes(date)) this.#chargeLateFees(date);
    this.#turn(date);
    return date === last;
  }

  #earn(date: IsoDate): void {
    const { period, terms, interestAccruedMinor } = this.#state;
    if (period !== undefined && terms !== undefined) {
      const accruedMinor = interestThrough(terms, period, date);
      const earnedMinor = accruedMinor - period.accruedMinor;
      this.#change({
        period: { ...period, accruedMinor },
        interestAccruedMinor: interestAccruedMinor + earnedMinor,
      });
      if (this.#earnsIncome) this.#add({ interestMinor: earnedMinor });
    }
    this.#earnPenalty(date);
    this.#change({ accruedThrough: date });
  }

  #earnPenalty(date: IsoDate): void {
    const { penaltyRun, unpaid, terms, penaltiesDueMinor } = this.#state;
    if (penaltyRun === undefined || terms === undefined) return;
    const { numerator, denominator } = this.#policy.penaltyRate;
    const days = BigInt(daysBetween(penaltyRun.from, date));
    const exact = {
      numerator: principalDueOf(unpaid) * numerator * days,
      denominator: denominator * PENALTY_YEAR_DAYS,
    };
    const accruedMinor = roundFraction(exact, terms.rounding);
    const earnedMinor = accruedMinor - penaltyRun.accruedMinor;
    this.#change({
      penaltyRun: { ...penaltyRun, accruedMinor },
      penaltiesDueMinor: penaltiesDueMinor + earnedMinor,
    });
    if (this.#earnsIncome) this.#add({ penaltiesMinor: earnedMinor });
  }

  #fallDue(): void {
    const { period, terms, unpaid, interestAccruedMinor } = this.#state;
    assert(period !== undefined && terms !== undefined, 'an instalment falls due');
    const { number, principalMinor, interestMinor, feesMinor } = period;
    const dueOn = payableOn(period);
    const parts = { principalMinor, interestMinor, feesMinor };
    const grace = this.#policy.sparesPaidInGrace ? { inGraceMinor: dueOf(parts) } : {};
    const item = { number, dueOn, ...parts, ...grace };
    const items = dueOf(item) > 0n ? [...unpaid, item] : unpaid;
    this.#change({
      period: periodAt(terms, period.index + 1),
      interestAccruedMinor: interestAccruedMinor - interestMinor,
      unpaid: items,
      penaltyRun: principalMinor > 0n ? penaltyRunOf(items, this.#policy, dueOn) : this.#state.penaltyRun,
    });
    this.#add({ feesMinor });
    const fallen = { ...parts, penaltiesMinor: 0n };
    this.facts.push({ kind: 'fell_due', on: dueOn, row: number, parts: fallen, after: this.#state });
    this.#applyAhead(number, dueOn);
  }

  #applyAhead(row: number, on: IsoDate): void {
    if (this.#state.paidAheadMinor === 0n) return;
    const { state, applied } = aheadApplied(this.#state, this.#policy, on);
    this.#change(state);
    this.#add({ applied });
    if (!this.#earnsIncome) this.#add(incomeOf(applied));
    if (totalOf(applied) === 0n) return;
    this.facts.push({ kind: 'paid_ahead', on, row, parts: applied, after: this.#state });
  }

  get #earnsIncome(): boolean {
    return this.#state.nonAccrualSince === undefined;
  }

  #turn(date: IsoDate): void {
    const turn = incomeTurn(this.#state, this.#policy, date);
    if (turn === undefined) return;
    const { kind, nonAccrualSince, parts } = turn;
    this.#change({ nonAccrualSince });
    this.#add(turnedIncome(turn));
    this.facts.push({ kind, on: date, row: undefined, parts, after: this.#state });
  }

  #chargeLateFees(date: IsoDate): void {
    for (const item of this.#state.unpaid) {
      if (this.#lateOn(item) !== date) continue;
      const feesMinor = this.#lateFeeOf(item);
      if (feesMinor === 0n) continue;
      const charged = { ...item, feesMinor: item.feesMinor + feesMinor };
      this.#change({ unpaid: this.#state.unpaid.map((one) => (one === item ? charged : one)) });
      this.#add({ feesMinor });
      const parts = { ...NO_PARTS, feesMinor };
      this.facts.push({ kind: 'late_fee', on: date, row: item.number, parts, after: this.#state });
    }
  }

  /** On the overdue part of an instalment, if it is above the tolerance and was not received whole within its grace. */
  #lateFeeOf(item: UnpaidItem): bigint {
    const { terms } = this.#state;
    const { lateFees, arrearsToleranceMinor } = this.#policy;
    const isInstalment = item.principalMinor + item.interestMinor > 0n;
    if (!isInstalment || item.inGraceMinor === 0n) return 0n;
    if (dueOf(item) <= arrearsToleranceMinor || terms === undefined) return 0n;
    return lateFees.reduce((sum, charge) => sum + chargeOn(charge, item, terms.rounding), 0n);
  }

  #lateOn(item: UnpaidItem): IsoDate {
    return lateOn(item, this.#policy);
  }

  #add(more: Partial<Earned>): void {
    this.#earned = addEarned(this.#earned, { ...NOTHING_EARNED, ...more });
  }

  #change(change: Partial<LoanState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

/** Interest and penalty interest that are paid, as income of the day. */
export function incomeOf({ interestMinor, penaltiesMinor }: LoanParts): Partial<Earned> {
  return { interestMinor, penaltiesMinor };
}

/** What is turned back when a loan stops to earn, and earned when it goes on. */
export function turnedIncome({ kind, parts }: IncomeTurn): Partial<Earned> {
  if (kind === 'income_resumed') return incomeOf(parts);
  return { interestMinor: -parts.interestMinor, penaltiesMinor: -parts.penaltiesMinor };
}

export function addEarned(one: Earned, other: Earned): Earned {
  return {
    interestMinor: one.interestMinor + other.interestMinor,
    feesMinor: one.feesMinor + other.feesMinor,
    penaltiesMinor: one.penaltiesMinor + other.penaltiesMinor,
    provisionMinor: one.provisionMinor + other.provisionMinor,
    applied: addParts(one.applied, other.applied),
  };
}
