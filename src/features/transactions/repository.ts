import { type RawBuilder, sql } from 'kysely';
import { uuids } from '#db/bulk-rows.ts';
import type { Db } from '#db/database.ts';
import { hasMetadata } from '#db/labels.ts';
import { lookUp } from '#db/look-ups.ts';
import { rowsWith, rowWith } from '#db/row-with.ts';
import { heldAccounts, holderRole, ownerName } from '#features/accounts/contract.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, CustomerId, IncomingPaymentId, TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { joinSeen, joinSeenOfFound, type SeenRow, seenColumns, seenOf } from './seen.ts';
import {
  type SettlementStatus,
  Transaction,
  type TransactionMode,
  type TransactionType,
} from './transaction.ts';
import type { Viewer } from './viewer.ts';

export type TransactionFilter = {
  /** Only what touched an account of theirs. */
  readonly seenBy?: Viewer | undefined;
  readonly accountId?: AccountId | undefined;
  readonly type?: TransactionType | undefined;
  readonly status?: 'posted' | 'reversed' | undefined;
  readonly settlement?: SettlementStatus | undefined;
  /** Only what took this transaction back, or parts of it. */
  readonly reverses?: TransactionId | undefined;
  /** Business dates, both included. */
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
  readonly reference?: string | undefined;
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  readonly currency?: Currency | undefined;
  /** Minor units, both included. */
  readonly minAmountMinor?: bigint | undefined;
  readonly maxAmountMinor?: bigint | undefined;
  /** A part of the name that the payer used for the other side, in whatever case. */
  readonly counterpartyName?: string | undefined;
  /** The other side: an account of this bank, or one elsewhere by its IBAN. */
  readonly counterparty?: { readonly accountId: AccountId } | { readonly iban: Iban } | undefined;
  /** The last one that is looked at. */
  readonly through?: TransactionId | undefined;
  /** Of one of these amounts in minor units, among the last hundred thousand: no index is kept of amounts. */
  readonly recentAmounts?: readonly bigint[] | undefined;
  readonly after?: TransactionId | undefined;
  readonly limit: number;
};

/** Reading them by their key takes some 20 ms; an index of amounts would cost every posting. */
const RECENT_TRANSACTIONS = 100_000;

type Row = SeenRow & {
  readonly type: TransactionType;
  readonly mode: TransactionMode;
  readonly amountMinor: bigint;
  readonly balanceAfterMinor: bigint | null;
  readonly payerName: string | null;
};

/**
 * The transaction, its entry, the last posting that touched its account, and the account on the other side. A caller
 * that only holds the other side sees neither the balance nor how the payer named it, but who paid.
 */
const columnsOf = ({ holdsOwnSide, isHolderSeen, isStaff }: Sight) => sql`
  t.transaction_id as "id", t.account_id as "accountId", t.type, t.mode,
    t.amount_minor as "amountMinor", p.currency,
    case when ${holdsOwnSide} then t.counterparty_name end as "counterpartyName",
    case when ${isHolderSeen} then ${ownerName(sql`other`)} end as "holderName", other.iban as "holderIban",
    other.number as "holderNumber",
    t.counterparty_bank as "counterpartyBank", t.counterparty_account as "counterpartyAccount",
    other.account_id as "counterpartyAccountId",
    case when ${holdsOwnSide} then p.balance_minor end as "balanceAfterMinor",
    case when not ${holdsOwnSide} then ${ownerName(sql`t`)} end as "payerName", ${seenColumns(isStaff, holdsOwnSide)}`;

const otherSide = (posting: 'p' | 'first') => {
  const side = (name: string) => sql.ref(`${posting}.${name}_account_id`);
  return sql`case when ${side('debit')} = t.account_id then ${side('credit')} else ${side('debit')} end`;
};

/**
 * The last posting `p` that touched the account of a transaction `t`, of `postings`. Of a payment that cost something its
 * other side is that of the first: what it moved.
 */
const touching = (postings: RawBuilder<unknown>) => sql`(
    select p.currency,
      case when p.debit_account_id = t.account_id then p.debit_balance_minor else p.credit_balance_minor end
        as balance_minor,
      case when p.line > 1 and t.type in ('withdrawal', 'transfer', 'outgoing_payment', 'reversal') then (
        select ${otherSide('first')} from postings first
        where first.book_id = t.book_id and first.entry_id = t.transaction_id and first.line = 1
      ) else ${otherSide('p')} end as other_account_id
    from ${postings} and t.account_id in (p.debit_account_id, p.credit_account_id)
    order by p.line desc limit 1
  )`;

const selectTransactions = (where: RawBuilder<unknown>, sight: Sight) => sql<Row>`
  select ${columnsOf(sight)}
  from transactions t
  join journal_entries e on e.book_id = t.book_id and e.entry_id = t.transaction_id
  join lateral ${touching(sql`postings p where p.book_id = t.book_id and p.entry_id = t.transaction_id`)} p on true
  left join accounts other on other.book_id = t.book_id and other.account_id = p.other_account_id
  ${joinSeen}
  where ${where}`;

type Ask = { readonly id: TransactionId; readonly customerId: CustomerId | undefined };

