import { sql } from 'kysely';
import { bigints, booleans, bulkInsert, dates, texts, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Context } from '#db/context.ts';
import type { Db, Tx } from '#db/database.ts';
import { CHART } from '#ledger/chart.ts';
import { openInternalAccounts } from '#ledger/internal-accounts.ts';
import type { InternalAccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { insertGlAccount, listGlAccounts, lockChart } from '../chart/repository.ts';
import type { Position } from './position.ts';

/** The line of the chart with the equivalent of each foreign currency in which there was ever a position. */
export async function findEquivalents(db: Db, bookId: number): Promise<ReadonlyMap<Currency, string>> {
  const rows = await db
    .selectFrom('currency_positions')
    .select(['currency', 'equivalent_gl_code as glCode'])
    .where('book_id', '=', bookId)
    .execute();
  return new Map(rows.map(({ currency, glCode }) => [currency, glCode]));
}

/**
 * The line with the equivalent of a foreign currency, which is made when it is first needed: the next one below the group
 * of equivalents. Locks the chart.
 */
export async function openEquivalent(
  tx: Tx,
  { bookId, ids }: Pick<Context, 'bookId' | 'ids'>,
  currency: Currency,
  base: Currency,
): Promise<string> {
  await lockChart(tx, bookId);
  // Read with the lock held: another transaction may just have made a line.
  const known = (await findEquivalents(tx, bookId)).get(currency);
  if (known !== undefined) return known;
  const codes = new Set((await listGlAccounts(tx, bookId)).map(({ code }) => code));
  let number = 1;
  while (codes.has(codeOf(number))) number += 1;
  const code = codeOf(number);
  await insertGlAccount(tx, bookId, {
    code,
    name: `Equivalent of ${currency}`,
    class: 'asset',
    parent: CHART.currencyEquivalents,
    isGroup: false,
    manualPosting: false,
    control: true,
    retired: false,
    version: 1,
  });
  await openInternalAccounts(tx, bookId, [
    { id: ids.next() as InternalAccountId, glCode: code, currency: base },
  ]);
  await tx
    .insertInto('currency_positions')
    .values({ book_id: bookId, currency, equivalent_gl_code: code })
    .execute();
  await noteChanged(tx, bookId, 'currency_positions', [currency]);
  return code;
}

const codeOf = (number: number): string => `${CHART.currencyEquivalents}${String(number).padStart(3, '0')}`;

/**
 * Every position at the end of a date, by currency. From the balances kept of the last closed date and the postings since,
 * by their index: quick whatever else the day brought.
 */
export async function selectPositions(db: Db, bookId: number, date: IsoDate): Promise<Position[]> {
  const { rows } = await sql<{ currency: Currency; position: string; equivalent: string }>`
    with balances as materialized (
      select a.gl_code, a.currency, coalesce(kept.balance_minor, 0) + c.minor - d.minor as balance_minor
      from ledger_accounts a
      left join lateral (
        select b.business_date, b.balance_minor from end_of_day_balances b
        where b.book_id = a.book_id and b.ledger_account_id = a.ledger_account_id
          and b.business_date <= ${date}::date
        order by b.business_date desc limit 1
      ) as kept on true
      cross join lateral (
        select coalesce(sum(p.amount_minor), 0) as minor from postings p
        where p.book_id = a.book_id and p.debit_account_id = a.ledger_account_id and p.debit_seq is null
          and p.business_date > coalesce(kept.business_date, '-infinity') and p.business_date <= ${date}::date
      ) as d
      cross join lateral (
        select coalesce(sum(p.amount_minor), 0) as minor from postings p
        where p.book_id = a.book_id and p.credit_account_id = a.ledger_account_id and p.credit_seq is null
          and p.business_date > coalesce(kept.business_date, '-infinity') and p.business_date <= ${date}::date
      ) as c
      where a.book_id = ${bookId} and a.kind = 'internal' and (a.gl_code = ${CHART.currencyPositions}
        or a.gl_code in (select equivalent_gl_code from currency_positions where book_id = ${bookId}))
    )
    select cp.currency, p.balance_minor::text as position, e.balance_minor::text as equivalent
    from currency_positions cp
    join balances p on p.gl_code = ${CHART.currencyPositions} and p.currency = cp.currency
    join balances e on e.gl_code = cp.equivalent_gl_code
    where cp.book_id = ${bookId} order by cp.currency`.execute(db);
  return rows.map(({ currency, position, equivalent }) => ({
    currency,
    positionMinor: BigInt(position),
    bookMinor: -BigInt(equivalent),
  }));
}

/** What a position came to at the end of a date. */
export type Revaluation = {
  readonly currency: Currency;
  readonly positionMinor: bigint;
  readonly isDirect: boolean;
  readonly rateE10: bigint;
  readonly rateOn: IsoDate;
  readonly beforeMinor: bigint;
  readonly afterMinor: bigint;
  readonly entryId: TransactionId | undefined;
};

export const insertRevaluations = bulkInsert('currency_revaluations', {
  same: ['business_date'],
}).of<Revaluation>({
  currency: texts(({ currency }) => currency),
  position_minor: bigints(({ positionMinor }) => positionMinor),
  is_direct: booleans(({ isDirect }) => isDirect),
  rate_e10: bigints(({ rateE10 }) => rateE10),
  rate_on: dates(({ rateOn }) => rateOn),
  before_minor: bigints(({ beforeMinor }) => beforeMinor),
  after_minor: bigints(({ afterMinor }) => afterMinor),
  entry_id: uuids(({ entryId }) => entryId),
});
