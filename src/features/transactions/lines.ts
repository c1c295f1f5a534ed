import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { selectSeqAsOf } from '#ledger/balances.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { TransactionMode, TransactionType } from './transaction.ts';

/** One posting as its account sees it. Amounts in minor units; a debit is negative. */
export type AccountLine = {
  readonly seq: bigint;
  readonly transactionId: TransactionId;
  readonly type: TransactionType;
  readonly mode: TransactionMode | null;
  readonly signedMinor: bigint;
  readonly balanceAfterMinor: bigint;
  readonly currency: Currency;
  readonly description: string | null;
  readonly reference: string | null;
  readonly purpose: string | null;
  readonly counterpartyAccountId: AccountId | null;
  readonly counterpartyIban: string | null;
  readonly counterpartyName: string | null;
  readonly counterpartyBank: string | null;
  readonly counterpartyAccount: string | null;
  readonly businessDate: IsoDate;
  readonly valueDate: IsoDate;
  readonly postedAt: Date;
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
  const { rows } = await sql<AccountLine>`
    ${side('debit', bookId, accountId, bounds(sql`p.debit_seq`), filter)}
    union all
    ${side('credit', bookId, accountId, bounds(sql`p.credit_seq`), filter)}
    order by seq desc limit ${filter.limit}`.execute(db);
  return rows;
}

/** The lines on one side of an account. A transaction that went with its customer leaves the entry's kind. */
function side(
  name: 'debit' | 'credit',
  bookId: number,
  accountId: AccountId,
  bounds: readonly RawBuilder<unknown>[],
  { type, minAmountMinor, maxAmountMinor, limit }: LineFilter,
): RawBuilder<AccountLine> {
  const other = name === 'debit' ? 'credit' : 'debit';
  const column = (side: string, rest: string) => sql.ref(`p.${side}_${rest}`);
  const conditions = [
    sql`p.book_id = ${bookId}`,
    sql`${column(name, 'account_id')} = ${accountId}`,
    ...bounds,
    ...(type === undefined ? [] : [sql`e.kind = ${type}`]),
    ...(minAmountMinor === undefined ? [] : [sql`p.amount_minor >= ${minAmountMinor}`]),
    ...(maxAmountMinor === undefined ? [] : [sql`p.amount_minor <= ${maxAmountMinor}`]),
  ];
  return sql`(
    select ${column(name, 'seq')} as "seq", p.entry_id as "transactionId", e.kind as "type", t.mode,
      ${name === 'debit' ? sql`-p.amount_minor` : sql`p.amount_minor`} as "signedMinor",
      ${column(name, 'balance_minor')} as "balanceAfterMinor", p.currency, t.description, t.reference, t.purpose,
      a.account_id as "counterpartyAccountId", a.iban as "counterpartyIban",
      t.counterparty_name as "counterpartyName", t.counterparty_bank as "counterpartyBank",
      t.counterparty_account as "counterpartyAccount",
      e.business_date as "businessDate", e.value_date as "valueDate", e.posted_at as "postedAt"
    from postings p
    join journal_entries e on e.book_id = p.book_id and e.entry_id = p.entry_id
    left join transactions t on t.book_id = p.book_id and t.transaction_id = p.entry_id
    left join accounts a on a.book_id = p.book_id and a.account_id = ${column(other, 'account_id')}
    where ${sql.join(conditions, sql` and `)}
    order by ${column(name, 'seq')} desc limit ${limit})`;
}
