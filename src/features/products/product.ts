import type { Currency } from '#lib/money/currencies.ts';
import { productError } from './errors.ts';

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
};

export type ProductChanges = Pick<ProductState, 'captureTolerancePercent'>;

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

  /** Throws 422 `overdraft_not_allowed` when accounts of this product may not be overdrawn. Minor units. */
  assertOverdraft(limitMinor: bigint): void {
    if (limitMinor > 0n && !this.state.overdraftAllowed) {
      throw productError('overdraft_not_allowed', { product: this.state.code });
    }
  }
}
