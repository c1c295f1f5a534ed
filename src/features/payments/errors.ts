import { violatedUnique } from '#db/postgres-error.ts';
import { isTwin } from '#ledger/transaction.ts';
import { RefusedError } from '#lib/errors.ts';

/** Whether another process committed the same payment meanwhile: done again, the work finds it. */
export function isTwinPayment(error: unknown): boolean {
  return isTwin(error) || violatedUnique(error) === 'incoming_payments_external_reference';
}

/** 422 `external_reference_reused`: the payment came before, and said something else. */
export function externalReferenceReused(): RefusedError {
  return new RefusedError(
    'external_reference_reused',
    'Another payment came with this externalReference: a payment keeps what it said.',
    { fields: [{ path: 'externalReference', message: 'belongs to a payment that says something else' }] },
  );
}
