import type { AccrualState, Accrued, RatesByDate } from '#features/interest/contract.ts';
import { assert } from '#lib/assert.ts';
import type { IsoDate } from '#lib/time/dates.ts';

type AccruedText = readonly [parts: string, compounded: string, finer: string];

/** The exact state of an account as it is stored: whole numbers as text, and the rates of a basis by the day they began. */
export type StateText = {
  readonly openedOn: IsoDate;
  readonly periodFrom: IsoDate;
  readonly nextOn: IsoDate;
  readonly credit: readonly AccruedText[];
  readonly arranged: AccruedText;
  readonly unarranged: AccruedText;
  readonly lowest: string | null;
  readonly sum: string;
  readonly days: number;
  readonly shares: readonly (readonly [from: IsoDate, units: number])[];
};

export function stateText({ basis, ...state }: AccrualState): StateText {
  return {
    openedOn: state.openedOn,
    periodFrom: state.periodFrom,
    nextOn: state.nextOn,
    credit: state.credit.map(accruedText),
    arranged: accruedText(state.arranged),
    unarranged: accruedText(state.unarranged),
    lowest: basis.lowestMinor === undefined ? null : String(basis.lowestMinor),
    sum: String(basis.sumMinor),
    days: basis.days,
    shares: basis.shares.map(({ from, units }) => [from, units]),
  };
}

/** The state behind its text. The rates are those of the account. */
export function stateOf(text: StateText, rates: RatesByDate): AccrualState {
  const { openedOn, periodFrom, nextOn, days } = text;
  return {
    openedOn,
    periodFrom,
    nextOn,
    credit: text.credit.map(accruedOf),
    arranged: accruedOf(text.arranged),
    unarranged: accruedOf(text.unarranged),
    basis: {
      lowestMinor: text.lowest === null ? undefined : BigInt(text.lowest),
      sumMinor: BigInt(text.sum),
      days,
      shares: text.shares.map(([from, units]) => ({ from, units, rates: rates.on(from) })),
    },
  };
}

/** Whether two states are the same, to the last part. */
export function isSameState(one: AccrualState, other: AccrualState): boolean {
  return JSON.stringify(stateText(one)) === JSON.stringify(stateText(other));
}

function accruedText({ parts, compounded, finer }: Accrued): AccruedText {
  return [String(parts), String(compounded), String(finer)];
}

function accruedOf(text: AccruedText): Accrued {
  const [parts, compounded, finer] = text.map(BigInt);
  assert(parts !== undefined && compounded !== undefined && finer !== undefined, 'a stored sum is whole');
  return { parts, compounded, finer };
}
