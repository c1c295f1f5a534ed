import { type RawBuilder, sql } from 'kysely';
import { rowWith } from '#db/row-with.ts';
import { ownerName } from '#features/accounts/contract.ts';
import { joinSeenOfFound, type SeenRow, seenColumns } from './seen.ts';
import type { TransactionMode } from './transaction.ts';

/** A line as it is read: the columns of `columnsOf`. */
export type LineRow = Omit<SeenRow, 'accountId'> & {
  readonly seq: bigint;
  readonly mode: TransactionMode | null;
  readonly signedMinor: bigint;
  readonly balanceAfterMinor: bigint;
  /** Whether the transaction is this account's; null of one that was deleted. */
  readonly isOwn: boolean | null;
};

type Page = {
  readonly book: RawBuilder<unknown>;
  readonly account: RawBuilder<unknown>;
  /** Without one: all of them, in no order. */
  readonly limit?: RawBuilder<unknown>;
  /** Conditions on a posting `p` of which the account has the line `seq`. */
  readonly where: (seq: RawBuilder<unknown>) => readonly RawBuilder<unknown>[];
};

/** The newest postings of an account, as its lines: both sides by their own index. */
export function pageOf({ book, account, limit, where }: Page): RawBuilder<unknown> {
  const newest = (seq: RawBuilder<unknown>) =>
    limit === undefined ? sql`` : sql`order by ${seq} desc limit ${limit}`;
  const side = (name: 'debit' | 'credit', other: 'debit' | 'credit', signed: RawBuilder<unknown>) => {
    const column = (side: string, rest: string) => sql.ref(`p.${side}_${rest}`);
    return sql`(
      select p.book_id, p.entry_id, ${column(name, 'seq')} as seq, ${signed} as signed_minor, p.currency,
        ${column(name, 'balance_minor')} as balance_minor, ${column(other, 'account_id')} as other_account_id
      from postings p
      where p.book_id = ${book} and ${column(name, 'account_id')} = ${account}
        and ${sql.join(where(column(name, 'seq')), sql` and `)}
      ${newest(column(name, 'seq'))})`;
  };
  return sql`(
    ${side('debit', 'credit', sql`-p.amount_minor`)}
    union all
    ${side('credit', 'debit', sql`p.amount_minor`)}
    ${newest(sql`seq`)})`;
}

type Sight = {
  readonly account: RawBuilder<unknown>;
  readonly isStaff: RawBuilder<unknown>;
  /** Whether the reader sees whose the other account `a` is, where the payer used no name. */
  readonly isHolderSeen: RawBuilder<unknown>;
};

/**
 * A transaction that went with its customer leaves the entry's kind. The account that the transaction is of sees the
 * other side under the name that it used; without one, staff and its own holders see the name of the holder. The account
 * on the other side sees who paid.
 */
export function columnsOf({ account, isStaff, isHolderSeen }: Sight): RawBuilder<unknown> {
  const isOwn = sql`t.account_id = ${account}`;
  return sql`
    p.seq, p.entry_id as "id", e.kind as "type", t.mode, p.signed_minor as "signedMinor",
    p.balance_minor as "balanceAfterMinor", p.currency, a.account_id as "counterpartyAccountId",
    ${isOwn} as "isOwn", case when ${isOwn} then t.counterparty_name end as "counterpartyName",
    case when ${isOwn} then t.counterparty_bank end as "counterpartyBank",
    case when ${isOwn} then t.counterparty_account end as "counterpartyAccount",
    case when not ${isOwn} then ${ownerName(sql`t`)}
      when t.counterparty_name is null and ${isHolderSeen} then ${ownerName(sql`a`)} end as "holderName",
    a.iban as "holderIban", a.number as "holderNumber",
    ${seenColumns(isStaff, isOwn)}`;
}

const ofLine = (table: 'accounts' | 'journal_entries' | 'transactions', column: string, value: string) =>
  rowWith(table, column, sql.ref(value), sql`p.book_id`);

/** What else is known of the postings `p` of a page. */
export const joinDetails = sql`
  left join lateral ${ofLine('journal_entries', 'entry_id', 'p.entry_id')} e on true
  left join lateral ${ofLine('transactions', 'transaction_id', 'p.entry_id')} t on true
  left join lateral ${ofLine('accounts', 'account_id', 'p.other_account_id')} a on true
  ${joinSeenOfFound}`;
