import { type ErrorTable, errorsOf } from '#lib/errors.ts';

type NotReversible = {
  readonly what: 'reversal' | 'outgoing payment' | 'incoming payment' | 'interest' | 'fee' | 'open item';
  readonly id?: string;
};

/** What is done in place of a reversal: the call that ends the payment or loan of the transaction, or corrects interest. */
function notReversible({ what, id }: NotReversible): string {
  switch (what) {
    case 'reversal':
      return 'A reversal cannot be reversed; repeat the transaction instead.';
    case 'outgoing payment':
      return `It is a payment to another bank: POST /v1/outgoing-payments/${id}/return or /cancel takes it back.`;
    case 'incoming payment':
      return `It is a payment from another bank: POST /v1/incoming-payments/${id}/return takes it back.`;
    case 'interest':
      return 'It is interest or the tax on it. Reverse what it was counted on, with the valueDate of that: the end of the day then corrects the interest.';
    case 'fee':
      return 'It is a fee: POST /v1/accounts/{id}/fees/{feeId}/refund gives it back.';
    case 'open item':
      return 'It is of a loan: undo it through the loan.';
  }
}

/** What transactions and batches may answer, beside the ledger's own. */
export const TRANSACTION_ERRORS = {
  not_reversible: {
    status: 422,
    message: notReversible,
    meaning:
      'The transaction is a reversal, a payment to or from another bank, interest or the tax on it, a fee, or one of a loan.',
    action:
      'Repeat the transaction in place of reversing a reversal; for the others, do what `detail` names.',
  },
  not_reversible_in_part: {
    status: 422,
    message: 'The transaction has several lines that belong together: only all of it is reversed.',
    action: 'Reverse it without an amount.',
  },
  payee_name_required: {
    status: 422,
    message: 'A payment to another bank names its payee.',
    action: 'Give the payee’s name as `toName`, or pay a beneficiary.',
  },
  batch_refused: {
    status: 422,
    message: ({ index, code }: { readonly index: number; readonly code: string }) =>
      `Item ${index} was refused: ${code}. Nothing was posted.`,
    meaning: 'An item of an atomic batch was refused; `errors` names it and its code.',
    action: 'Correct or remove the item, and send the batch under a new key.',
  },
} as const satisfies ErrorTable;

export const transactionError = errorsOf(TRANSACTION_ERRORS);
