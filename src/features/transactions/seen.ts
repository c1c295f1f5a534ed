import { type RawBuilder, sql } from 'kysely';
import { rowsWith } from '#db/row-with.ts';
import type { DB } from '#db/tables.ts';
import { movesMoney } from '#ledger/charges.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { BankCodeScheme } from '#lib/payee-account.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type {
  Counterparty,
  Holder,
  LineType,
  SeenTransaction,
  Settlement,
  SettlementStatus,
} from './transaction.ts';

/** What the answer says of a transaction, as it is read. */
export type SeenRow = {
  readonly id: TransactionId;
  readonly type: LineType;
  readonly currency: Currency;
  readonly accountId: AccountId;
  readonly counterpartyAccountId: AccountId | null;
  readonly counterpartyName: string | null;
  readonly counterpartyBank: string | null;
  readonly counterpartyAccount: string | null;
  readonly holderName: string | null;
  readonly holderIban: Iban | null;
  readonly holderNumber: string | null;
  readonly bankCodeScheme: BankCodeScheme | null;
  readonly description: string | null;
  readonly reference: string | null;
  readonly purpose: string | null;
  readonly reason: string | null;
  readonly externalId: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly settlementStatus: SettlementStatus | null;
  readonly settlementReason: string | null;
  readonly settlementCustomerReason: string | null;
  readonly settlementUpdatedAt: Date | null;
  readonly reverses: TransactionId | null;
  readonly reversedBy: TransactionId | null;
  readonly reversedMinor: bigint | null;
  readonly isReversed: boolean | null;
  readonly businessDate: IsoDate;
  readonly valueDate: IsoDate;
  readonly postedAt: Date;
  readonly sequence: bigint | null;
};

/**
 * Columns of a transaction `t` and its entry `e`, with the joins of `joinSeen` or `joinSeenOfFound`. Customers read neither why staff acted
 * nor how much the bank does. The labels are for the holders of its own account (`isOwn`), and not for the other side.
 */
export const seenColumns = (
  isStaff: RawBuilder<unknown>,
  isOwn: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`
  t.description, t.reference, t.purpose, case when ${isStaff} then t.reason end as "reason",
  o.bank_code_scheme as "bankCodeScheme",
  case when ${isStaff} then q.sequence end as "sequence",
  case when ${isOwn} then t.external_id end as "externalId", case when ${isOwn} then t.metadata end as "metadata",
  o.status as "settlementStatus", case when ${isStaff} then o.reason end as "settlementReason",
  o.customer_reason as "settlementCustomerReason", o.updated_at as "settlementUpdatedAt",
  e.reverses_entry_id as "reverses", r.last_entry_id as "reversedBy",
  coalesce(r.minor, case when r.is_whole then t.amount_minor end) as "reversedMinor", r.is_whole as "isReversed",
  e.business_date as "businessDate", e.value_date as "valueDate", e.posted_at as "postedAt"`;

/** Whether a posting moves the money of the entry `e`, and is not what that costs. */
function movesMoneyOf(posting: 'p' | 'w'): RawBuilder<boolean> {
  return sql.raw(movesMoney(posting, 'e.kind'));
}

/**
 * For lists, which may be led by a condition on any of them: what took an entry back, or parts of it, the outcome of a
 * payment that left the bank, and the place in the order of commits.
 */
export const joinSeen: RawBuilder<unknown> = sql`
  ${takenBack({
    reversals: sql`
      journal_entries r join postings p on p.book_id = r.book_id and p.entry_id = r.entry_id
      where r.book_id = e.book_id and r.reverses_entry_id = e.entry_id and ${movesMoneyOf('p')}`,
    taken: sql`postings w where w.book_id = e.book_id and w.entry_id = e.entry_id and ${movesMoneyOf('w')}`,
  })}
  left join outgoing_payments o on o.book_id = e.book_id and o.transaction_id = e.entry_id
  left join sequenced_entries q on q.book_id = e.book_id and q.entry_id = e.entry_id`;

const ofEntry = (table: keyof DB, column: string) => rowsWith(table, column, sql`e.entry_id`, sql`e.book_id`);

/** The same of entries that were found: each is found by its key. */
export const joinSeenOfFound: RawBuilder<unknown> = sql`
  ${takenBack({
    reversals: sql`
      ${ofEntry('journal_entries', 'reverses_entry_id')} r
      cross join lateral ${rowsWith('postings', 'entry_id', sql`r.entry_id`, sql`r.book_id`)} p
      where ${movesMoneyOf('p')}`,
    taken: sql`${ofEntry('postings', 'entry_id')} w where ${movesMoneyOf('w')}`,
  })}
  left join lateral ${ofEntry('outgoing_payments', 'transaction_id')} o on true
  left join lateral ${ofEntry('sequenced_entries', 'entry_id')} q on true`;

/**
 * What took an entry back, or parts of it, without what it cost. An entry of several lines is taken back whole: it has no
 * `minor`.
 */
function takenBack(from: {
  readonly reversals: RawBuilder<unknown>;
  readonly taken: RawBuilder<unknown>;
}): RawBuilder<unknown> {
  return sql`
  left join lateral (
    select (array_agg(r.entry_id order by r.reversal_number desc nulls last))[1] as last_entry_id,
      sum(p.amount_minor) = (select sum(w.amount_minor) from ${from.taken}) as is_whole,
      case when max(p.line) = 1 then sum(p.amount_minor)::bigint end as minor
    from ${from.reversals}
    group by r.reverses_entry_id
  ) r on true`;
}

export function seenOf(row: SeenRow): Omit<SeenTransaction, 'payerName'> {
  return {
    id: row.id,
    type: row.type,
    currency: row.currency,
    accountId: row.accountId,
    counterpartyAccountId: row.counterpartyAccountId ?? undefined,
    counterparty: counterpartyOf(row),
    holder: holderOf(row),
    bankCodeScheme: row.bankCodeScheme ?? undefined,
    description: row.description ?? undefined,
    reference: row.reference ?? undefined,
    purpose: row.purpose ?? undefined,
    reason: row.reason ?? undefined,
    externalId: row.externalId ?? undefined,
    metadata: row.metadata ?? undefined,
    settlement: settlementOf(row),
    reverses: row.reverses ?? undefined,
    reversedBy: row.reversedBy ?? undefined,
    reversedMinor: row.reversedMinor ?? 0n,
    isReversed: row.isReversed ?? false,
    businessDate: row.businessDate,
    valueDate: row.valueDate,
    postedAtMs: row.postedAt.getTime(),
    sequence: row.sequence ?? undefined,
  };
}

function counterpartyOf(row: SeenRow): Counterparty | undefined {
  const { counterpartyName: name, counterpartyBank: bank, counterpartyAccount: account } = row;
  if (name === null && bank === null && account === null) return undefined;
  return { name: name ?? undefined, bank: bank ?? undefined, account: account ?? undefined };
}

function holderOf({ holderName: name, holderIban: iban, holderNumber: number }: SeenRow): Holder | undefined {
  if (name === null && number === null) return undefined;
  return { name: name ?? undefined, iban: iban ?? undefined, number: number ?? undefined };
}

function settlementOf(row: SeenRow): Settlement | undefined {
  const { settlementStatus: status, settlementUpdatedAt: updatedAt } = row;
  if (status === null || updatedAt === null) return undefined;
  const reason = row.settlementReason ?? undefined;
  const customerReason = row.settlementCustomerReason ?? undefined;
  return { status, reason, customerReason, updatedAtMs: updatedAt.getTime() };
}