const askerHolds = (account: RawBuilder<unknown>) =>
  sql`${holderRole(account, sql`asked.customer_id`)} is not null`;

/** For staff, and for a customer who holds an account that the transaction touched. */
const lookUpTransaction = lookUp<Ask, Row & { readonly n: number }>({
  asks: { id: uuids(({ id }) => id), customer_id: uuids(({ customerId }) => customerId) },
  select: (asked) => sql`
  select asked.n::int, ${columnsOf({
    isStaff: sql`asked.customer_id is null`,
    holdsOwnSide: sql`(asked.customer_id is null or ${askerHolds(sql`t.account_id`)})`,
    isHolderSeen: sql`
      case when asked.customer_id is null then t.counterparty_name is null
        else ${askerHolds(sql`other.account_id`)} end`,
  })}
  from ${asked}
  cross join lateral ${rowWith('transactions', 'transaction_id', sql`asked.id`)} t
  cross join lateral ${rowWith('journal_entries', 'entry_id', sql`t.transaction_id`)} e
  cross join lateral ${touching(sql`${postingsOf(sql`t.transaction_id`)} p where true`)} p
  left join lateral ${rowWith('accounts', 'account_id', sql`p.other_account_id`)} other on true
  ${joinSeenOfFound}
  where asked.customer_id is null or exists (
    select from ${postingsOf(sql`t.transaction_id`)} p
    where p.debit_seq is not null and ${askerHolds(sql`p.debit_account_id`)}
      or p.credit_seq is not null and ${askerHolds(sql`p.credit_account_id`)})`,
});

/** A customer shares the statement with others; a bound key, which comes more seldom, has its own. */
export async function findTransaction(
  db: Db,
  bookId: number,
  id: TransactionId,
  viewer: Viewer | undefined,
): Promise<Transaction | undefined> {
  const [row] = viewer?.isStaff
    ? await selectBound(db, bookId, id, viewer)
    : await lookUpTransaction(db, bookId, { id, customerId: viewer?.customers[0] });
  return row === undefined ? undefined : toTransaction(row);
}

async function selectBound(db: Db, bookId: number, id: TransactionId, viewer: Viewer): Promise<Row[]> {
  const where = sql`t.book_id = ${bookId} and t.transaction_id = ${id}
    and ${touches(bookId, sql`in ${accountsOf(bookId, viewer)}`)}`;
  const { rows } = await selectTransactions(where, seenAs(bookId, viewer)).execute(db);
  return rows;
}

/** The payment from another bank that credited an account by this transaction, if it is one. */
export async function findPaymentFrom(
  db: Db,
  bookId: number,
  accountId: AccountId,
  id: TransactionId,
): Promise<IncomingPaymentId | undefined> {
  const { rows } = await sql<{ id: IncomingPaymentId }>`
    select incoming_payment_id as "id" from incoming_payments
    where book_id = ${bookId} and account_id = ${accountId} and ${id} in (entry_id, ending_entry_id)`.execute(
    db,
  );
  return rows[0]?.id;
}

/** Whether an entry charged a fee by itself, or gave one back. */
export async function isFeeEntry(db: Db, bookId: number, id: TransactionId): Promise<boolean> {
  const { rows } = await sql`
    select from fee_lines where book_id = ${bookId} and entry_id = ${id} limit 1`.execute(db);
  return rows.length > 0;
}

/** Newest first. With `accountId`, transactions of which the account is either side. */
export async function listTransactions(
  db: Db,
  bookId: number,
  filter: TransactionFilter,
): Promise<Transaction[]> {
  const { seenBy, accountId, type, status, settlement, reverses, from, to, reference, externalId, after } =
    filter;
  const conditions = [sql`t.book_id = ${bookId}`];
  if (seenBy !== undefined) conditions.push(touches(bookId, sql`in ${accountsOf(bookId, seenBy)}`));
  if (accountId !== undefined) conditions.push(touches(bookId, sql`= ${accountId}`));
  if (type !== undefined) conditions.push(sql`t.type = ${type}`);
  if (settlement !== undefined) conditions.push(sql`o.status = ${settlement}`);
  if (status !== undefined) {
    conditions.push(sql`coalesce(r.is_whole, false) = ${status === 'reversed'}`);
  }
  if (reverses !== undefined) conditions.push(sql`e.reverses_entry_id = ${reverses}`);
  if (from !== undefined) conditions.push(sql`e.business_date >= ${from}::date`);
  if (to !== undefined) conditions.push(sql`e.business_date <= ${to}::date`);
  if (reference !== undefined) conditions.push(sql`t.reference = ${reference.normalize('NFC')}`);
  if (externalId !== undefined) {
    const { holdsOwnSide } = seenAs(bookId, seenBy);
    conditions.push(sql`t.external_id = ${externalId.normalize('NFC')} and ${holdsOwnSide}`);
  }
  conditions.push(
    ...unindexed(filter, seenAs(bookId, seenBy)),
    ...isWith(bookId, filter, seenAs(bookId, seenBy)),
  );
  if (filter.recentAmounts !== undefined) conditions.push(isRecent(bookId, filter.recentAmounts));
  if (after !== undefined) conditions.push(sql`t.transaction_id < ${after}::uuid`);
  const where = sql`${sql.join(conditions, sql` and `)} order by t.transaction_id desc limit ${filter.limit}`;
  const { rows } = await selectTransactions(where, seenAs(bookId, seenBy)).execute(db);
  return rows.map(toTransaction);
}

