import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import type { ProductChanges, ProductState } from './product.ts';
import { listProducts, updateProduct } from './repository.ts';

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
    return (await this.list()).filter((product) => product.code === code);
  }

  /** All products, by currency and code. */
  list(): Promise<ProductState[]> {
    return listProducts(this.#context.db, this.#context.bookId);
  }
}
