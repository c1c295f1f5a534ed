import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { heldAccounts, ownerName } from '#features/accounts/contract.ts';
import { selectSeqAsOf } from '#ledger/balances.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { joinSeen, type SeenRow, seenColumns, seenOf } from './seen.ts';
import type { SeenTransaction, TransactionMode, TransactionType } from './transaction.ts';

/** A transaction as one account sees it. Amounts in minor units; a debit is negative. */
export type AccountLine = SeenTransaction & {
  readonly seq: bigint;
  /** A transaction that was deleted with its customer has none. */
  readonly mode: TransactionMode | undefined;
  readonly signedMinor: bigint;
  readonly balanceAfterMinor: bigint;
};

type Row = Omit<SeenRow, 'accountId'> & {
  readonly seq: bigint;
  readonly mode: TransactionMode | null;
  readonly signedMinor: bigint;
  readonly balanceAfterMinor: bigint;
  /** Whether the transaction is this account's; null of one that was deleted. */
  readonly isOwn: boolean | null;
};

export type LineFilter = {
  /** Business dates, both included. */
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
  readonly type?: TransactionType | undefined;
  /** Of the absolute amount, in minor units. */
  readonly minAmountMinor?: bigint | undefined;
  readonly maxAmountMinor?: bigint | undefined;
  /** Only lines before this sequence number. */
  readonly beforeSeq?: bigint | undefined;
  /** Whether staff read them. */
  readonly isStaff?: boolean;
  /** The customer who reads them, if it is one: it sees whose the other account is where that is its own. */
  readonly seenBy?: CustomerId | undefined;
  readonly limit: number;
};

/**
 * Lines of an account, newest first. Dates become a range of sequence numbers first, so that a page costs the
 * same anywhere in a history of any length.
 */
export async function listAccountLines(
  db: Db,
  bookId: number,
  accountId: AccountId,
  filter: LineFilter,
): Promise<AccountLine[]> {
  const { from, to, beforeSeq } = filter;
  const afterSeq =
    from === undefined ? 0n : await selectSeqAsOf(db, bookId, accountId, { businessDate: addDays(from, -1) });
  const upToSeq =
    to === undefined ? undefined : await selectSeqAsOf(db, bookId, accountId, { businessDate: to });
  const bounds = (seq: RawBuilder<unknown>) => [
    sql`${seq} > ${afterSeq}`,
    ...(upToSeq === undefined ? [] : [sql`${seq} <= ${upToSeq}`]),
    ...(beforeSeq === undefined ? [] : [sql`${seq} < ${beforeSeq}`]),
  ];
  const { rows } = await sql<Row>`
    ${side('debit', bookId, accountId, bounds(sql`p.debit_seq`), filter)}
    union all
    ${side('credit', bookId, accountId, bounds(sql`p.credit_seq`), filter)}
    order by seq desc limit ${filter.limit}`.execute(db);
  return rows.map((row) => toLine(row, accountId));
}

function toLine(row: Row, accountId: AccountId): AccountLine {
  const { seq, signedMinor, balanceAfterMinor } = row;
  const mode = row.mode ?? undefined;
  const seen = seenOf({ ...row, accountId });
  const payerName = row.isOwn === false ? seen.holder?.name : undefined;
  return { ...seen, payerName, seq, mode, signedMinor, balanceAfterMinor };
}

/**
 * The lines on one side of an account. A transaction that went with its customer leaves the entry's kind. The account
 * that the transaction is of sees the other side under the name that it used; without one, staff and its own holders see
 * the name of the holder. The account on the other side sees who paid.
 */
function side(
  name: 'debit' | 'credit',
  bookId: number,
  accountId: AccountId,
  bounds: readonly RawBuilder<unknown>[],
  { type, minAmountMinor, maxAmountMinor, limit, isStaff = false, seenBy }: LineFilter,
): RawBuilder<Row> {
  const other = name === 'debit' ? 'credit' : 'debit';
  const column = (side: string, rest: string) => sql.ref(`p.${side}_${rest}`);
  const isOwn = sql`t.account_id = ${accountId}`;
  const isHolderSeen =
    seenBy === undefined ? sql`true` : sql`a.account_id in ${heldAccounts(bookId, seenBy)}`;
  const conditions = [
    sql`p.book_id = ${bookId}`,
    sql`${column(name, 'account_id')} = ${accountId}`,
    ...bounds,
    ...(type === undefined ? [] : [sql`e.kind = ${type}`]),
    ...(minAmountMinor === undefined ? [] : [sql`p.amount_minor >= ${minAmountMinor}`]),
    ...(maxAmountMinor === undefined ? [] : [sql`p.amount_minor <= ${maxAmountMinor}`]),
  ];
  return sql`(
    select ${column(name, 'seq')} as "seq", p.entry_id as "id", e.kind as "type", t.mode,
      ${name === 'debit' ? sql`-p.amount_minor` : sql`p.amount_minor`} as "signedMinor",
      ${column(name, 'balance_minor')} as "balanceAfterMinor", p.currency,
      a.account_id as "counterpartyAccountId",
      ${isOwn} as "isOwn", case when ${isOwn} then t.counterparty_name end as "counterpartyName",
      case when ${isOwn} then t.counterparty_bank end as "counterpartyBank",
      case when ${isOwn} then t.counterparty_account end as "counterpartyAccount",
      case when not ${isOwn} then ${ownerName(sql`t`)}
        when t.counterparty_name is null and ${isHolderSeen} then ${ownerName(sql`a`)} end as "holderName",
      a.iban as "holderIban", a.number as "holderNumber",
      ${seenColumns(isStaff, isOwn)}
    from postings p
    join journal_entries e on e.book_id = p.book_id and e.entry_id = p.entry_id
    left join transactions t on t.book_id = p.book_id and t.transaction_id = p.entry_id
    left join accounts a on a.book_id = p.book_id and a.account_id = ${column(other, 'account_id')}
    ${joinSeen}
    where ${sql.join(conditions, sql` and `)}
    order by ${column(name, 'seq')} desc limit ${limit})`;
}
