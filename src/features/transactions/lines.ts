import { type RawBuilder, sql } from 'kysely';
import { bigints, recordSet, uuids } from '#db/bulk-rows.ts';
import type { Db } from '#db/database.ts';
import { heldAccounts } from '#features/accounts/contract.ts';
import { selectSeqAsOf } from '#ledger/balances.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import { addDays, type IsoDate, isoDate } from '#lib/time/dates.ts';
import { columnsOf, joinDetails, type LineRow, pageOf } from './line-sql.ts';
import { seenOf } from './seen.ts';
import type { LineType, SeenTransaction, TransactionMode } from './transaction.ts';

/** A transaction as one account sees it. Amounts in minor units; a debit is negative. */
export type AccountLine = SeenTransaction & {
  readonly seq: bigint;
  /** A transaction that was deleted with its customer has none. */
  readonly mode: TransactionMode | undefined;
  readonly signedMinor: bigint;
  readonly balanceAfterMinor: bigint;
};

export type LineFilter = {
  /** Business dates, both included. */
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
  readonly type?: LineType | undefined;
  /** Of the absolute amount, in minor units. */
  readonly minAmountMinor?: bigint | undefined;
  readonly maxAmountMinor?: bigint | undefined;
  /** A part of the name of the other side as the line shows it, in whatever case. */
  readonly counterpartyName?: string | undefined;
  /** That of the other side, as the line shows it. */
  readonly counterpartyIban?: Iban | undefined;
  /** The last line that is looked at. */
  readonly throughSeq?: bigint | undefined;
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
  const { from, to, beforeSeq, throughSeq, isStaff = false, seenBy, limit } = filter;
  const afterSeq =
    from === undefined ? 0n : await selectSeqAsOf(db, bookId, accountId, { businessDate: addDays(from, -1) });
  const upToSeq =
    to === undefined ? undefined : await selectSeqAsOf(db, bookId, accountId, { businessDate: to });
  const where = (seq: RawBuilder<unknown>) => [
    sql`${seq} > ${afterSeq}`,
    ...(upToSeq === undefined ? [] : [sql`${seq} <= ${upToSeq}`]),
    ...(beforeSeq === undefined ? [] : [sql`${seq} < ${beforeSeq}`]),
    ...(throughSeq === undefined ? [] : [sql`${seq} >= ${throughSeq}`]),
    ...conditionsOf(filter),
  ];
  const shown = shownConditionsOf(filter);
  // Whom a line is with is known once it is read: then the page is cut afterwards.
  const most = shown.length === 0 ? { limit: sql`${limit}` } : {};
  const page = pageOf({ book: sql`${bookId}`, account: sql`${accountId}`, ...most, where });
  const isHolderSeen =
    seenBy === undefined ? sql`true` : sql`a.account_id in ${heldAccounts(bookId, seenBy)}`;
  const columns = columnsOf({ account: sql`${accountId}`, isStaff: sql`${isStaff}`, isHolderSeen });
  const lines = sql`select ${columns} from ${page} p ${joinDetails}`;
  const query =
    shown.length === 0
      ? sql<LineRow>`${lines} order by p.seq desc`
      : sql<LineRow>`
        select * from (${lines}) shown where ${sql.join(shown, sql` and `)} order by shown.seq desc limit ${limit}`;
  const { rows } = await query.execute(db);
  return rows.map((row) => toLine(row, accountId));
}

/** Lines that a page looks at where it is narrowed by what their index does not know: in some 20 ms. */
const LOOKED_AT = 50_000n;
/** As many where each has to be read with its other side. */
const READ = 5_000n;

/** Whether the lines of a filter are a range of sequence numbers. */
export function isFoundBySeq({ type, minAmountMinor, maxAmountMinor, ...filter }: LineFilter): boolean {
  const { counterpartyName, counterpartyIban } = filter;
  const others = [type, minAmountMinor, maxAmountMinor, counterpartyName, counterpartyIban];
  return others.every((value) => value === undefined);
}

