import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { AccountId } from '#lib/ids.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Up to and including the end of a business date, or an instant (ms since 1970, UTC). */
export type AsOf = { readonly businessDate: IsoDate } | { readonly instantMs: number };

/**
 * The last sequence number of a customer ledger account as of a date or instant; 0 before its first posting.
 * Sequence numbers are gapless and dates never go back along them, so a binary search finds it with some
 * twenty index look-ups among a million lines.
 */
export async function selectSeqAsOf(db: Db, bookId: number, id: AccountId, asOf: AsOf): Promise<bigint> {
  const isPast: RawBuilder<boolean> =
    'businessDate' in asOf
      ? sql`line.business_date <= ${asOf.businessDate}::date`
      : sql`(select e.posted_at from journal_entries e
             where e.book_id = ${bookId} and e.entry_id = line.entry_id)
            <= ${toIsoInstant(asOf.instantMs)}::timestamptz`;
  const { rows } = await sql<{ low: bigint }>`
    with recursive search as (
      select 0::bigint as low, seq as high from ledger_accounts
      where book_id = ${bookId} and ledger_account_id = ${id} and kind = 'customer'
      union all
      select case when probe.is_past then probe.middle else search.low end,
        case when probe.is_past then search.high else probe.middle - 1 end
      from search, lateral (
        select (search.low + search.high + 1) / 2 as middle, ${isPast} as is_past
        from ${lineAt(bookId, id, sql`(search.low + search.high + 1) / 2`)} as line
      ) as probe
      where search.low < search.high
    )
    select low from search where low = high`.execute(db);
  return rows[0]?.low ?? 0n;
}

/** The balance (minor units, credits minus debits) after the line with a sequence number; 0 for number 0. */
export async function selectBalanceAt(db: Db, bookId: number, id: AccountId, seq: bigint): Promise<bigint> {
  if (seq === 0n) return 0n;
  const { rows } = await sql<{ balanceMinor: bigint }>`
    select line.balance_minor as "balanceMinor" from ${lineAt(bookId, id, sql`${seq}::bigint`)} as line`.execute(
    db,
  );
  const row = rows[0];
  if (row === undefined) throw new TypeError(`account ${id} has no line ${seq}`);
  return row.balanceMinor;
}

/** The one posting of an account with a sequence number: on its debit or on its credit side. */
function lineAt(bookId: number, id: AccountId, seq: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select entry_id, business_date, debit_balance_minor as balance_minor from postings
    where book_id = ${bookId} and debit_account_id = ${id} and debit_seq = ${seq}
    union all
    select entry_id, business_date, credit_balance_minor from postings
    where book_id = ${bookId} and credit_account_id = ${id} and credit_seq = ${seq}
  )`;
}
