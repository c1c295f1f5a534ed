import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What fees of accounts may answer. */
export const CHARGE_ERRORS = {
  fee_not_due: {
    status: 409,
    message: 'The fee is not due.',
    meaning: 'The fee does not wait for money: there is nothing to waive.',
    action: 'Refund a fee that was charged (refundAccountFee); nothing is to be done about others.',
  },
  fee_not_charged: {
    status: 409,
    message: 'The fee is not charged.',
    meaning: 'The fee was not taken from the account, or was given back before.',
    action: 'Waive a fee that is due (waiveAccountFee); nothing is to be done about others.',
  },
} as const satisfies ErrorTable;

export const chargeError = errorsOf(CHARGE_ERRORS);
