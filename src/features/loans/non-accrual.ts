import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { daysPastDue } from './arrears.ts';
import type { ServicingPolicy } from './products/product-conditions.ts';
import { type LoanParts, type LoanState, NO_PARTS, owedParts } from './state.ts';

/** A loan that stops or goes on to earn income, and the interest and penalty interest that this concerns. Minor units. */
export type IncomeTurn = {
  readonly kind: 'income_suspended' | 'income_resumed';
  readonly nonAccrualSince: IsoDate | undefined;
  readonly parts: LoanParts;
};

/**
 * Whether a loan stops earning income at the end of a date, or goes on. It stops when it is past due for as long as the
 * product says, and goes on when it is not past due any more. What it owes of interest leaves the books for a memorandum, or comes
 * back. The borrower owes it all the same.
 */
export function incomeTurn(state: LoanState, policy: ServicingPolicy, on: IsoDate): IncomeTurn | undefined {
  const { nonAccrualAfterDays } = policy;
  if (nonAccrualAfterDays === undefined || state.status !== 'active') return undefined;
  const days = daysPastDue(state, policy, on);
  const isSuspended = state.nonAccrualSince !== undefined;
  if (isSuspended ? days > 0 : days < nonAccrualAfterDays) return undefined;
  const { interestMinor, penaltiesMinor } = owedParts(state);
  return {
    kind: isSuspended ? 'income_resumed' : 'income_suspended',
    nonAccrualSince: isSuspended ? undefined : on,
    parts: { ...NO_PARTS, interestMinor, penaltiesMinor },
  };
}

/** The dates on which a loan may come to be past due for long enough, by what is unpaid of it now. */
export function possibleTurns(
  { unpaid, nonAccrualSince }: LoanState,
  { nonAccrualAfterDays, arrearsAfterDays }: ServicingPolicy,
): IsoDate[] {
  if (nonAccrualAfterDays === undefined || nonAccrualSince !== undefined) return [];
  const days = Math.max(nonAccrualAfterDays, arrearsAfterDays + 1);
  // A row that becomes overdue may lift the arrears of older ones above the tolerance.
  return unpaid.flatMap(({ dueOn }) => [addDays(dueOn, 1), addDays(dueOn, days)]);
}

/** Interest and penalty interest that are owed and not in the books: income once they are paid. */
export function memorandumOf(state: LoanState): LoanParts {
  if (state.nonAccrualSince === undefined) return NO_PARTS;
  const { interestMinor, penaltiesMinor } = owedParts(state);
  return { ...NO_PARTS, interestMinor, penaltiesMinor };
}

/** What of the debt the books have as receivables. */
export function bookedParts(state: LoanState): LoanParts {
  const owed = owedParts(state);
  return state.nonAccrualSince === undefined ? owed : { ...owed, interestMinor: 0n, penaltiesMinor: 0n };
}
