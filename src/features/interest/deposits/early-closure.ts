import { unreachable } from '#lib/assert.ts';
import { divideRounded } from '#lib/money/fraction.ts';
import { daysBetween, wholeMonths } from '#lib/time/calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { MINOR_PARTS } from '../accrual/state.ts';
import { yearUnits } from '../accrual/year-units.ts';
import type { Term } from './maturity.ts';
import { atRate, depositAtMaturity, type TermDeposit } from './term-deposit.ts';

/**
 * Which rate counts for the days that a deposit was held: the one it was made at, the one that its term of those days had
 * on the price list then, or the lower of the two.
 */
export type ClosureRate = 'booked' | 'held_term' | 'lower';

/** What closing a deposit early costs. */
export type EarlyClosureTerms = {
  readonly rate: ClosureRate;
  /** Taken off that rate, in ppm; the rest is not below zero. */
  readonly penaltyPpm: bigint;
  /** Days of simple interest at the booked rate that are lost, whether they were earned or not. */
  readonly lostDays: number;
  /** The part of the interest that is forfeited, in ppm: a million is all of it. */
  readonly forfeitedPpm: bigint;
  /** Whether the penalty and interest that was paid out already may come out of the principal. */
  readonly reachesPrincipal: boolean;
};

export type EarlyClosure = TermDeposit & {
  readonly closedOn: IsoDate;
  readonly bookedPpm: bigint;
  /** The rate of the held term when the deposit was made; undefined where the list had none so short. */
  readonly heldTermPpm: bigint | undefined;
  /** Interest that was paid out before, in minor units. */
  readonly paidMinor: bigint;
  readonly closure: EarlyClosureTerms;
};

export type EarlyClosureResult = {
  readonly ratePpm: bigint;
  /** Interest of the days it was held, less what is forfeited. */
  readonly interestMinor: bigint;
  readonly forfeitedMinor: bigint;
  /** The days that are lost, as an amount. */
  readonly penaltyMinor: bigint;
  /** What is taken out of the principal: the penalty and interest that was paid, beyond what is due: all of it at most. */
  readonly recoveredMinor: bigint;
  readonly payoutMinor: bigint;
};

/**
 * What is paid out when a deposit is closed before its maturity. Interest is counted from the first day at the rate that
 * is left, by the deposit's own terms, and rounded once. Amounts are before tax.
 */
export function closeEarly(deposit: EarlyClosure): EarlyClosureResult {
  const { principalMinor, flows, openedOn, closedOn, terms, closure, paidMinor } = deposit;
  const ratePpm = effectiveRate(deposit);
  const earnedMinor =
    openedOn === closedOn
      ? 0n
      : depositAtMaturity({
          principalMinor,
          flows,
          openedOn,
          maturesOn: closedOn,
          terms: { ...atRate(terms, ratePpm), posting: 'maturity', periodsFrom: 'opening' },
        }).interestMinor;
  const forfeitedMinor = divideRounded(earnedMinor * closure.forfeitedPpm, 1_000_000n, terms.rounding);
  const interestMinor = earnedMinor - forfeitedMinor;
  const penaltyMinor = lostInterest(deposit);
  const dueMinor = interestMinor - penaltyMinor - paidMinor;
  const recoveredMinor = dueMinor < 0n && closure.reachesPrincipal ? least(-dueMinor, principalMinor) : 0n;
  return {
    ratePpm,
    interestMinor,
    forfeitedMinor,
    penaltyMinor,
    recoveredMinor,
    payoutMinor: principalMinor + (dueMinor > 0n ? dueMinor : 0n) - recoveredMinor,
  };
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function effectiveRate({ bookedPpm, heldTermPpm = 0n, closure }: EarlyClosure): bigint {
  const reduced = baseRate(closure, bookedPpm, heldTermPpm) - closure.penaltyPpm;
  return reduced > 0n ? reduced : 0n;
}

function baseRate({ rate }: EarlyClosureTerms, bookedPpm: bigint, heldTermPpm: bigint): bigint {
  switch (rate) {
    case 'booked':
      return bookedPpm;
    case 'held_term':
      return heldTermPpm;
    case 'lower':
      return heldTermPpm < bookedPpm ? heldTermPpm : bookedPpm;
    default:
      return unreachable(rate);
  }
}

/** Simple interest of the lost days on the principal, by the day count of the first of them. */
function lostInterest({ principalMinor, openedOn, bookedPpm, terms, closure }: EarlyClosure): bigint {
  if (closure.lostDays === 0) return 0n;
  const origin = { periodFrom: openedOn, openedOn };
  const units = yearUnits(terms, origin, openedOn, addDays(openedOn, closure.lostDays));
  return divideRounded(principalMinor * bookedPpm * BigInt(units), MINOR_PARTS, terms.rounding);
}

/** The term for which a deposit was held, in the unit of its own: whole months, or days. Undefined for less than one. */
export function heldTerm(unit: Term['unit'], openedOn: IsoDate, closedOn: IsoDate): Term | undefined {
  const count = unit === 'day' ? daysBetween(openedOn, closedOn) : wholeMonths(openedOn, closedOn);
  return count > 0 ? { unit, count } : undefined;
}
