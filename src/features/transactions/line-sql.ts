import { type RawBuilder, sql } from 'kysely';
import { rowsWith, rowWith } from '#db/row-with.ts';
import { ownerName } from '#features/accounts/contract.ts';
import { joinSeenOfFound, type SeenRow, seenColumns } from './seen.ts';
import type { TransactionMode } from './transaction.ts';

/** A line as it is read: the columns of `columnsOf`. */
export type LineRow = Omit<SeenRow, 'accountId'> & {
  readonly seq: bigint;
  readonly mode: TransactionMode | null;
  readonly signedMinor: bigint;
  readonly balanceAfterMinor: bigint;
  /** Of a line that a fee or its tax was charged by, or given back. */
  readonly chargeName: string | null;
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
      select p.book_id, p.entry_id, p.line, ${column(name, 'seq')} as seq, ${signed} as signed_minor, p.currency,
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
  const named = (column: string) =>
    sql`case when ${isOwn} and charge.part is null then ${sql.ref(column)} end`;
  return sql`
    p.seq, p.entry_id as "id", case charge.part when 'fee' then 'fee' when 'tax' then 'fee_tax' else e.kind end as "type",
    t.mode, p.signed_minor as "signedMinor",
    p.balance_minor as "balanceAfterMinor", p.currency, a.account_id as "counterpartyAccountId",
    ${isOwn} as "isOwn", ${named('t.counterparty_name')} as "counterpartyName",
    ${named('t.counterparty_bank')} as "counterpartyBank", ${named('t.counterparty_account')} as "counterpartyAccount",
    case when not ${isOwn} then ${ownerName(sql`t`)}
      when t.counterparty_name is null and ${isHolderSeen} then ${ownerName(sql`a`)} end as "holderName",
    a.iban as "holderIban", a.number as "holderNumber",
    ${seenColumns(isStaff, isOwn)}, charge.name as "chargeName"`;
}

const ofLine = (table: 'accounts' | 'journal_entries' | 'transactions', column: string, value: string) =>
  rowWith(table, column, sql.ref(value), sql`p.book_id`);

/**
 * What else is known of the postings `p` of a page. What a payment cost stands on the lines behind its first one; and so
 * does the tax on a fee that is booked by itself.
 */
export const joinDetails = sql`
  left join lateral ${ofLine('journal_entries', 'entry_id', 'p.entry_id')} e on true
  left join lateral ${ofLine('transactions', 'transaction_id', 'p.entry_id')} t on true
  left join lateral ${ofLine('accounts', 'account_id', 'p.other_account_id')} a on true
  left join lateral (
    select l.part, case l.part when 'tax' then coalesce(f.tax_name, f.name) else f.name end as name
    from ${rowsWith('fee_lines', 'entry_id', sql`p.entry_id`, sql`p.book_id`)} l
    cross join lateral ${rowWith('account_fees', 'fee_id', sql`l.fee_id`, sql`l.book_id`)} f
    where l.line = p.line limit 1
  ) charge on p.line > 1
  ${joinSeenOfFound}`;
