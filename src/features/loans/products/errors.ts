import { type ErrorTable, errorsOf } from '#lib/errors.ts';

const outside = (what: string) =>
  ({
    status: 422,
    message: ({ takes }: { readonly takes: string }) => `The product takes ${takes}.`,
    meaning: `The product does not lend with this ${what}; the sentence says what it takes.`,
    action: 'Stay within the conditions of the product, or choose another one.',
  }) as const;

/** The errors of loan products. */
export const LOAN_PRODUCT_ERRORS = {
  loan_product_exists: {
    status: 409,
    message: 'There is a loan product with this name.',
    action: 'Choose another name.',
  },
  amount_outside_product: outside('amount'),
  term_outside_product: outside('number of instalments'),
  rate_outside_product: outside('rate'),
  grace_outside_product: outside('grace period'),
} as const satisfies ErrorTable;

export const loanProductError = errorsOf(LOAN_PRODUCT_ERRORS);
