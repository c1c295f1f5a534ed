import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What products may answer. */
export const PRODUCT_ERRORS = {
  unknown_product: {
    status: 422,
    message: 'There is no such product in this currency.',
    action: 'Choose one of listProducts.',
  },
  product_retired: {
    status: 422,
    message: 'The product is no longer offered.',
    action: 'Choose another one of listProducts.',
  },
  customer_details_missing: {
    status: 422,
    message: ({ product, missing }: { readonly product: string; readonly missing: string }) =>
      `The product ${product} needs the customer’s ${missing}.`,
    meaning: 'The bank asks for these details of customers who open an account of the product.',
    action: 'Add the details that `errors` names to the customer.',
  },
  overdraft_not_allowed: {
    status: 422,
    message: ({ product }: { readonly product: string }) => `The product ${product} has no overdraft.`,
    meaning: 'Accounts of this product may not be overdrawn.',
    action: 'Leave the overdraft limit at zero, or choose another product.',
  },
} as const satisfies ErrorTable;

export const productError = errorsOf(PRODUCT_ERRORS);
