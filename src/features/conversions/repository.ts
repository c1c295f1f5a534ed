import { sql } from 'kysely';
import { bigints, bulkInsert, texts, uuids } from '#db/bulk-rows.ts';
import type { Db } from '#db/database.ts';
import { hasMetadata } from '#db/labels.ts';
import { selectBaseCurrency } from '#features/books/contract.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { pairText, parsePair } from '#lib/money/exchange.ts';
import type { RoundingOrCut } from '#lib/money/fraction.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Conversion, FixedSide, PostedConversion } from './conversion.ts';

type NewConversion = Conversion & { readonly id: TransactionId };

export const insertConversions = bulkInsert('currency_conversions').of<NewConversion>({
  entry_id: uuids(({ id }) => id),
  sold_currency: texts(({ sold }) => sold),
  sold_minor: bigints(({ soldMinor }) => soldMinor),
  bought_currency: texts(({ bought }) => bought),
  bought_minor: bigints(({ boughtMinor }) => boughtMinor),
  base_minor: bigints(({ baseMinor }) => baseMinor),
  fixed: texts(({ fixed }) => fixed),
  rounding: texts(({ rounding }) => rounding),
  source: texts(({ source }) => source),
  pair: texts(({ rates }) => pairOf(rates[0]) ?? ''),
  rate_e10: bigints(({ rates }) => rates[0]?.rateE10 ?? 0n),
  second_pair: texts(({ rates }) => pairOf(rates[1])),
  second_rate_e10: bigints(({ rates }) => rates[1]?.rateE10),
});

const pairOf = (rate: Conversion['rates'][number] | undefined): string | undefined =>
  rate && pairText(rate.pair);

type Row = {
  readonly id: TransactionId;
  readonly sold: Currency;
  readonly soldMinor: bigint;
  readonly bought: Currency;
  readonly boughtMinor: bigint;
  readonly baseMinor: bigint;
  readonly fixed: FixedSide;
  readonly rounding: RoundingOrCut;
  readonly source: 'given' | 'table';
  readonly pair: string;
  readonly rateE10: bigint;
  readonly secondPair: string | null;
  readonly secondRateE10: bigint | null;
  readonly fromAccountId: AccountId;
  readonly toAccountId: AccountId;
  readonly businessDate: IsoDate;
  readonly actor: string;
  readonly externalId: string | null;
  readonly metadata: Labels['metadata'] | null;
  readonly postedAt: Date;
};

export type ConversionFilter = {
  readonly id?: TransactionId;
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  /** The last one that is looked at. */
  readonly through?: TransactionId | undefined;
  readonly after?: TransactionId | undefined;
  readonly limit: number;
};

/** Conversions, newest first. */
export async function listConversions(
  db: Db,
  bookId: number,
  { id, externalId, metadata: texts, through, after, limit }: ConversionFilter,
): Promise<PostedConversion[]> {
  const where = [
    sql`c.book_id = ${bookId}`,
    ...(id === undefined ? [] : [sql`c.entry_id = ${id}::uuid`]),
    ...(externalId === undefined ? [] : [sql`t.external_id = ${externalId.normalize('NFC')}`]),
    ...hasMetadata('t', { metadata: texts }),
    ...(through === undefined ? [] : [sql`c.entry_id >= ${through}::uuid`]),
    ...(after === undefined ? [] : [sql`c.entry_id < ${after}::uuid`]),
  ];
  const { rows } = await sql<Row>`
    select c.entry_id as id, c.sold_currency as sold, c.sold_minor as "soldMinor", c.bought_currency as bought,
      c.bought_minor as "boughtMinor", c.base_minor as "baseMinor", c.fixed, c.rounding, c.source, c.pair,
      c.rate_e10 as "rateE10", c.second_pair as "secondPair", c.second_rate_e10 as "secondRateE10",
      payer.debit_account_id as "fromAccountId", payee.credit_account_id as "toAccountId",
      e.business_date as "businessDate", e.actor, e.posted_at as "postedAt",
      t.external_id as "externalId", t.metadata
    from currency_conversions c
    join journal_entries e on e.book_id = c.book_id and e.entry_id = c.entry_id
    left join transactions t on t.book_id = c.book_id and t.transaction_id = c.entry_id
    join postings payer on payer.book_id = c.book_id and payer.entry_id = c.entry_id and payer.debit_seq is not null
    join postings payee on payee.book_id = c.book_id and payee.entry_id = c.entry_id and payee.credit_seq is not null
    where ${sql.join(where, sql` and `)}
    order by c.entry_id desc limit ${limit}`.execute(db);
  const base = await selectBaseCurrency(db, bookId);
  return rows.map(
    ({ pair, rateE10, secondPair, secondRateE10, postedAt, externalId: label, metadata, ...row }) => ({
      ...row,
      labels: { externalId: label ?? undefined, metadata: metadata ?? undefined },
      base,
      rates: [
        { pair: parsePair(pair), rateE10 },
        ...(secondPair === null || secondRateE10 === null
          ? []
          : [{ pair: parsePair(secondPair), rateE10: secondRateE10 }]),
      ],
      postedAtMs: postedAt.getTime(),
    }),
  );
}
