import type { Context } from '#db/context.ts';
import { hasPeriodClosedFrom } from '#features/accounting/contract.ts';
import { hasAccountAfter } from '#features/accounts/contract.ts';
import type { DatedAfter } from '#features/calendar/contract.ts';
import { hasRunFrom } from '#features/end-of-day/contract.ts';
import { hasHoldAfter } from '#features/holds/contract.ts';
import { hasLoanEventAfter } from '#features/loans/contract.ts';

/**
 * What keeps the bank from going back to an earlier business date, beside entries: each feature that dates its rows by
 * it is asked whether one is later.
 */
export function datedAfter({ bookId }: Pick<Context, 'bookId'>): readonly DatedAfter[] {
  return [hasAccountAfter, hasHoldAfter, hasLoanEventAfter, hasRunFrom, hasPeriodClosedFrom].map(
    (has): DatedAfter =>
      (tx, date) =>
        has(tx, bookId, date),
  );
}
