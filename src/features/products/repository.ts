import type { Selectable } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import type { Products } from '#db/tables.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { Product, type ProductState } from './product.ts';

export async function findProduct(
  db: Db,
  bookId: number,
  code: string,
  currency: Currency,
): Promise<Product | undefined> {
  const row = await db
    .selectFrom('products')
    .selectAll()
    .where('book_id', '=', bookId)
    .where('product_code', '=', code)
    .where('currency', '=', currency)
    .executeTakeFirst();
  return row === undefined ? undefined : new Product(toState(row));
}

/** By currency, then code: all of a book, a few for each currency it keeps. */
export async function listProducts(db: Db, bookId: number): Promise<ProductState[]> {
  const rows = await db
    .selectFrom('products')
    .selectAll()
    .where('book_id', '=', bookId)
    .orderBy('currency')
    .orderBy('product_code')
    .execute();
  return rows.map(toState);
}

export async function insertProducts(
  tx: Tx,
  bookId: number,
  products: readonly ProductState[],
): Promise<void> {
  if (products.length === 0) return;
  await tx
    .insertInto('products')
    .values(
      products.map(({ code, currency, kind, name, glCode, overdraftAllowed, status }) => ({
        book_id: bookId,
        product_code: code,
        currency,
        kind,
        name,
        gl_code: glCode,
        overdraft_allowed: overdraftAllowed,
        status,
      })),
    )
    .execute();
}

function toState(row: Selectable<Products>): ProductState {
  return {
    code: row.product_code,
    currency: row.currency as Currency,
    kind: row.kind as ProductState['kind'],
    name: row.name,
    glCode: row.gl_code,
    overdraftAllowed: row.overdraft_allowed,
    status: row.status as ProductState['status'],
  };
}
