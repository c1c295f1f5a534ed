import { assert } from '#lib/assert.ts';
import { divideRounded } from '#lib/money/fraction.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { DayRates } from '../terms/day-rates.ts';
import { withDays } from './basis.ts';
import { compound } from './compounding.ts';
import { basisDate, compoundingDate } from './periods.ts';
import { type AccrualState, type Accrued, addInterest, MINOR_PARTS } from './state.ts';
import { yearUnits } from './year-units.ts';
import { ratedParts } from './yearly.ts';

/** A balance at the end of a day, by value date, and the overdraft that is arranged on that day. Minor units. */
export type DayBalance = { readonly balanceMinor: bigint; readonly arrangedLimitMinor?: bigint };

/**
 * The state after one more day. Interest joins what earns interest at the end of a compounding period; posting is left to
 * the caller (postInterest). A year day by day comes to the same as a year in one jump.
 */
export function accrueDay(state: AccrualState, balance: DayBalance, rates: DayRates): AccrualState {
  return accrueUntil(state, state.nextOn, balance, rates);
}

/** The state after the days up to a date, inclusive, on one balance and the same rates. */
export function accrueUntil(
  state: AccrualState,
  to: IsoDate,
  balance: DayBalance,
  rates: DayRates,
): AccrualState {
  assert(to >= state.nextOn, 'a day accrues once');
  let accrued = state;
  // At most a step for each day.
  while (accrued.nextOn <= to) {
    const { end, isPeriodEnd } = nextEnd(accrued, to, rates);
    accrued = accrueStretch(accrued, end, balance, rates);
    if (isPeriodEnd) accrued = compound(accrued, end, rates);
  }
  return accrued;
}

/** The end of a stretch without a period's end before it. */
function nextEnd(
  { nextOn, openedOn }: AccrualState,
  to: IsoDate,
  { terms }: DayRates,
): { readonly end: IsoDate; readonly isPeriodEnd: boolean } {
  const compounding = compoundingDate(nextOn, terms, openedOn);
  const basis = basisDate(nextOn, terms, openedOn);
  let end = to;
  if (compounding !== undefined && compounding < end) end = compounding;
  if (basis !== undefined && basis < end) end = basis;
  return { end, isPeriodEnd: end === compounding || end === basis };
}

/** The same within a period of compounding and of the balance that earns, whose end is the caller's (compound). */
export function accrueStretch(
  state: AccrualState,
  to: IsoDate,
  day: DayBalance,
  rates: DayRates,
): AccrualState {
  const { terms } = rates;
  const { balanceMinor } = day;
  const until = addDays(to, 1);
  const units = yearUnits(terms, state, state.nextOn, until);
  if (balanceMinor < 0n) {
    const basis =
      terms.basis === 'end_of_day' ? state.basis : withDays(state, to, balanceMinor, rates, units);
    return { ...state, ...debit(state, day, rates, BigInt(units)), basis, nextOn: until };
  }
  if (terms.basis !== 'end_of_day') {
    return { ...state, basis: withDays(state, to, balanceMinor, rates, units), nextOn: until };
  }
  if (balanceMinor === 0n || balanceMinor < terms.minimumBalanceMinor) return { ...state, nextOn: until };
  const credit =
    terms.roundedPer === 'day'
      ? [dayByDay(state, to, balanceMinor, rates)]
      : addToTiers(state, balanceMinor, rates, BigInt(units));
  return { ...state, credit, nextOn: until };
}

function addToTiers(
  { credit }: AccrualState,
  balanceMinor: bigint,
  rates: DayRates,
  units: bigint,
): Accrued[] {
  const parts = ratedParts(rates, balanceMinor, 1n);
  const added = parts.map(({ amount, ratePpm }, tier) => addInterest(credit[tier], amount, ratePpm, units));
  // Earlier terms may have had more tiers.
  return added.length < credit.length ? [...added, ...credit.slice(added.length)] : added;
}

/** Each day's interest, rounded to whole minor units. */
function dayByDay(state: AccrualState, to: IsoDate, balanceMinor: bigint, rates: DayRates): Accrued {
  const yearly = ratedParts(rates, balanceMinor, 1n).reduce((sum, one) => sum + one.amount * one.ratePpm, 0n);
  let { parts } = addInterest(state.credit[0], 0n, 0n, 0n);
  for (let on = state.nextOn; on <= to; on = addDays(on, 1)) {
    const exact = yearly * BigInt(yearUnits(rates.terms, state, on, addDays(on, 1)));
    parts += divideRounded(exact, MINOR_PARTS, rates.terms.rounding) * MINOR_PARTS;
  }
  return { parts, compounded: 0n, finer: 0n };
}

/** Interest on the overdrawn amount, up to the arranged limit and beyond it. */
function debit(
  { arranged, unarranged }: AccrualState,
  { balanceMinor, arrangedLimitMinor = 0n }: DayBalance,
  { terms: { overdraft } }: DayRates,
  units: bigint,
): Pick<AccrualState, 'arranged' | 'unarranged'> {
  if (overdraft === undefined) return { arranged, unarranged };
  const owed = -balanceMinor;
  const within = owed < arrangedLimitMinor ? owed : arrangedLimitMinor;
  return {
    arranged: addInterest(arranged, within, overdraft.arrangedPpm, units),
    unarranged: addInterest(unarranged, owed - within, overdraft.unarrangedPpm, units),
  };
}
