import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import { selectBaseCurrency } from '#features/books/contract.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { ExchangeRate, RatesByCurrency } from './exchange-rate.ts';

function selectRates(db: Db, bookId: number) {
  return db
    .selectFrom('exchange_rates as r')
    .select(
      columns('r', [
        'currency',
        'valid_on',
        'is_direct',
        'bid_e10',
        'ask_e10',
        'mid_e10',
        'set_by',
        'set_at',
      ]),
    )
    .where('r.book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRates>['executeTakeFirstOrThrow']>>;

const withPair = ({ isDirect, ...rate }: Row, base: Currency): ExchangeRate => ({
  ...rate,
  pair: isDirect ? { first: rate.currency, second: base } : { first: base, second: rate.currency },
});

/** The last rates up to a date, by currency, and from a currency on. */
export async function listExchangeRates(
  db: Db,
  bookId: number,
  {
    on,
    after,
    limit,
  }: { readonly on: IsoDate; readonly after?: Currency | undefined; readonly limit?: number },
): Promise<ExchangeRate[]> {
  let query = selectRates(db, bookId).where(
    sql<boolean>`r.valid_on = (
      select max(v.valid_on) from exchange_rates v
      where v.book_id = r.book_id and v.currency = r.currency and v.valid_on <= ${on}::date)`,
  );
  if (after !== undefined) query = query.where('r.currency', '>', after);
  if (limit !== undefined) query = query.limit(limit);
  const [rows, base] = [await query.orderBy('r.currency').execute(), await selectBaseCurrency(db, bookId)];
  return rows.map((row) => withPair(row, base));
}

/** The last rates up to a date, by currency. */
export async function loadExchangeRates(db: Db, bookId: number, on: IsoDate): Promise<RatesByCurrency> {
  const rates = await listExchangeRates(db, bookId, { on });
  return new Map(rates.map((rate) => [rate.currency, rate]));
}

/** The rates of a currency, the latest date first. */
export async function listValues(
  db: Db,
  bookId: number,
  {
    currency,
    before,
    limit,
  }: { readonly currency: Currency; readonly before?: IsoDate | undefined; readonly limit: number },
): Promise<ExchangeRate[]> {
  let query = selectRates(db, bookId).where('r.currency', '=', currency);
  if (before !== undefined) query = query.where(sql<boolean>`r.valid_on < ${before}::date`);
  const rows = await query.orderBy('r.valid_on', 'desc').limit(limit).execute();
  const base = await selectBaseCurrency(db, bookId);
  return rows.map((row) => withPair(row, base));
}

/** Stores a rate; one of the same date is replaced. */
export async function storeExchangeRate(tx: Tx, bookId: number, rate: ExchangeRate): Promise<void> {
  const values = {
    is_direct: rate.pair.first === rate.currency,
    bid_e10: rate.bidE10,
    ask_e10: rate.askE10,
    mid_e10: rate.midE10,
    set_by: rate.setBy,
    set_at: rate.setAt,
  };
  await tx
    .insertInto('exchange_rates')
    .values({ book_id: bookId, currency: rate.currency, valid_on: rate.validOn, ...values })
    .onConflict((conflict) => conflict.columns(['book_id', 'currency', 'valid_on']).doUpdateSet(values))
    .execute();
  await noteChanged(tx, bookId, 'exchange_rates', [[rate.currency, rate.validOn]]);
}
