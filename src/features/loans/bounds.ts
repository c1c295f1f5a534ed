import { assert } from '#lib/assert.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { loanError } from './errors.ts';
import type { Reschedule } from './event.ts';
import type { Loan } from './loan.ts';

/**
 * The limits of the product for the terms of a reschedule that was done. Throws 422 `rate_outside_product` or
 * `term_outside_product`.
 */
export function assertWithinProduct(
  { state: { terms }, product }: Loan,
  { annualRatePercent, instalments, holidayInstalments = 0 }: Reschedule,
): void {
  assert(terms !== undefined, 'a loan that is rescheduled has terms');
  if (annualRatePercent !== undefined) product.assertRate(annualRatePercent);
  if (instalments === undefined && holidayInstalments === 0) return;
  product.assertInstalments((terms.skippedInstalments ?? 0) + terms.instalments);
}

/**
 * Throws 409 `loan_not_in_status`, and 422 `value_date_outside` for a date from which no repayment counts that is
 * booked today.
 */
export function assertValueDate({ state, product }: Loan, on: IsoDate, today: IsoDate): void {
  const { status, disbursedOn = today } = state;
  if (status !== 'active') throw loanError('loan_not_in_status', { status });
  const bound = addDays(today, -product.policy.valueDateDays);
  const [, from = today] = [bound, disbursedOn].toSorted();
  if (on < from || on > today) throw loanError('value_date_outside', { from, to: today });
}
