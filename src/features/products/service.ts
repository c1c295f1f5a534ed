import type { Context } from '#db/context.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import { productError } from './errors.ts';
import type { ProductChanges, ProductKey, ProductState } from './product.ts';
import { listProducts, updateProduct } from './repository.ts';

/** The products a bank offers. */
export class ProductService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Changes a product in one of its currencies, or in all of them, and returns it in each. Accounts that are open keep
   * what they were opened with. Throws 400 `validation_failed` for no
   * change, 404 `not_found`, and 422 `unknown_product` for a currency that it does not have.
   */
  async change(caller: Caller, key: ProductKey, changes: ProductChanges): Promise<ProductState[]> {
    const { db, bookId } = this.#context;
    const { code, currency } = key;
    if (Object.keys(changes).length === 0) {
      throw validationFailed({ path: '', message: 'must change something of the product' });
    }
    await inTransaction(db, async (tx) => {
      if ((await updateProduct(tx, bookId, key, changes)) === 0) {
        throw currency === undefined ? notFound() : productError('unknown_product');
      }
      const resource = { resourceType: 'product', resourceId: code } as const;
      const after = { ...changes, ...(currency === undefined ? {} : { currency }) };
      await recordAudit(tx, this.#context, { caller, operation: 'changeProduct', ...resource, after });
    });
    return afterCommit(() => this.#inEachCurrency(code));
  }

  /** A product in each of its currencies. Throws 404 `not_found`. */
  async get(code: string): Promise<ProductState[]> {
    const found = await this.#inEachCurrency(code);
    if (found.length === 0) throw notFound();
    return found;
  }

  /** All products, by currency and code. */
  list(): Promise<ProductState[]> {
    return listProducts(this.#context.db, this.#context.bookId);
  }

  async #inEachCurrency(code: string): Promise<ProductState[]> {
    return (await this.list()).filter((product) => product.code === code);
  }
}
