import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** A rate from a date on, until the next. A year's, in parts per million. */
export type ReferenceRate = {
  readonly code: string;
  readonly validFrom: IsoDate;
  readonly ratePpm: bigint;
  readonly setBy: string;
  readonly setAt: Date;
};

function selectRates(db: Db, bookId: number) {
  return db
    .selectFrom('reference_rates as r')
    .select('r.reference_code as code')
    .select(columns('r', ['valid_from', 'rate_ppm', 'set_by', 'set_at']))
    .where('r.book_id', '=', bookId);
}

/** Each rate as it is on a date, or as it first will be, by code. */
export function listReferenceRates(
  db: Db,
  bookId: number,
  { on, after, limit }: { readonly on: IsoDate; readonly after?: string | undefined; readonly limit: number },
): Promise<ReferenceRate[]> {
  let query = selectRates(db, bookId).where(
    sql<boolean>`r.valid_from = coalesce(
      (select max(v.valid_from) from reference_rates v where v.book_id = r.book_id
        and v.reference_code = r.reference_code and v.valid_from <= ${on}::date),
      (select min(v.valid_from) from reference_rates v where v.book_id = r.book_id
        and v.reference_code = r.reference_code))`,
  );
  if (after !== undefined) query = query.where('r.reference_code', '>', after);
  return query.orderBy('r.reference_code').limit(limit).execute();
}

/** The values of a rate, the latest date first. */
export function listValues(
  db: Db,
  bookId: number,
  {
    code,
    before,
    limit,
  }: { readonly code: string; readonly before?: IsoDate | undefined; readonly limit: number },
): Promise<ReferenceRate[]> {
  let query = selectRates(db, bookId).where('r.reference_code', '=', code);
  if (before !== undefined) query = query.where(sql<boolean>`r.valid_from < ${before}::date`);
  return query.orderBy('r.valid_from', 'desc').limit(limit).execute();
}

/** Whether a rate has a value on a date. */
export async function hasReferenceRate(db: Db, bookId: number, code: string, on: IsoDate): Promise<boolean> {
  const row = await selectRates(db, bookId)
    .where('r.reference_code', '=', code)
    .where(sql<boolean>`r.valid_from <= ${on}::date`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** All values by code, each ascending by date: what arithmetic takes. */
export async function loadReferenceRates(
  db: Db,
  bookId: number,
): Promise<ReadonlyMap<string, { readonly from: IsoDate; readonly ratePpm: bigint }[]>> {
  const rates = await selectRates(db, bookId).orderBy('r.reference_code').orderBy('r.valid_from').execute();
  const values = rates.map(({ code, validFrom: from, ratePpm }) => ({ code, from, ratePpm }));
  return Map.groupBy(values, ({ code }) => code);
}

/** Stores a rate; one of the same date is replaced. */
export async function storeReferenceRate(tx: Tx, bookId: number, rate: ReferenceRate): Promise<void> {
  const values = { rate_ppm: rate.ratePpm, set_by: rate.setBy, set_at: rate.setAt };
  await tx
    .insertInto('reference_rates')
    .values({ book_id: bookId, reference_code: rate.code, valid_from: rate.validFrom, ...values })
    .onConflict((conflict) =>
      conflict.columns(['book_id', 'reference_code', 'valid_from']).doUpdateSet(values),
    )
    .execute();
  await noteChanged(tx, bookId, 'reference_rates', [[rate.code, rate.validFrom]]);
}
