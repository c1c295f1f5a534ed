import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Tx } from '#db/database.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { TermsAccount } from './terms-of-accounts.ts';

/** What a holder does, or has done by standing order. What the bank books by itself is not. */
const USES = ['deposit', 'withdrawal', 'transfer', 'outgoing_payment'];

type Row = Omit<TermsAccount, 'reactivatedOn' | 'lastUsedOn'> & {
  readonly reactivatedOn: IsoDate | null;
  readonly lastUsedOn: IsoDate | null;
};

/** Open accounts of some products after one, by ascending id, as they are at the end of a date. Products as `code currency`. */
export async function listTermsAccounts(
  tx: Tx,
  bookId: number,
  products: readonly string[],
  { after, limit }: { readonly after: AccountId | undefined; readonly limit: number },
): Promise<TermsAccount[]> {
  const isAfter = after === undefined ? sql`true` : sql`a.account_id > ${after}::uuid`;
  const { rows } = await select(
    tx,
    bookId,
    sql`${isAfter}
    and a.product_code || ' ' || a.currency = any(${products}::text[])
    order by a.account_id limit ${limit}`,
  );
  return rows.map(toAccount);
}

/** Locks open accounts and their ledger accounts, by ascending id, and reads them again. */
export async function lockTermsAccounts(
  tx: Tx,
  bookId: number,
  ids: readonly AccountId[],
): Promise<TermsAccount[]> {
  await sql`select from accounts where book_id = ${bookId} and account_id = any(${ids}::uuid[])
    order by account_id for no key update`.execute(tx);
  await lockAccounts(tx, bookId, ids);
  const { rows } = await select(tx, bookId, sql`a.account_id = any(${ids}::uuid[]) order by a.account_id`);
  return rows.map(toAccount);
}

function select(tx: Tx, bookId: number, rest: ReturnType<typeof sql>) {
  return sql<Row>`
    select a.account_id as id, a.product_code as product, a.currency, a.opened_on as "openedOn",
      a.reactivated_on as "reactivatedOn", l.status = 'active' as "isActive", l.minimum_minor as "minimumMinor",
      used.business_date as "lastUsedOn"
    from accounts a
    join ledger_accounts l on l.book_id = a.book_id and l.ledger_account_id = a.account_id
    left join lateral (
      select j.business_date from transactions t
      join journal_entries j on j.book_id = t.book_id and j.entry_id = t.transaction_id
      where t.book_id = ${bookId} and t.account_id = a.account_id and t.type = any(${USES}::text[])
      order by t.transaction_id desc limit 1
    ) as used on true
    where a.book_id = ${bookId} and a.closed_on is null and ${rest}`.execute(tx);
}

function toAccount({ reactivatedOn, lastUsedOn, ...row }: Row): TermsAccount {
  return { ...row, reactivatedOn: reactivatedOn ?? undefined, lastUsedOn: lastUsedOn ?? undefined };
}

/** Gives locked accounts another version: their status has changed. */
export async function raiseVersions(tx: Tx, bookId: number, ids: readonly AccountId[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('accounts')
    .set({ version: sql`version + 1`, updated_at: sql`now()` })
    .where('book_id', '=', bookId)
    .where(sql<boolean>`account_id = any(${ids}::uuid[])`)
    .execute();
  await noteChanged(tx, bookId, 'accounts', ids);
}
