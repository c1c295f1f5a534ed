import { assert } from '#lib/assert.ts';
import { validationFailed } from '#lib/errors.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { loanError } from './errors.ts';
import type { Reschedule } from './event.ts';
import { rescheduledTerms } from './later-terms.ts';
import { readRate } from './schedule/read-terms.ts';
import type { LoanTerms } from './schedule/terms.ts';
import { dueParts, type LoanState } from './state.ts';

/**
 * New terms for the remainder of an active loan on a date. Throws 400 `validation_failed` if no term changes, 422
 * `nothing_to_reschedule` and `nothing_overdue`, and as rescheduledTerms does.
 */
export function rescheduled(
  before: LoanState,
  request: Reschedule,
  on: IsoDate,
  rules: number,
): { readonly state: LoanState; readonly terms: LoanTerms } {
  const { annualRatePercent, instalments, holidayInstalments = 0, reAge = false } = request;
  if (annualRatePercent === undefined && instalments === undefined && holidayInstalments === 0 && !reAge) {
    throw validationFailed({ path: 'body', message: 'must change something' });
  }
  if (reAge && rules >= 2 && !hasOverdue(before, on)) throw loanError('nothing_overdue');
  const state = reAge ? reAged(before, on) : before;
  const { terms, interestAccruedMinor } = state;
  const principalMinor = state.principalMinor - dueParts(state).principalMinor;
  assert(terms !== undefined, 'a loan that was paid out has terms');
  if (principalMinor === 0n) throw loanError('nothing_to_reschedule');
  const remainder = { on, principalMinor, carriedInterestMinor: interestAccruedMinor };
  const annualRate =
    annualRatePercent === undefined ? undefined : readRate(annualRatePercent, 'annualRatePercent');
  const { moved } = request;
  const dated = moved === undefined ? terms : { ...terms, moved };
  const change = { annualRate, instalments, holidayInstalments };
  return { state, terms: rescheduledTerms(dated, remainder, change, rules) };
}

function hasOverdue({ unpaid }: LoanState, on: IsoDate): boolean {
  return unpaid.some(
    ({ dueOn, principalMinor, interestMinor }) => dueOn <= on && principalMinor + interestMinor > 0n,
  );
}

/** Overdue principal and interest are no longer due; fees stay due, from the date on. */
function reAged(state: LoanState, on: IsoDate): LoanState {
  const { interestMinor, feesMinor } = dueParts(state);
  const number = state.unpaid.at(-1)?.number ?? 0;
  const fees = { number, dueOn: on, principalMinor: 0n, interestMinor: 0n, feesMinor };
  return {
    ...state,
    unpaid: feesMinor > 0n ? [fees] : [],
    interestAccruedMinor: state.interestAccruedMinor + interestMinor,
    penaltyRun: undefined,
  };
}
