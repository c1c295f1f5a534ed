import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { Product, type ProductChanges, type ProductKey, type ProductState } from './product.ts';

export async function findProduct(
  db: Db,
  bookId: number,
  code: string,
  currency: Currency,
): Promise<Product | undefined> {
  const row = await selectStates(db, bookId)
    .where('product_code', '=', code)
    .where('currency', '=', currency)
    .executeTakeFirst();
  return row === undefined ? undefined : new Product(row);
}

/** By currency, then code: all of a book, a few for each currency it keeps. */
export function listProducts(db: Db, bookId: number): Promise<ProductState[]> {
  return selectStates(db, bookId).orderBy('currency').orderBy('product_code').execute();
}

function selectStates(db: Db, bookId: number) {
  return db
    .selectFrom('products')
    .select('product_code as code')
    .select(
      columns('products', [
        'currency',
        'kind',
        'name',
        'gl_code',
        'overdraft_allowed',
        'status',
        'capture_tolerance_percent',
        'required_details',
      ]),
    )
    .where('book_id', '=', bookId);
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
      products.map(
        ({ code, currency, kind, name, glCode, overdraftAllowed, captureTolerancePercent, status }) => ({
          book_id: bookId,
          product_code: code,
          currency,
          kind,
          name,
          gl_code: glCode,
          overdraft_allowed: overdraftAllowed,
          capture_tolerance_percent: captureTolerancePercent,
          status,
        }),
      ),
    )
    .execute();
  const keys = products.map(({ code, currency }) => [code, currency]);
  await noteChanged(tx, bookId, 'products', keys);
}

/** Changes a product, in one currency or in all of them; returns in how many. */
export async function updateProduct(
  tx: Tx,
  bookId: number,
  { code, currency }: ProductKey,
  { captureTolerancePercent, requiredDetails }: ProductChanges,
): Promise<number> {
  let update = tx
    .updateTable('products')
    .set({
      ...(captureTolerancePercent === undefined
        ? {}
        : { capture_tolerance_percent: captureTolerancePercent }),
      ...(requiredDetails === undefined ? {} : { required_details: [...requiredDetails] }),
    })
    .where('book_id', '=', bookId)
    .where('product_code', '=', code);
  if (currency !== undefined) update = update.where('currency', '=', currency);
  const changed = await update.returning('currency').execute();
  await noteProducts(tx, bookId, code, changed);
  return changed.length;
}

function noteProducts(
  tx: Tx,
  bookId: number,
  code: string,
  changed: readonly { readonly currency: Currency }[],
): Promise<void> {
  const keys = changed.map(({ currency }) => [code, currency]);
  return noteChanged(tx, bookId, 'products', keys);
}
