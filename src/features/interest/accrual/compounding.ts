import type { IsoDate } from '#lib/time/dates.ts';
import type { DayRates } from '../terms/day-rates.ts';
import { withBasisInterest } from './basis.ts';
import { basisDate, compoundingDate } from './periods.ts';
import { type AccrualState, type Accrued, NO_BASIS, partsOf } from './state.ts';

/** The state at the end of a day: after the end of a period of compounding, or of the balance that earns, if it is one. */
export function compound(state: AccrualState, on: IsoDate, { terms }: DayRates): AccrualState {
  const endsBasis = basisDate(on, terms, state.openedOn) === on;
  const closed = endsBasis ? { ...state, credit: withBasisInterest(state), basis: NO_BASIS } : state;
  if (compoundingDate(on, terms, state.openedOn) !== on) return closed;
  return {
    ...closed,
    credit: closed.credit.map(compounded),
    arranged: compounded(closed.arranged),
    unarranged: compounded(closed.unarranged),
  };
}

function compounded(accrued: Accrued): Accrued {
  const parts = partsOf(accrued);
  return { parts, compounded: parts, finer: 0n };
}
