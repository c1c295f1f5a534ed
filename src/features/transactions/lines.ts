import { type RawBuilder, sql } from 'kysely';
import { bigints, recordSet, uuids } from '#db/bulk-rows.ts';
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

/** Lines of an account after a sequence number and up to another, for its owner. */
export type LineRange = {
  readonly accountId: AccountId;
  readonly ownerId: CustomerId;
  readonly seqBefore: bigint;
  readonly lastSeq: bigint;
};

const RANGES = recordSet<LineRange>({
  account_id: uuids(({ accountId }) => accountId),
  owner_id: uuids(({ ownerId }) => ownerId),
  seq_before: bigints(({ seqBefore }) => seqBefore),
  last_seq: bigints(({ lastSeq }) => lastSeq),
});

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

/** Lines of many accounts at once, by account, the oldest first. */
export async function listLinesInRanges(
  db: Db,
  bookId: number,
  ranges: readonly LineRange[],
): Promise<Map<AccountId, AccountLine[]>> {
  const bounds = (seq: RawBuilder<unknown>) => [
    sql`${seq} > wanted.seq_before`,
    sql`${seq} <= wanted.last_seq`,
  ];
  const filter = { seenBy: sql<CustomerId>`wanted.owner_id` };
  const account = sql<AccountId>`wanted.account_id`;
  const { rows } = await sql<Row & { readonly rangeAccountId: AccountId }>`
    select wanted.account_id as "rangeAccountId", line.*
    from ${rangeRows(ranges)} cross join lateral (
      ${side('debit', bookId, account, bounds(sql`p.debit_seq`), filter)}
      union all
      ${side('credit', bookId, account, bounds(sql`p.credit_seq`), filter)}
    ) as line
    order by wanted.account_id, line.seq`.execute(db);
  const lines = new Map<AccountId, AccountLine[]>();
  for (const { rangeAccountId: accountId, ...row } of rows) {
    const line = toLine(row, accountId);
    const before = lines.get(accountId);
    if (before === undefined) lines.set(accountId, [line]);
    else before.push(line);
  }
  return lines;
}

/** The ranges as a table `wanted`. */
function rangeRows(ranges: readonly LineRange[]): RawBuilder<unknown> {
  const [accounts, owners, before, last] = RANGES.values(ranges);
  return sql`unnest(${accounts}::uuid[], ${owners}::uuid[], ${before}::bigint[], ${last}::bigint[])
    as wanted (account_id, owner_id, seq_before, last_seq)`;
}

function toLine(row: Row, accountId: AccountId): AccountLine {
  const { seq, signedMinor, balanceAfterMinor } = row;
  const mode = row.mode ?? undefined;
  const seen = seenOf({ ...row, accountId });
  const payerName = row.isOwn === false ? seen.holder?.name : undefined;
  return { ...seen, payerName, seq, mode, signedMinor, balanceAfterMinor };
}

/** Of one account, or of each in a query of many. */
type SideFilter = Omit<LineFilter, 'seenBy' | 'limit'> & {
  readonly seenBy?: CustomerId | RawBuilder<CustomerId> | undefined;
  readonly limit?: number;
};

/**
 * The lines on one side of an account. A transaction that went with its customer leaves the entry's kind. The account
 * that the transaction is of sees the other side under the name that it used; without one, staff and its own holders see
 * the name of the holder. The account on the other side sees who paid.
 */
function side(
  name: 'debit' | 'credit',
  bookId: number,
  accountId: AccountId | RawBuilder<AccountId>,
  bounds: readonly RawBuilder<unknown>[],
  { type, minAmountMinor, maxAmountMinor, limit, isStaff = false, seenBy }: SideFilter,
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
    ${limit === undefined ? sql`` : sql`order by ${column(name, 'seq')} desc limit ${limit}`})`;
}
