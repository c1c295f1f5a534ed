import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Deposits with an instalment that is due by a date, or that wait to be closed, by ascending id after one. */
export async function listWithInstalments(
  db: Db,
  bookId: number,
  {
    date,
    after,
    limit,
  }: { readonly date: IsoDate; readonly after: AccountId | undefined; readonly limit: number },
): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`
    select account_id as id ${dueBy(bookId, date)}
      and ${after === undefined ? sql`true` : sql`account_id > ${after}::uuid`}
    order by account_id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

export async function countWithInstalments(db: Db, bookId: number, date: IsoDate): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count ${dueBy(bookId, date)}`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

function dueBy(bookId: number, date: IsoDate) {
  return sql`
    from deposits
    where book_id = ${bookId} and status = 'active' and instalment_minor is not null
      and (next_instalment_on <= ${date}::date or waits_for is not null)`;
}
