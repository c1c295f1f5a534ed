import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What holds may answer. */
export const HOLD_ERRORS = {
  hold_not_active: {
    status: 409,
    message: ({ status }: { readonly status: string }) => `The hold is not active any more: it is ${status}.`,
    meaning: 'The hold was captured in full, released, or has expired.',
    action: 'Nothing: place another hold.',
  },
  capture_exceeds_hold: {
    status: 422,
    message: 'The hold has less than this amount left.',
    meaning: 'More is captured than what is left, and what the product of the account tolerates beside it.',
    action: 'Capture at most what is left, or raise the hold first.',
  },
  hold_amount_captured: {
    status: 422,
    message: 'As much of the hold is captured already.',
    action: 'Choose a higher amount, or release what is left.',
  },
  attachment_not_active: {
    status: 409,
    message: 'The attachment was released before.',
    action: 'Nothing: place another one.',
  },
  nothing_to_settle: {
    status: 409,
    message: 'No capture of this kind is to be settled.',
    action: 'Nothing: all were settled before, or nothing was captured.',
  },
  capture_not_unsettled: {
    status: 409,
    message: 'One of the transactions is not a capture that is to be settled. Nothing was settled.',
    meaning:
      'It was settled before, paid an account of this bank, is in another currency, or is not a capture.',
    action: 'Leave out those that `errors` names.',
  },
} as const satisfies ErrorTable;

export const holdError = errorsOf(HOLD_ERRORS);
