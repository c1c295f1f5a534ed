import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId, IncomingPaymentId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { OutgoingPayment, type OutgoingState, type OutgoingStatus } from './outgoing-payment.ts';

/** An outgoing payment with what its transaction says, as long as its payer is there. */
export type StoredOutgoing = {
  readonly id: TransactionId;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly status: OutgoingStatus;
  readonly reason: string | null;
  readonly accountId: AccountId | null;
  readonly creditorName: string | null;
  readonly creditorIban: string | null;
  readonly reference: string | null;
  /** The transaction that gave it back to its payer. */
  readonly returnTransactionId: TransactionId | null;
  /** Where it waits, when it came back and its payer could not be credited. */
  readonly incomingPaymentId: IncomingPaymentId | null;
  readonly businessDate: IsoDate;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type OutgoingFilter = {
  readonly status?: OutgoingStatus | undefined;
  readonly after?: TransactionId | undefined;
  readonly limit: number;
};

/** The payment, locked for the rest of the transaction. */
export async function lockOutgoing(
  tx: Tx,
  bookId: number,
  id: TransactionId,
): Promise<OutgoingPayment | undefined> {
  const row = await tx
    .selectFrom('outgoing_payments as o')
    .select('o.transaction_id as id')
    .select(columns('o', ['currency', 'amount_minor', 'status', 'reason', 'ending_entry_id']))
    .where('book_id', '=', bookId)
    .where('transaction_id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : new OutgoingPayment(withoutNulls(row));
}

export async function updateOutgoing(
  tx: Tx,
  bookId: number,
  { id, status, reason, endingEntryId }: OutgoingState,
  nowMs: number,
): Promise<void> {
  const updated = await tx
    .updateTable('outgoing_payments')
    .set({
      status,
      reason: reason ?? null,
      ending_entry_id: endingEntryId ?? null,
      updated_at: new Date(nowMs),
    })
    .where('book_id', '=', bookId)
    .where('transaction_id', '=', id)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked payment is there to be changed');
}

export async function findOutgoing(
  db: Db,
  bookId: number,
  id: TransactionId,
): Promise<StoredOutgoing | undefined> {
  const { rows } = await selectOutgoing(bookId, sql`o.transaction_id = ${id}`).execute(db);
  return rows[0];
}

/** Newest first. */
export async function listOutgoing(
  db: Db,
  bookId: number,
  { status, after, limit }: OutgoingFilter,
): Promise<StoredOutgoing[]> {
  const conditions = [
    sql`true`,
    ...(status === undefined ? [] : [sql`o.status = ${status}`]),
    ...(after === undefined ? [] : [sql`o.transaction_id < ${after}`]),
  ];
  const where = sql`${sql.join(conditions, sql` and `)} order by o.transaction_id desc limit ${limit}`;
  return (await selectOutgoing(bookId, where).execute(db)).rows;
}

const selectOutgoing = (bookId: number, where: RawBuilder<unknown>) => sql<StoredOutgoing>`
  select o.transaction_id as "id", o.currency, o.amount_minor as "amountMinor", o.status, o.reason,
    t.account_id as "accountId", t.counterparty_name as "creditorName", t.counterparty_account as "creditorIban",
    t.reference, r.transaction_id as "returnTransactionId", i.incoming_payment_id as "incomingPaymentId",
    e.business_date as "businessDate", o.created_at as "createdAt", o.updated_at as "updatedAt"
  from outgoing_payments o
  join journal_entries e on e.book_id = o.book_id and e.entry_id = o.transaction_id
  left join transactions t on t.book_id = o.book_id and t.transaction_id = o.transaction_id
  left join transactions r on r.book_id = o.book_id and r.transaction_id = o.ending_entry_id
  left join incoming_payments i on i.book_id = o.book_id and i.entry_id = o.ending_entry_id
  where o.book_id = ${bookId} and ${where}`;
