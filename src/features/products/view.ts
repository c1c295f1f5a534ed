import type { ProductState } from './product.ts';

/** A product as the API and the CLI show it. */
export type ProductView = {
  code: string;
  currency: string;
  kind: 'current' | 'savings';
  name: string;
  overdraftAllowed: boolean;
  status: 'active' | 'retired';
};

export function productView({
  code,
  currency,
  kind,
  name,
  overdraftAllowed,
  status,
}: ProductState): ProductView {
  return { code, currency, kind, name, overdraftAllowed, status };
}
