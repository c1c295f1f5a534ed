import { type ErrorTable, errorsOf } from '#lib/errors.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** The errors of a loan's commands, beside the ledger's own codes. */
export const LOAN_ERRORS = {
  loan_exists: {
    status: 409,
    message: 'There is a loan with this externalId.',
    action: 'Use the loan that there is, or another externalId.',
  },
  own_application: {
    status: 403,
    message: 'You applied for this loan: somebody else approves it and pays it out.',
    meaning: 'A loan officer neither approves nor pays out a loan that they applied for.',
    action: 'Ask a manager or another loan officer.',
  },
  loan_not_in_status: {
    status: 409,
    message: ({ status }: { readonly status: string }) => `The loan is ${status.replace('_', ' ')}.`,
    meaning: 'The loan is not in a status in which this can be done.',
    action: 'Read the loan; docs/loans.md shows which status follows which.',
  },
  customer_has_active_loans: {
    status: 409,
    message: 'The customer has a loan that is not repaid, or stands for one.',
    action: 'Have the loan repaid, write it off, or release the party, first.',
  },
  account_serves_loan_of_others: {
    status: 409,
    message: 'A loan of another customer names an account of this customer.',
    action: 'Erase the borrower first, once the loan is over.',
  },
  amount_above_requested: {
    status: 422,
    message: 'No more is approved than was asked for.',
    action: 'Approve at most the amount of the application.',
  },
  disbursement_exceeds_approved: {
    status: 422,
    message: 'No more is paid out than was approved and is left.',
    action: 'Read the loan: approvedAmount, and undisbursedAmount once a part was paid out.',
  },
  tranches_not_offered: {
    status: 422,
    message: 'Loans of this product are paid out at once.',
    action: 'Leave out the amount, or lend on a product with severalDisbursements.',
  },
  fees_exceed_amount: {
    status: 422,
    message: 'The fee that would be kept back leaves nothing to be paid out.',
    action: 'Lend more, or add the fee to the loan in place of keeping it back.',
  },
  overpayment_refused: {
    status: 422,
    message: 'The payment is above what is owed; a payoff quote says how much that is.',
    action: 'Ask for a payoff quote and pay that amount.',
  },
  nothing_to_reschedule: {
    status: 422,
    message: 'The loan has no principal left that the new schedule could repay.',
    action: 'Nothing: collect what is due.',
  },
  nothing_overdue: {
    status: 422,
    message: 'Nothing of the loan is overdue that could become a part of the new schedule.',
    action: 'Leave out reAge.',
  },
  recovery_exceeds_loss: {
    status: 422,
    message: 'The recovery is above what is left of the loss.',
    action: 'Book at most what was written off and not recovered.',
  },
  disbursement_in_past: {
    status: 422,
    message: 'A loan is paid out on the business date or later.',
    action: 'Give a disbursedOn that has not passed.',
  },
  date_before_disbursement: {
    status: 422,
    message: 'The loan was not paid out yet on this date.',
    action: 'Ask for the date of the disbursement or a later one.',
  },
  date_in_past: {
    status: 422,
    message: 'The date lies before the business date.',
    action: 'Ask for the business date or a later one.',
  },
  date_not_kept: {
    status: 422,
    message: 'No end of day kept the loans of this date.',
    action: 'Ask for a date that an end of day has closed.',
  },
  statement_too_long: {
    status: 422,
    message: 'The loan has too many events for one statement; list its transactions.',
    action: 'Page through the loan’s transactions instead.',
  },
  account_not_of_borrower: {
    status: 422,
    message: 'The account does not belong to the borrower, as its owner or joint holder.',
    action: 'Name an account of the borrower’s own.',
  },
  no_repayment_to_undo: {
    status: 422,
    message: 'The loan has no repayment that could be undone.',
    action: 'Nothing: repayments of another system, and those that were undone, stay as they are.',
  },
  party_exists: {
    status: 409,
    message: 'The customer stands for this loan already.',
    action: 'Release the party first, to add it in another way.',
  },
  collateral_released: {
    status: 409,
    message: ({ on }: { readonly on: string }) => `The collateral was released on ${on}.`,
    meaning: 'The collateral has been released already.',
    action: 'Nothing: it secures the loan no longer.',
  },
  too_much_security: {
    status: 422,
    message: 'A loan has at most 20 parties beside its borrower and 50 items of collateral.',
    action: 'Describe several things as one item.',
  },
  not_undoable: {
    status: 422,
    message: 'This cannot be undone.',
    meaning:
      'Disbursements, repayments, reschedules, losses, waivers and charges are undone; what another system did is not.',
    action: 'Correct the loan by another act.',
  },
  already_undone: {
    status: 409,
    message: 'This was undone already.',
    action: 'Nothing: it is done.',
  },
  disbursement_in_use: {
    status: 422,
    message: 'A disbursement is undone on its day, while nothing else was done to the loan.',
    action: 'Have the loan repaid instead.',
  },
  correction_blocked: {
    status: 422,
    message: ({ why }: { readonly why: string }) =>
      `A later act on the loan would not be possible any more: ${why}`,
    meaning: 'The loan is replayed from the corrected date, and a later act is refused then.',
    action: 'Undo the later act first.',
  },
  nothing_to_waive: {
    status: 422,
    message: 'Nothing of this is due.',
    action: 'Read what is due of the loan.',
  },
  waiver_exceeds_due: {
    status: 422,
    message: 'No more is waived than is due.',
    action: 'Waive at most what is due, or leave the amount out.',
  },
  value_date_outside: {
    status: 422,
    message: ({ from, to }: { readonly from: IsoDate; readonly to: IsoDate }) =>
      `A repayment counts from a date between ${from} and ${to}.`,
    meaning:
      'The value date is before the disbursement, further back than the product allows, or in the future.',
    action: 'Give a date that the sentence allows.',
  },
} as const satisfies ErrorTable;

export const loanError = errorsOf(LOAN_ERRORS);
