import { violatedUnique } from '#db/postgres-error.ts';
import { ConflictError } from '#lib/errors.ts';

const UNIQUE_DETAILS: Readonly<Record<string, string>> = {
  customers_book_id_national_id_hash_key: 'nationalId',
  customers_book_id_registration_number_key: 'registrationNumber',
  customers_book_id_external_id_key: 'externalId',
};

/** 409 `customer_exists` when a unique detail of a customer was refused by the database; else the error itself. */
export function asCustomerError(error: unknown): unknown {
  const path = UNIQUE_DETAILS[violatedUnique(error) ?? ''];
  if (path === undefined) return error;
  const message = 'belongs to another customer';
  return new ConflictError('customer_exists', `A customer with this ${path} exists.`, {
    fields: [{ path, message }],
  });
}
