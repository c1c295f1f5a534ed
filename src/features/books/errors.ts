import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What the book's own numbers may answer. */
export const BOOK_ERRORS = {
  unknown_payee: {
    status: 422,
    message: 'The IBAN belongs to no account of this bank.',
    meaning: 'The IBAN is one of this bank, and no account has it.',
    action: 'Check the IBAN with the payee.',
  },
  account_without_iban: {
    status: 422,
    message: 'The account has no IBAN.',
    meaning: 'The bank is in a country without IBANs, and a beneficiary is kept by one.',
    action: 'Pay to the account by its id, `toAccountId`.',
  },
} as const satisfies ErrorTable;

export const bookError = errorsOf(BOOK_ERRORS);
