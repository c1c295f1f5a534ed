import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { listProductsWithFees } from '#features/fees/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { ClosedDays } from './due-dates.ts';

/** An open account of a product that has fees of a date. */
export type DatedAccount = {
  readonly id: AccountId;
  readonly openedOn: IsoDate;
  readonly isDormant: boolean;
};

/** Products, with their currency, some version of whose terms has fees of a date. */
export const listDatedProducts = (tx: Tx, bookId: number): Promise<string[]> =>
  listProductsWithFees(tx, bookId, ['monthly', 'yearly', 'dormancy']);

/** The next open accounts of products after one, by ascending id; those opened on some days of the year alone. */
export async function listDatedAccounts(
  tx: Tx,
  bookId: number,
  products: readonly string[],
  {
    after,
    openedOn,
    limit,
  }: {
    readonly after: AccountId | undefined;
    readonly openedOn: readonly string[] | undefined;
    readonly limit: number;
  },
): Promise<DatedAccount[]> {
  const isAfter = after === undefined ? sql`true` : sql`a.account_id > ${after}::uuid`;
  const isOfDay =
    openedOn === undefined ? sql`true` : sql`to_char(a.opened_on, 'MMDD') = any(${openedOn}::text[])`;
  const { rows } = await sql<DatedAccount>`
    select a.account_id as id, a.opened_on as "openedOn", l.status = 'dormant' as "isDormant"
    from accounts a
    join ledger_accounts l on l.book_id = a.book_id and l.ledger_account_id = a.account_id
    where a.book_id = ${bookId} and ${isAfter} and a.closed_on is null and ${isOfDay}
      and a.product_code || ' ' || a.currency = any(${products}::text[])
    order by a.account_id limit ${limit}`.execute(tx);
  return rows;
}

/** Fees of accounts for dates among days that are there already, as `account code date`. */
export async function listKnown(
  tx: Tx,
  bookId: number,
  ids: readonly AccountId[],
  { after, through }: ClosedDays,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ key: string }>`
    select account_id || ' ' || fee_code || ' ' || due_on as key from account_fees
    where book_id = ${bookId} and account_id = any(${ids}::uuid[])
      and due_on > ${after}::date and due_on <= ${through}::date`.execute(tx);
  return new Set(rows.map(({ key }) => key));
}
