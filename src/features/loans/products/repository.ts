import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { labelColumns } from '#db/labels.ts';
import { withoutNulls } from '#db/rows.ts';
import type { LoanProductId } from '#lib/ids.ts';
import { LoanProduct } from './loan-product.ts';
import type { ProductConditions } from './product-conditions.ts';

export type LoanProductFilter = {
  readonly externalId?: string | undefined;
  readonly after?: LoanProductId | undefined;
  readonly limit: number;
};

export async function insertLoanProduct(tx: Tx, bookId: number, { state }: LoanProduct): Promise<void> {
  await tx
    .insertInto('loan_products')
    .values({
      book_id: bookId,
      loan_product_id: state.id,
      name: state.name,
      currency: state.currency,
      conditions: JSON.stringify(state.conditions),
      created_at: new Date(state.createdAtMs),
      ...labelColumns(state),
    })
    .execute();
  await noteChanged(tx, bookId, 'loan_products', [state.id]);
}

export async function findLoanProduct(
  db: Db,
  bookId: number,
  id: LoanProductId,
): Promise<LoanProduct | undefined> {
  const row = await selectRows(db, bookId).where('loan_product_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toProduct(row);
}

export async function findLoanProductByName(
  db: Db,
  bookId: number,
  name: string,
): Promise<LoanProduct | undefined> {
  const row = await selectRows(db, bookId).where('name', '=', name).executeTakeFirst();
  return row === undefined ? undefined : toProduct(row);
}

/** The products that exist, by id. */
export async function findLoanProducts(
  db: Db,
  bookId: number,
  ids: readonly LoanProductId[],
): Promise<ReadonlyMap<LoanProductId, LoanProduct>> {
  if (ids.length === 0) return new Map();
  const rows = await selectRows(db, bookId)
    .where(sql<boolean>`loan_product_id = any(${[...new Set(ids)]}::uuid[])`)
    .execute();
  return new Map(rows.map(toProduct).map((product) => [product.state.id, product]));
}

/** Newest first. */
export async function listLoanProducts(
  db: Db,
  bookId: number,
  { externalId, after, limit }: LoanProductFilter,
): Promise<LoanProduct[]> {
  let query = selectRows(db, bookId);
  if (externalId !== undefined) query = query.where('external_id', '=', externalId.normalize('NFC'));
  if (after !== undefined) query = query.where('loan_product_id', '<', after);
  const rows = await query.orderBy('loan_product_id', 'desc').limit(limit).execute();
  return rows.map(toProduct);
}

function selectRows(db: Db, bookId: number) {
  return db
    .selectFrom('loan_products')
    .select((eb) => [
      'loan_product_id as id',
      'name',
      'currency',
      eb.ref('conditions').$castTo<ProductConditions>().as('conditions'),
      'created_at as createdAt',
      'external_id as externalId',
      'metadata',
    ])
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

function toProduct({ createdAt, ...row }: Row): LoanProduct {
  return new LoanProduct({ ...withoutNulls(row), createdAtMs: createdAt.getTime() });
}
