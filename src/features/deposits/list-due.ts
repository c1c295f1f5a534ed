import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Which deposits a date has something to do for: the tables, with deposits as `d`, and the condition. */
export type Due = (bookId: number, date: IsoDate) => RawBuilder<unknown>;

/** Those that mature, those whose money waits, and those with interest that is to be paid out. */
export const owesMoney: Due = (bookId, date) => sql`
  from deposits d
  join ledger_accounts l on l.book_id = d.book_id and l.ledger_account_id = d.account_id
  where d.book_id = ${bookId} and d.status in ('active', 'matured')
    and (d.status = 'matured' or d.matures_on <= ${date}::date
      or d.pays_interest_out and l.balance_minor > d.principal_minor)`;

/** Those with an instalment that is due by the date, and those that wait to be closed. */
export const hasInstalment: Due = (bookId, date) => sql`
  from deposits d
  where d.book_id = ${bookId} and d.status = 'active' and d.instalment_minor is not null
    and (d.next_instalment_on <= ${date}::date or d.waits_for is not null)`;

/** Deposits by ascending id, after one. */
export async function listDue(
  db: Db,
  due: RawBuilder<unknown>,
  { after, limit }: { readonly after: AccountId | undefined; readonly limit: number },
): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`
    select d.account_id as id ${due} and ${after === undefined ? sql`true` : sql`d.account_id > ${after}::uuid`}
    order by d.account_id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

export async function countDue(db: Db, due: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count ${due}`.execute(db);
  return rows[0]?.count ?? 0;
}