/** The last line that a page of a filter looks at; undefined where the lines end before. */
export async function lookBackLines(
  db: Db,
  bookId: number,
  accountId: AccountId,
  filter: LineFilter,
  count = shownConditionsOf(filter).length === 0 ? LOOKED_AT : READ,
): Promise<bigint | undefined> {
  const { to, beforeSeq } = filter;
  const lastOn = to ?? (beforeSeq === undefined ? isoDate('9999-12-31') : undefined);
  const upToSeq =
    lastOn === undefined ? undefined : await selectSeqAsOf(db, bookId, accountId, { businessDate: lastOn });
  const ends = [
    ...(upToSeq === undefined ? [] : [upToSeq]),
    ...(beforeSeq === undefined ? [] : [beforeSeq - 1n]),
  ];
  const [last = 0n] = ends.toSorted((one, other) => (one < other ? -1 : 1));
  return last > count ? last - count + 1n : undefined;
}

/** Conditions on a line as it is shown. */
function shownConditionsOf({ counterpartyName, counterpartyIban }: LineFilter): RawBuilder<unknown>[] {
  return [
    ...(counterpartyName === undefined
      ? []
      : [
          sql`position(lower(${counterpartyName.normalize('NFC')})
            in lower(coalesce(shown."counterpartyName", shown."holderName"))) > 0`,
        ]),
    ...(counterpartyIban === undefined
      ? []
      : [sql`coalesce(shown."holderIban", shown."counterpartyAccount") = ${counterpartyIban}`]),
  ];
}

/** Lines of many accounts at once, by account, the oldest first. */
export async function listLinesInRanges(
  db: Db,
  bookId: number,
  ranges: readonly LineRange[],
): Promise<Map<AccountId, AccountLine[]>> {
  const page = pageOf({
    book: sql`${bookId}`,
    account: sql`wanted.account_id`,
    where: (seq) => [sql`${seq} > wanted.seq_before`, sql`${seq} <= wanted.last_seq`],
  });
  const columns = columnsOf({
    account: sql`wanted.account_id`,
    isStaff: sql`false`,
    isHolderSeen: sql`a.account_id in ${heldAccounts(bookId, sql<CustomerId>`wanted.owner_id`)}`,
  });
  const { rows } = await sql<LineRow & { readonly rangeAccountId: AccountId }>`
    select wanted.account_id as "rangeAccountId", ${columns}
    from ${rangeRows(ranges)} cross join lateral ${page} p ${joinDetails}
    order by wanted.account_id, p.seq`.execute(db);
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

function conditionsOf({ type, minAmountMinor, maxAmountMinor }: LineFilter): RawBuilder<unknown>[] {
  return [
    ...(type === undefined
      ? []
      : [
          sql`exists (
            select from journal_entries e
            left join fee_lines l
              on p.line > 1 and l.book_id = p.book_id and l.entry_id = p.entry_id and l.line = p.line
            where e.book_id = p.book_id and e.entry_id = p.entry_id
              and case l.part when 'fee' then 'fee' when 'tax' then 'fee_tax' else e.kind end = ${type})`,
        ]),
    ...(minAmountMinor === undefined ? [] : [sql`p.amount_minor >= ${minAmountMinor}`]),
    ...(maxAmountMinor === undefined ? [] : [sql`p.amount_minor <= ${maxAmountMinor}`]),
  ];
}

/** A line as it was read. That of a charge says what it is for, in place of what the payment was for. */
export function toLine(row: LineRow, accountId: AccountId): AccountLine {
  const { seq, signedMinor, balanceAfterMinor } = row;
  const mode = row.mode ?? undefined;
  const description = row.chargeName ?? row.description;
  const seen = seenOf({ ...row, description, accountId });
  const payerName = row.isOwn === false ? seen.holder?.name : undefined;
  return { ...seen, payerName, seq, mode, signedMinor, balanceAfterMinor };
}
