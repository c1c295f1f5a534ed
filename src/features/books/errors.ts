import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What the book's own numbers may answer. */
export const BOOK_ERRORS = {
  unknown_payee: {
    status: 422,
    message: 'The payee’s account is not one of this bank.',
    meaning: 'The IBAN, or the bank code, is one of this bank, and no account has the number.',
    action: 'Check the account with the payee.',
  },
  account_without_iban: {
    status: 422,
    message: 'The account has no IBAN.',
    meaning:
      'A beneficiary is kept by an IBAN, or by a routing number in the United States. The account has neither.',
    action: 'Pay to the account by its id, `toAccountId`.',
  },
} as const satisfies ErrorTable;

export const bookError = errorsOf(BOOK_ERRORS);
