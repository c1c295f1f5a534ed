import type { Context } from '#db/context.ts';
import type { ProductState } from './product.ts';
import { listProducts } from './repository.ts';

/** The products a bank offers. */
export class ProductService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** All products, by currency and code. */
  list(): Promise<ProductState[]> {
    return listProducts(this.#context.db, this.#context.bookId);
  }
}