/** By what no index knows of. The account has the currency of its transactions. */
function unindexed(filter: TransactionFilter, { holdsOwnSide }: Sight): RawBuilder<unknown>[] {
  const { minAmountMinor, maxAmountMinor, currency, counterpartyName, through } = filter;
  return [
    ...(minAmountMinor === undefined ? [] : [sql`t.amount_minor >= ${minAmountMinor}`]),
    ...(maxAmountMinor === undefined ? [] : [sql`t.amount_minor <= ${maxAmountMinor}`]),
    ...(currency === undefined
      ? []
      : [
          sql`(select a.currency from accounts a where a.book_id = t.book_id and a.account_id = t.account_id) = ${currency}`,
        ]),
    ...(counterpartyName === undefined
      ? []
      : [
          sql`position(lower(${counterpartyName.normalize('NFC')}) in lower(t.counterparty_name)) > 0 and ${holdsOwnSide}`,
        ]),
    ...hasMetadata('t', filter).map((condition) => sql`${condition} and ${holdsOwnSide}`),
    ...(through === undefined ? [] : [sql`t.transaction_id >= ${through}::uuid`]),
  ];
}

/** With this account on the other side. */
function isWith(bookId: number, { counterparty }: TransactionFilter, { holdsOwnSide }: Sight) {
  if (counterparty === undefined) return [];
  if ('iban' in counterparty) return [sql`t.counterparty_account = ${counterparty.iban} and ${holdsOwnSide}`];
  const { accountId } = counterparty;
  return [touches(bookId, sql`= ${accountId}`), sql`other.account_id = ${accountId}`];
}

/** In the order of commits, after a place in it. What is committed and has no place yet is not among them. */
export async function listTransactionsInSequence(
  db: Db,
  bookId: number,
  { after, limit }: { readonly after: bigint; readonly limit: number },
): Promise<Transaction[]> {
  const where = sql`q.book_id = ${bookId} and q.sequence > ${after} order by q.sequence limit ${limit}`;
  const { rows } = await selectTransactions(where, seenAs(bookId, undefined)).execute(db);
  return rows.map(toTransaction);
}

/** What a caller sees, as conditions on a transaction `t` and the account `other`. */
type Sight = {
  readonly holdsOwnSide: RawBuilder<unknown>;
  /** Whether it sees whose the other account is, where the payer used no name. */
  readonly isHolderSeen: RawBuilder<unknown>;
  readonly isStaff: RawBuilder<unknown>;
};

function seenAs(bookId: number, viewer: Viewer | undefined): Sight {
  if (viewer === undefined) {
    return { holdsOwnSide: sql`true`, isHolderSeen: sql`t.counterparty_name is null`, isStaff: sql`true` };
  }
  const own = accountsOf(bookId, viewer);
  return {
    holdsOwnSide: sql`t.account_id in ${own}`,
    isHolderSeen: viewer.isStaff ? sql`t.counterparty_name is null` : sql`other.account_id in ${own}`,
    isStaff: sql`${viewer.isStaff}::boolean`,
  };
}

function accountsOf(bookId: number, { accounts, customers }: Viewer): RawBuilder<unknown> {
  const held = customers.map((customer) => heldAccounts(bookId, customer));
  const named = accounts.length === 0 ? [] : [sql`select unnest(${[...accounts]}::uuid[])`];
  return sql`(${sql.join([...held, ...named], sql` union all `)})`;
}

/** Whether a transaction touched customers' accounts: `= id`, or `in (…)`. */
function touches(bookId: number, accounts: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`t.transaction_id in (
    select entry_id from postings
    where book_id = ${bookId} and debit_account_id ${accounts} and debit_seq is not null
    union all
    select entry_id from postings
    where book_id = ${bookId} and credit_account_id ${accounts} and credit_seq is not null)`;
}

function isRecent(bookId: number, amounts: readonly bigint[]): RawBuilder<boolean> {
  return sql`t.transaction_id = any(array(
    select recent.transaction_id from (
      select transaction_id, amount_minor from transactions where book_id = ${bookId}
      order by transaction_id desc limit ${RECENT_TRANSACTIONS}
    ) as recent
    where recent.amount_minor = any(${amounts.map(String)}::bigint[])
    limit ${RECENT_TRANSACTIONS}))`;
}

function postingsOf(entry: RawBuilder<unknown>): RawBuilder<unknown> {
  return rowsWith('postings', 'entry_id', entry);
}

function toTransaction(row: Row): Transaction {
  const { mode, amountMinor } = row;
  return new Transaction({
    ...seenOf(row),
    type: row.type,
    mode,
    amountMinor,
    balanceAfterMinor: row.balanceAfterMinor ?? undefined,
    payerName: row.payerName ?? undefined,
  });
}
