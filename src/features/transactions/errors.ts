import { type ErrorTable, errorsOf } from '#lib/errors.ts';

const REVERSED_ELSEWHERE =
  'A payment to or from another bank is settled, returned or resolved. Undo a loan transaction through the loan.';

/** What transactions and batches may answer, beside the ledger's own. */
export const TRANSACTION_ERRORS = {
  not_reversible: {
    status: 422,
    message: ({ what }: { readonly what: 'reversal' | 'open item' }) =>
      what === 'reversal'
        ? 'A reversal cannot be reversed; repeat the transaction instead.'
        : REVERSED_ELSEWHERE,
    meaning: 'The transaction is a reversal, a payment to or from another bank, or one of a loan.',
    action: 'Repeat the transaction in place of reversing a reversal; undo the others where they belong.',
  },
  batch_refused: {
    status: 422,
    message: ({ index, code }: { readonly index: number; readonly code: string }) =>
      `Item ${index} was refused: ${code}. Nothing was posted.`,
    meaning: 'An item of an atomic batch was refused; `errors` names it and its code.',
    action: 'Correct or remove the item, and send the batch under a new key.',
  },
  limit_requires_manager: {
    status: 403,
    message: 'The amount is above the limit of a teller: it takes a manager.',
    action: 'Have a manager do it.',
  },
} as const satisfies ErrorTable;

export const transactionError = errorsOf(TRANSACTION_ERRORS);
