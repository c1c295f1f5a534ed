import type { Db } from '#db/database.ts';
import type { DepositTerms } from '#features/interest/contract.ts';
import {
  depositOf,
  findProduct,
  listVersions,
  type Product,
  productError,
} from '#features/products/contract.ts';
import { assert } from '#lib/assert.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { Frequency } from '#lib/time/recurrence.ts';
import type { DepositState } from './state.ts';

type Made = Pick<DepositState, 'product' | 'currency' | 'termsVersion'>;

/** The terms that deposits were made on. */
class TermsOfDeposits {
  readonly #byVersion: ReadonlyMap<string, DepositTerms>;

  constructor(byVersion: ReadonlyMap<string, DepositTerms>) {
    this.#byVersion = byVersion;
  }

  of(deposit: Made): DepositTerms {
    const terms = this.#byVersion.get(keyOf(deposit));
    assert(terms !== undefined, 'a deposit is made on terms');
    return terms;
  }
}

/** Reads the versions of the products that deposits were made on: a query for each product. */
export async function loadTerms(db: Db, bookId: number, deposits: readonly Made[]): Promise<TermsOfDeposits> {
  const wanted = new Set(deposits.map(keyOf));
  const found = new Map<string, DepositTerms>();
  for (const code of new Set(deposits.map(({ product }) => product))) {
    for (const { currency, version: termsVersion, terms } of await listVersions(db, bookId, { code })) {
      const key = keyOf({ product: code, currency, termsVersion });
      const read = wanted.has(key) ? depositOf(terms, currency) : undefined;
      if (read !== undefined) found.set(key, read);
    }
  }
  return new TermsOfDeposits(found);
}

function keyOf({ product, currency, termsVersion }: Made): string {
  return `${product} ${currency} ${termsVersion}`;
}

/** A product on which deposits are made, with the terms that are in force. */
export type ProductForDeposits = {
  readonly product: Product;
  readonly terms: DepositTerms;
  readonly version: number;
};

/**
 * The product of deposits with instalments, if a frequency is given, and of others if not. Throws 422 `unknown_product`
 * and `product_not_for_deposits`.
 */
export async function productForDeposits(
  db: Db,
  bookId: number,
  {
    product: code,
    currency,
    frequency,
  }: {
    readonly product: string;
    readonly currency: Currency;
    readonly frequency?: Frequency | undefined;
  },
): Promise<ProductForDeposits> {
  const kind = frequency === undefined ? 'term_deposit' : 'recurring_deposit';
  const product = await findProduct(db, bookId, { code, currency });
  if (product === undefined) throw productError('unknown_product');
  const terms = product.version && depositOf(product.version.terms, currency);
  if (product.state.kind !== kind || terms === undefined || product.version === undefined) {
    throw productError('product_not_for_deposits', { product: code });
  }
  return { product, terms, version: product.version.version };
}
