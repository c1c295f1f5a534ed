import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { IssuingBankView } from '#features/books/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type HeadRow, headColumns, headOf, joinProduct } from './head.ts';
import type { DueStatement } from './statement.ts';

/** Locks the rows of the next accounts after one, by id: who makes a statement of one of them waits. */
export async function lockNextAccounts(
  tx: Tx,
  bookId: number,
  after: AccountId | undefined,
  limit: number,
): Promise<AccountId[]> {
  const rows = await tx
    .selectFrom('accounts')
    .select('account_id as id')
    .where('book_id', '=', bookId)
    .$if(after !== undefined, (query) => query.where('account_id', '>', after as AccountId))
    .orderBy('account_id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * The next statements of accounts whose rows are locked, by account: from the day after the last one, or from the first of
 * the month for an account that has had none. An account is left out if it has no line since and no balance, or a
 * statement to that date. Reads the last line of each by that date: nothing may be booked on it any more.
 */
export async function findDueStatements(
  tx: Tx,
  bookId: number,
  accountIds: readonly AccountId[],
  { to, bank }: { readonly to: IsoDate; readonly bank: IssuingBankView },
): Promise<DueStatement[]> {
  const { rows } = await sql<Omit<DueStatement, 'head'> & HeadRow>`
    select a.account_id as "accountId", a.customer_id as "ownerId", a.currency,
      coalesce(s.statement_number, 0) + 1 as number, period.from_on as "from", ${to}::date as "to",
      coalesce(s.last_seq, before.seq, 0) as "seqBefore",
      coalesce(s.closing_minor, before.balance_minor, 0) as "openingMinor",
      coalesce(at_end.seq, 0) as "lastSeq", coalesce(at_end.balance_minor, 0) as "closingMinor",
      ${headColumns}
    from accounts a ${joinProduct}
    left join lateral (
      select s.statement_number, s.to_on, s.last_seq, s.closing_minor from account_statements s
      where s.book_id = a.book_id and s.account_id = a.account_id
      order by s.statement_number desc limit 1
    ) as s on true
    cross join lateral (
      select coalesce(s.to_on + 1, greatest(a.opened_on, date_trunc('month', ${to}::date)::date)) as from_on
    ) as period
    left join lateral (${lastLine(sql`< period.from_on`)}) as before on s.to_on is null
    left join lateral (${lastLine(sql`<= ${to}::date`)}) as at_end on true
    where a.book_id = ${bookId} and a.account_id = any(${accountIds}::uuid[])
      and period.from_on <= ${to}::date
      and (coalesce(at_end.seq, 0) > coalesce(s.last_seq, before.seq, 0) or at_end.balance_minor <> 0)
    order by a.account_id`.execute(tx);
  return rows.map(({ accountNumber, iban, product, holders, address, ...due }) => ({
    ...due,
    head: headOf({ accountNumber, iban, product, holders, address }, bank),
  }));
}

/** The last line of account `a` whose business date compares so: the index is read from its end. */
function lastLine(comparison: RawBuilder<unknown>): RawBuilder<unknown> {
  const side = (name: 'debit' | 'credit') => sql`(
    select ${sql.ref(`p.${name}_seq`)} as seq, ${sql.ref(`p.${name}_balance_minor`)} as balance_minor
    from postings p
    where p.book_id = a.book_id and ${sql.ref(`p.${name}_account_id`)} = a.account_id
      and ${sql.ref(`p.${name}_seq`)} is not null and p.business_date ${comparison}
    order by ${sql.ref(`p.${name}_seq`)} desc limit 1)`;
  return sql`
    select line.seq, line.balance_minor from (${side('debit')} union all ${side('credit')}) as line
    order by line.seq desc limit 1`;
}
