import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What customers may answer. */
export const CUSTOMER_ERRORS = {
  customer_exists: {
    status: 409,
    message: ({ path }: { readonly path: string }) => `A customer with this ${path} exists.`,
    meaning: 'The national id, registration number or externalId belongs to another customer.',
    action: 'Use the customer that there is, or correct the field that `errors` names.',
  },
  customer_closed: {
    status: 409,
    message: 'The customer is closed.',
    action: 'Nothing: a closed customer gets no new accounts and is not changed.',
  },
  customer_not_a_person: {
    status: 422,
    message: 'The customer is an organisation.',
    action: 'Close an organisation that no longer exists: only a person dies.',
  },
  customer_not_closed: {
    status: 409,
    message: 'The customer is not closed; close the customer first.',
    action: 'Close the customer, then delete or erase.',
  },
  customer_has_open_accounts: {
    status: 409,
    message: 'The customer still has open accounts.',
    action: 'Close the accounts, or take the customer off them.',
  },
} as const satisfies ErrorTable;

export const customerError = errorsOf(CUSTOMER_ERRORS);
