import type { Currency } from '#lib/money/currencies.ts';
import { productError } from './errors.ts';

/** Details of a customer that a product may ask for; the form of a customer asks for none of them. */
export const PRODUCT_DETAILS = ['email', 'phone', 'address'] as const;
export type ProductDetail = (typeof PRODUCT_DETAILS)[number];

export type ProductState = {
  readonly code: string;
  readonly currency: Currency;
  readonly kind: 'current' | 'savings';
  readonly name: string;
  /** The line of the chart that accounts of this product belong to. */
  readonly glCode: string;
  readonly overdraftAllowed: boolean;
  /** By how many per cent of a hold a capture may exceed it: tips, fuel. */
  readonly captureTolerancePercent: number;
  readonly status: 'active' | 'retired';
  /** What its customers must have told the bank. */
  readonly requiredDetails?: readonly ProductDetail[] | undefined;
};

export type ProductChanges = Partial<Pick<ProductState, 'captureTolerancePercent' | 'requiredDetails'>>;

/** A product in one of its currencies, or in all of them. */
export type ProductKey = { readonly code: string; readonly currency?: Currency | undefined };

/** The terms that accounts of one kind and currency share. */
export class Product {
  readonly state: ProductState;

  constructor(state: ProductState) {
    this.state = state;
  }

  /** Throws 422 `product_retired` when no new accounts are opened on it. */
  assertOffered(): void {
    if (this.state.status === 'retired') {
      throw productError('product_retired');
    }
  }

  /** Throws 422 `customer_details_missing` for a customer without a detail that the product asks for. */
  assertDetails(customer: Readonly<Partial<Record<ProductDetail, unknown>>>): void {
    const { requiredDetails = [], code } = this.state;
    const missing = requiredDetails.filter((detail) => customer[detail] === undefined);
    if (missing.length === 0) return;
    const fields = missing.map((path) => ({ path, message: `is required for the product ${code}` }));
    throw productError('customer_details_missing', { product: code, missing: missing.join(', '), fields });
  }

  /** Throws 422 `overdraft_not_allowed` when accounts of this product may not be overdrawn. Minor units. */
  assertOverdraft(limitMinor: bigint): void {
    if (limitMinor > 0n && !this.state.overdraftAllowed) {
      throw productError('overdraft_not_allowed', { product: this.state.code });
    }
  }
}
