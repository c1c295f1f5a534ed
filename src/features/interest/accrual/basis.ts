import { divideRounded } from '#lib/money/fraction.ts';
import { dateParts, daysBetween } from '#lib/time/calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { DayRates } from '../terms/day-rates.ts';
import type { InterestTerms } from '../terms/terms.ts';
import { type AccrualState, type Accrued, addParts, type BasisState, MINOR_PARTS } from './state.ts';
import { ratedParts } from './yearly.ts';

/** The basis with the days from the next one to a date, inclusive, on one balance. */
export function withDays(
  { basis, nextOn }: AccrualState,
  to: IsoDate,
  balanceMinor: bigint,
  rates: DayRates,
  units: number,
): BasisState {
  const counted = balanceMinor > 0n ? balanceMinor : 0n;
  const days = daysBetween(nextOn, to) + 1;
  const { lowestMinor } = basis;
  const isLower = lowestMinor === undefined || counted < lowestMinor;
  return {
    lowestMinor: isLower && hasDayThatCounts(rates.terms, nextOn, to) ? counted : lowestMinor,
    sumMinor: basis.sumMinor + counted * BigInt(days),
    days: basis.days + days,
    shares: withShare(basis, { from: nextOn, rates, units }),
  };
}

function withShare({ shares }: BasisState, added: BasisState['shares'][number]): BasisState['shares'] {
  const last = shares.at(-1);
  if (last === undefined || last.rates !== added.rates) return [...shares, added];
  return [...shares.slice(0, -1), { ...last, units: last.units + added.units }];
}

/** Whether a day among these is late enough in its month for its balance to be the lowest. */
function hasDayThatCounts({ minimumFromDay }: InterestTerms, from: IsoDate, to: IsoDate): boolean {
  if (minimumFromDay === 1 || dateParts(to).day >= minimumFromDay) return true;
  // From an earlier month, they include its last day.
  return dateParts(from).day >= minimumFromDay || addDays(to, -dateParts(to).day) >= from;
}

/** What the balance of a basis earned at one set of rates, by tier. */
export type BasisShare = {
  readonly from: IsoDate;
  readonly rates: DayRates;
  readonly units: number;
  /** The amount is the sum of all days of the basis. */
  readonly tiers: readonly { readonly amount: bigint; readonly ratePpm: bigint; readonly parts: bigint }[];
};

/** The interest of the basis's days so far on their lowest or average balance. */
export function basisShares({ basis, credit }: AccrualState): BasisShare[] {
  return basis.shares.map(({ from, rates, units }) => {
    const [total, days] = basisBalance(basis, rates.terms);
    if (total === 0n || total < rates.terms.minimumBalanceMinor * days)
      return { from, rates, units, tiers: [] };
    const tiers = ratedParts(rates, total, days).map(({ amount, ratePpm }, tier) => {
      const base = amount * MINOR_PARTS + (credit[tier]?.compounded ?? 0n) * days;
      // An average may have no exact number of parts: it is rounded to one.
      const parts = divideRounded(base * ratePpm * BigInt(units), days * MINOR_PARTS, 'half_even');
      return { amount, ratePpm, parts };
    });
    return { from, rates, units, tiers };
  });
}

/** What was earned by tier, with the basis's interest so far. */
export function withBasisInterest(state: AccrualState): readonly Accrued[] {
  if (state.basis.shares.length === 0) return state.credit;
  const accrued = [...state.credit];
  for (const { tiers } of basisShares(state)) {
    for (const [tier, { parts }] of tiers.entries()) accrued[tier] = addParts(accrued[tier], parts);
  }
  return accrued;
}

/** The balance that earns, as a sum and the number of days it is of: the lowest, or the average. */
export function basisBalance(
  { lowestMinor, sumMinor, days }: BasisState,
  { basis }: InterestTerms,
): readonly [totalMinor: bigint, days: bigint] {
  return basis === 'average_daily' ? [sumMinor, BigInt(Math.max(days, 1))] : [lowestMinor ?? 0n, 1n];
}
