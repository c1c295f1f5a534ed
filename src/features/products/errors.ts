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
  overdraft_above_maximum: {
    status: 422,
    message: ({ product, most }: { readonly product: string; readonly most: string }) =>
      `The product ${product} has overdraft limits up to ${most}.`,
    meaning: 'The terms of the product name the highest overdraft limit of an account.',
    action: 'Ask for a lower limit, or choose another product.',
  },
  customer_not_eligible: {
    status: 422,
    message: ({ product, whom }: { readonly product: string; readonly whom: string }) =>
      `The product ${product} is for ${whom}.`,
    meaning: 'The terms of the product say who may open an account.',
    action: 'Choose another product.',
  },
  too_many_holders: {
    status: 422,
    message: ({ product, most }: { readonly product: string; readonly most: number }) =>
      `An account of the product ${product} has ${most === 1 ? 'one holder' : `${most} holders at most`}.`,
    meaning: 'The terms of the product say how many customers may hold an account together.',
    action: 'Take another holder off the account first, or choose another product.',
  },
  closing_notice_missing: {
    status: 409,
    message: ({ product, days }: { readonly product: string; readonly days: number }) =>
      `An account of the product ${product} is closed ${days} days after notice is given.`,
    meaning: 'The terms of the product ask for notice before an account is closed.',
    action: 'Give notice with giveClosingNotice.',
  },
  account_not_closable_yet: {
    status: 409,
    message: ({ from }: { readonly from: string }) => `The account can be closed from ${from} on.`,
    meaning: 'The account is younger than its terms ask for, or the notice is not over.',
    action: 'Wait until then.',
  },
  product_needs_contract: {
    status: 422,
    message: ({ product }: { readonly product: string }) => `The product ${product} is for deposits.`,
    meaning: 'Accounts of the product are opened with a deposit, by its contract.',
    action: 'Open a deposit (`POST /v1/time-deposits`), or choose another product.',
  },
  product_not_for_deposits: {
    status: 422,
    message: ({ product }: { readonly product: string }) =>
      `No such deposit is made on the product ${product}.`,
    meaning: 'The product is of another kind.',
    action: 'Choose a product of the kind that you want to open.',
  },
  product_not_offered_yet: {
    status: 422,
    message: ({ from }: { readonly from: string }) => `The product is offered from ${from} on.`,
    meaning: 'The product is defined, and its first day has not come.',
    action: 'Wait until then, or choose another product.',
  },
  product_exists: {
    status: 409,
    message: 'There is such a product in this currency.',
    action: 'Add a version to it with addProductVersion, or choose another code.',
  },
  product_kind_differs: {
    status: 422,
    message: ({ kind }: { readonly kind: string }) =>
      `In other currencies the product is of the kind ${kind}.`,
    meaning: 'A code stands for products of one kind, whatever their currency.',
    action: 'Give the same kind, or choose another code.',
  },
  currency_not_kept: {
    status: 422,
    message: 'The bank does not keep this currency.',
    action: 'Keep it with enableCurrency, or choose another one.',
  },
  gl_account_unsuitable: {
    status: 422,
    message: 'The product cannot post to a line of the chart that it names.',
    action: 'Correct the fields that `errors` names.',
  },
  effective_date_over: {
    status: 422,
    message: ({ first }: { readonly first: string }) => `Terms can take effect on ${first} at the earliest.`,
    meaning: 'The date is over, or its end has begun: what was in force on it stays.',
    action: 'Give a later date.',
  },
  version_out_of_order: {
    status: 422,
    message: ({ last }: { readonly last: string }) => `The last version takes effect on ${last}.`,
    meaning: 'Versions follow each other: each takes effect after the one before.',
    action: 'Give a later date.',
  },
} as const satisfies ErrorTable;

export const productError = errorsOf(PRODUCT_ERRORS);
