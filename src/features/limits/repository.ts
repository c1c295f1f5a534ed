import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { type Limits, NO_LIMITS } from './limit.ts';

/** Where limits are set: for the bank in a currency, or for a product. */
export type DefaultScope = { readonly currency: Currency; readonly product: string | undefined };
export type DefaultLimits = DefaultScope & {
  readonly limits: Limits;
  /** Whether transfers between accounts of one customer count. */
  readonly ownTransfersCount: boolean;
};

/** Those that are set for the account itself, and what its product and the bank have set. */
export type LimitLayers = { readonly account: Limits; readonly product: Limits; readonly bank: Limits };

type Columns = {
  readonly per_transaction_minor: bigint | null;
  readonly per_day_minor: bigint | null;
  readonly new_beneficiary_per_day_minor: bigint | null;
};

const LIMIT_COLUMNS = ['per_transaction_minor', 'per_day_minor', 'new_beneficiary_per_day_minor'] as const;

export async function findLayers(
  db: Db,
  bookId: number,
  accountId: AccountId,
  { currency, product }: { readonly currency: Currency; readonly product: string },
): Promise<LimitLayers> {
  return {
    account: await findAccountLimits(db, bookId, accountId),
    product: await findDefaultLimits(db, bookId, { currency, product }),
    bank: await findDefaultLimits(db, bookId, { currency, product: undefined }),
  };
}

export async function findAccountLimits(db: Db, bookId: number, accountId: AccountId): Promise<Limits> {
  const row = await db
    .selectFrom('account_limits')
    .select(LIMIT_COLUMNS)
    .where('book_id', '=', bookId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return toLimits(row);
}

export async function findDefaultLimits(
  db: Db,
  bookId: number,
  { currency, product }: DefaultScope,
): Promise<Limits> {
  const row =
    product === undefined
      ? await db
          .selectFrom('book_limits')
          .select(LIMIT_COLUMNS)
          .where('book_id', '=', bookId)
          .where('currency', '=', currency)
          .executeTakeFirst()
      : await db
          .selectFrom('product_limits')
          .select(LIMIT_COLUMNS)
          .where('book_id', '=', bookId)
          .where('product_code', '=', product)
          .where('currency', '=', currency)
          .executeTakeFirst();
  return toLimits(row);
}

/** All that are set for the bank and its products: by currency, the bank's first. A few for each currency. */
export async function listDefaultLimits(db: Db, bookId: number): Promise<DefaultLimits[]> {
  const { rows } = await sql<
    Columns & { currency: Currency; product: string | null; ownTransfersCount: boolean }
  >`
    select currency, null as product, per_transaction_minor, per_day_minor, new_beneficiary_per_day_minor,
      own_transfers_count as "ownTransfersCount"
    from book_limits where book_id = ${bookId}
    union all
    select currency, product_code, per_transaction_minor, per_day_minor, new_beneficiary_per_day_minor,
      own_transfers_count
    from product_limits where book_id = ${bookId}
    order by currency, product nulls first`.execute(db);
  return rows.map((row) => ({
    currency: row.currency,
    product: row.product ?? undefined,
    limits: toLimits(row),
    ownTransfersCount: row.ownTransfersCount,
  }));
}

export async function storeAccountLimits(
  tx: Tx,
  bookId: number,
  accountId: AccountId,
  limits: Limits,
  updatedAtMs: number,
): Promise<void> {
  const columns = toColumns(limits, updatedAtMs);
  await tx
    .insertInto('account_limits')
    .values({ book_id: bookId, account_id: accountId, ...columns })
    .onConflict((conflict) => conflict.columns(['book_id', 'account_id']).doUpdateSet(columns))
    .execute();
  await noteChanged(tx, bookId, 'account_limits', [accountId]);
}

export async function storeDefaultLimits(
  tx: Tx,
  bookId: number,
  { currency, product, limits, ownTransfersCount }: DefaultLimits,
  updatedAtMs: number,
): Promise<void> {
  const columns = { ...toColumns(limits, updatedAtMs), own_transfers_count: ownTransfersCount };
  if (product === undefined) {
    await tx
      .insertInto('book_limits')
      .values({ book_id: bookId, currency, ...columns })
      .onConflict((conflict) => conflict.columns(['book_id', 'currency']).doUpdateSet(columns))
      .execute();
    await noteChanged(tx, bookId, 'book_limits', [currency]);
    return;
  }
  await tx
    .insertInto('product_limits')
    .values({ book_id: bookId, product_code: product, currency, ...columns })
    .onConflict((conflict) => conflict.columns(['book_id', 'product_code', 'currency']).doUpdateSet(columns))
    .execute();
  await noteChanged(tx, bookId, 'product_limits', [[product, currency]]);
}

function toColumns({ perTransaction, perDay, newBeneficiaryPerDay }: Limits, updatedAtMs: number) {
  return {
    per_transaction_minor: perTransaction ?? null,
    per_day_minor: perDay ?? null,
    new_beneficiary_per_day_minor: newBeneficiaryPerDay ?? null,
    updated_at: new Date(updatedAtMs),
  };
}

function toLimits(row: Columns | undefined): Limits {
  if (row === undefined) return NO_LIMITS;
  return {
    perTransaction: row.per_transaction_minor ?? undefined,
    perDay: row.per_day_minor ?? undefined,
    newBeneficiaryPerDay: row.new_beneficiary_per_day_minor ?? undefined,
  };
}
