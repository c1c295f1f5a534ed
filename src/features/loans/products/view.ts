import { toTypeId } from '#lib/ids.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { LoanProduct } from './loan-product.ts';
import type { ProductConditions } from './product-conditions.ts';

/** A loan product as the API shows it: with the conditions that were given. */
export type LoanProductView = {
  id: string;
  name: string;
  currency: string;
  createdAt: string;
} & ProductConditions;

export function loanProductView({ state }: LoanProduct): LoanProductView {
  const { id, name, currency, conditions, createdAtMs } = state;
  return {
    id: toTypeId('loanProduct', id),
    name,
    currency,
    ...conditions,
    createdAt: toIsoInstant(createdAtMs),
  };
}
