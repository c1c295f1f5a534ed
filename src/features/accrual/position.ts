import { type AccrualState, accruedMinor, type InterestTerms } from '#features/interest/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { debitMinor, type LimitFrom } from './replay.ts';

/** What an account has earned and owes since its last posting. */
export type Position = {
  readonly id: AccountId;
  readonly accruedThrough: IsoDate;
  /** The last line of the account that was counted. */
  readonly seq: bigint;
  readonly state: AccrualState;
  readonly limits: readonly LimitFrom[];
  /** In the books, in minor units: earned, and owed. */
  readonly creditMinor: bigint;
  readonly debitMinor: bigint;
};

/** The position with a state, and what that comes to by the terms of the last day. */
export function withState(
  position: Pick<Position, 'id' | 'accruedThrough' | 'seq' | 'limits'>,
  state: AccrualState,
  terms: InterestTerms,
): Position {
  const accrued = accruedMinor(state, terms);
  return { ...position, state, creditMinor: accrued.creditMinor, debitMinor: debitMinor(accrued) };
}

/** The limits with that of a day, if it is another than before. */
export function withLimit(
  limits: readonly LimitFrom[],
  from: IsoDate,
  limitMinor: bigint,
): readonly LimitFrom[] {
  return limits.at(-1)?.limitMinor === limitMinor ? limits : [...limits, { from, limitMinor }];
}
