import { ConflictError, RefusedError } from '#lib/errors.ts';
import type { LoanStatus } from './state.ts';

/** 409 `loan_not_in_status`. */
export function notInStatus(status: LoanStatus): ConflictError {
  return new ConflictError('loan_not_in_status', `The loan is ${status.replace('_', ' ')}.`);
}

const REFUSALS = {
  amount_above_requested: 'No more is approved than was asked for.',
  fees_exceed_amount: 'The fee that would be kept back leaves nothing to be paid out.',
  overpayment_refused: 'More than is owed is not taken; a payoff quote says what is.',
  nothing_to_reschedule: 'The loan has no principal left that the new schedule could repay.',
  recovery_exceeds_loss: 'No more is recovered than was lost.',
  disbursement_in_past: 'A loan is paid out on the business date or later.',
  date_before_disbursement: 'The loan was not paid out yet on this date.',
  date_in_past: 'The date lies before the business date.',
  date_not_reached: 'The date lies after the business date.',
  date_not_kept: 'No end of day kept the loans of this date.',
  statement_too_long: 'The loan has too many events for one statement; list its transactions.',
  account_not_of_borrower: 'The account is none of the borrower’s own: owner or joint holder.',
  no_repayment_to_undo: 'The last that happened to the loan is not a repayment.',
} as const;

/** 422 with the code of the refusal. */
export function loanRefusal(code: keyof typeof REFUSALS): RefusedError {
  return new RefusedError(code, REFUSALS[code]);
}
