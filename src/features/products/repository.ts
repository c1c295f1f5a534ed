import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { ProductAccounting } from './accounting.ts';
import { Product, type ProductChanges, type ProductKey, type ProductState } from './product.ts';
import { type TermsVersion, versionInForce } from './terms.ts';

/**
 * A product with the terms in force on the business date: for an account that was opened on a date, for one that is opened
 * today if none is given.
 */
export async function findProduct(
  db: Db,
  bookId: number,
  { code, currency }: { readonly code: string; readonly currency: Currency },
  openedOn?: IsoDate,
): Promise<Product | undefined> {
  const row = await selectRows(db, bookId)
    .where('p.product_code', '=', code)
    .where('p.currency', '=', currency)
    .executeTakeFirst();
  return row === undefined ? undefined : toProduct(row, openedOn);
}

/** With the terms in force for accounts that are opened today. By currency, then code: all of a book, a few for each currency it keeps. */
export async function listProducts(db: Db, bookId: number): Promise<Product[]> {
  const rows = await selectRows(db, bookId).orderBy('p.currency').orderBy('p.product_code').execute();
  return rows.map((row) => toProduct(row));
}

/** A product whose terms say something about interest, with all its versions and the lines that it posts to. */
export type ProductInterest = {
  readonly code: string;
  readonly currency: Currency;
  readonly accounting: ProductAccounting;
  readonly versions: readonly TermsVersion[];
};

/** A product with all its versions, in their order. */
export type VersionedProduct = Pick<ProductInterest, 'code' | 'currency' | 'versions'>;

/** The products whose terms say something about interest, now or later, or once did; those of deposits all do. */
export async function listInterestProducts(db: Db, bookId: number): Promise<ProductInterest[]> {
  const rows = await selectRows(db, bookId)
    .where(
      sql<boolean>`exists (
        select from product_terms t where t.book_id = p.book_id and t.product_code = p.product_code
          and t.currency = p.currency and (t.terms ? 'interest' or t.terms ? 'deposit'))`,
    )
    .orderBy('p.currency')
    .orderBy('p.product_code')
    .execute();
  return rows.map(({ code, currency, accounting, versions }) => {
    return { code, currency, accounting, versions: versions ?? [] };
  });
}

/** All products of a book with all their versions. */
export async function listVersionedProducts(db: Db, bookId: number): Promise<VersionedProduct[]> {
  const rows = await selectRows(db, bookId).orderBy('p.currency').orderBy('p.product_code').execute();
  return rows.map(({ code, currency, versions }) => ({ code, currency, versions: versions ?? [] }));
}

function selectRows(db: Db, bookId: number) {
  return db
    .selectFrom('products as p')
    .innerJoin('books as b', 'b.book_id', 'p.book_id')
    .select((eb) => [
      'p.product_code as code',
      ...columns('p', ['currency', 'kind', 'name', 'gl_code', 'overdraft_allowed', 'status']),
      ...columns('p', ['capture_tolerance_percent', 'required_details', 'offered_from']),
      eb.ref('p.accounting').$castTo<ProductAccounting>().as('accounting'),
      'b.business_date as today',
      sql<TermsVersion[] | null>`(
        select jsonb_agg(jsonb_build_object('version', t.version, 'effectiveFrom', t.effective_on,
          'appliesTo', t.applies_to, 'terms', t.terms) order by t.version)
        from product_terms t
        where t.book_id = p.book_id and t.product_code = p.product_code and t.currency = p.currency)`.as(
        'versions',
      ),
    ])
    .where('p.book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

function toProduct({ today, versions, ...row }: Row, openedOn: IsoDate = today): Product {
  return new Product(withoutNulls(row), today, versionInForce(versions ?? [], { on: today, openedOn }));
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
      products.map((product) => ({
        book_id: bookId,
        product_code: product.code,
        currency: product.currency,
        kind: product.kind,
        name: product.name,
        gl_code: product.glCode,
        accounting: JSON.stringify(product.accounting ?? {}),
        overdraft_allowed: product.overdraftAllowed,
        offered_from: product.offeredFrom ?? null,
        capture_tolerance_percent: product.captureTolerancePercent,
        required_details: [...(product.requiredDetails ?? [])],
        status: product.status,
      })),
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
  { name, status, captureTolerancePercent, requiredDetails }: ProductChanges,
): Promise<number> {
  let update = tx
    .updateTable('products')
    .set({
      ...(name === undefined ? {} : { name }),
      ...(status === undefined ? {} : { status }),
      ...(captureTolerancePercent === undefined
        ? {}
        : { capture_tolerance_percent: captureTolerancePercent }),
      ...(requiredDetails === undefined ? {} : { required_details: [...requiredDetails] }),
    })
    .where('book_id', '=', bookId)
    .where('product_code', '=', code);
  if (currency !== undefined) update = update.where('currency', '=', currency);
  const changed = await update.returning('currency').execute();
  const keys = changed.map((row) => [code, row.currency]);
  await noteChanged(tx, bookId, 'products', keys);
  return changed.length;
}

/** Locks a product in a currency so that two versions are not added at once; false if the product does not exist. */
export async function lockProduct(
  tx: Tx,
  bookId: number,
  code: string,
  currency: Currency,
): Promise<boolean> {
  const row = await tx
    .selectFrom('products')
    .select('product_code')
    .where('book_id', '=', bookId)
    .where('product_code', '=', code)
    .where('currency', '=', currency)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row !== undefined;
}
