import type { Context } from '#db/context.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { productError } from './errors.ts';
import type { ProductChanges, ProductDetail, ProductState } from './product.ts';
import { listProducts, setRequiredDetails, updateProduct } from './repository.ts';

/** The products a bank offers. */
export class ProductService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Changes a product in all its currencies, and returns it in each. Throws 404 `not_found`. */
  async change(caller: Caller, code: string, changes: ProductChanges): Promise<ProductState[]> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      if (!(await updateProduct(tx, bookId, code, changes))) throw notFound();
      const resource = { resourceType: 'product', resourceId: code } as const;
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'changeProduct',
        ...resource,
        after: changes,
      });
    });
    return afterCommit(() => this.#inEachCurrency(code));
  }

  /**
   * Sets what customers must have told the bank before they open an account of the product, in one currency or in all.
   * Accounts that are open stay as they are. Throws 422 `unknown_product`.
   */
  async setRequirements(
    caller: Caller,
    code: string,
    change: { readonly currency?: Currency | undefined; readonly requiredDetails: readonly ProductDetail[] },
  ): Promise<ProductState[]> {
    const { db, bookId } = this.#context;
    const requiredDetails = [...new Set(change.requiredDetails)];
    const { currency } = change;
    await inTransaction(db, async (tx) => {
      const count = await setRequiredDetails(tx, bookId, code, { currency, requiredDetails });
      if (count === 0) throw productError('unknown_product');
      const after = { product: code, ...(currency === undefined ? {} : { currency }), requiredDetails };
      const operation = 'setProductRequirements';
      await recordAudit(tx, this.#context, { caller, operation, resourceType: 'product', after });
    });
    return afterCommit(() => this.#inEachCurrency(code));
  }

  /** All products, by currency and code. */
  list(): Promise<ProductState[]> {
    return listProducts(this.#context.db, this.#context.bookId);
  }

  async #inEachCurrency(code: string): Promise<ProductState[]> {
    return (await this.list()).filter((product) => product.code === code);
  }
}
