import type { Context } from '#db/context.ts';
import { asLabelError } from '#db/labels.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { type LoanProductId, newId, toTypeId } from '#lib/ids.ts';
import { movedByCalendar } from '../calendar-dates.ts';
import type { LoanTerms } from '../schedule/terms.ts';
import { loanProductError } from './errors.ts';
import { LoanProduct, type LoanProductRequest } from './loan-product.ts';
import {
  findLoanProduct,
  insertLoanProduct,
  type LoanProductFilter,
  listLoanProducts,
} from './repository.ts';

/** The bank's loan products. Every caller may see them. */
export class LoanProductService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Throws 400 as LoanProduct.define does, and 409 `loan_product_exists` for a taken name, `external_id_exists`. */
  async create(caller: Caller, request: LoanProductRequest): Promise<LoanProduct> {
    const { db, bookId } = this.#context;
    const product = this.judge(request);
    const { id, name, currency } = product.state;
    try {
      await inTransaction(db, async (tx) => {
        await insertLoanProduct(tx, bookId, product);
        await recordAudit(tx, this.#context, {
          caller,
          operation: 'createLoanProduct',
          resourceType: 'loan_product',
          resourceId: toTypeId('loanProduct', id),
          after: { name, currency },
        });
      });
    } catch (error) {
      throw asLoanProductError(error);
    }
    return product;
  }

  /** The product that would be created. Throws 400 for what is wrong with it, and stores nothing. */
  judge(request: LoanProductRequest): LoanProduct {
    const { clock, ids } = this.#context;
    return LoanProduct.define(newId(ids, 'loanProduct'), request, clock.nowMs());
  }

  /** Throws 404 `not_found`. */
  async get(id: LoanProductId): Promise<LoanProduct> {
    const product = await findLoanProduct(this.#context.db, this.#context.bookId, id);
    if (product === undefined) throw notFound();
    return product;
  }

  /** Terms with the due dates that the book's calendar moves, by the product's rule. */
  async onBusinessDays(product: LoanProduct, terms: LoanTerms): Promise<LoanTerms> {
    const moved = await movedByCalendar(this.#context.db, this.#context, product, terms);
    return moved === undefined ? terms : { ...terms, moved };
  }

  /** Newest first. */
  list(filter: LoanProductFilter): Promise<LoanProduct[]> {
    return listLoanProducts(this.#context.db, this.#context.bookId, filter);
  }
}

function asLoanProductError(error: unknown): unknown {
  if (violatedUnique(error) !== 'loan_products_name_once') return asLabelError(error);
  return loanProductError('loan_product_exists', {
    fields: [{ path: 'name', message: 'belongs to another loan product' }],
  });
}
