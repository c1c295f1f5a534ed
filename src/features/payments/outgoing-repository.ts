import { type RawBuilder, sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { hasMetadata } from '#db/labels.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { heldAccounts } from '#features/accounts/contract.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId, CustomerId, IncomingPaymentId, SubmissionId, TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { BankCodeScheme } from '#lib/payee-account.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import {
  type HeldFor,
  OutgoingPayment,
  type OutgoingState,
  type OutgoingStatus,
} from './outgoing-payment.ts';

/** An outgoing payment with what its transaction says, as long as its payer is there. */
export type StoredOutgoing = {
  readonly debtorBankName: string;
  readonly debtorBic: string | null;
  readonly id: TransactionId;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly status: OutgoingStatus;
  readonly heldFor: HeldFor | null;
  readonly reason: string | null;
  readonly customerReason: string | null;
  readonly reasonCode: string | null;
  readonly returnedOn: IsoDate | null;
  readonly submissionId: SubmissionId | null;
  readonly message: string | null;
  readonly submittedBy: string | null;
  readonly submittedAt: Date | null;
  readonly accountId: AccountId | null;
  readonly creditorName: string | null;
  readonly creditorBank: string | null;
  readonly creditorAccount: string | null;
  readonly bankCodeScheme: BankCodeScheme | null;
  readonly reference: string | null;
  readonly externalId: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** The transaction that gave it back to its payer. */
  readonly returnTransactionId: TransactionId | null;
  /** Where it waits, when it came back and its payer could not be credited. */
  readonly incomingPaymentId: IncomingPaymentId | null;
  readonly businessDate: IsoDate;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type OutgoingFilter = {
  /** Only what left an account that this customer holds. */
  readonly seenBy?: CustomerId | undefined;
  readonly status?: OutgoingStatus | undefined;
  readonly submissionId?: SubmissionId | undefined;
  readonly accountId?: AccountId | undefined;
  readonly currency?: Currency | undefined;
  /** Minor units, both included. */
  readonly minAmountMinor?: bigint | undefined;
  readonly maxAmountMinor?: bigint | undefined;
  /** Business dates, both included. */
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
  /** The payee's account. */
  readonly creditorAccount?: string | undefined;
  /** A part of the payee's name, in whatever case. */
  readonly creditorName?: string | undefined;
  readonly reference?: string | undefined;
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  readonly after?: TransactionId | undefined;
  /** The last one that is looked at. */
  readonly through?: TransactionId | undefined;
  readonly limit: number;
};

/** The payment, locked for the rest of the transaction. */
export async function lockOutgoing(
  tx: Tx,
  bookId: number,
  id: TransactionId,
): Promise<OutgoingPayment | undefined> {
  const row = await selectStates(tx, bookId)
    .where('transaction_id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : new OutgoingPayment(withoutNulls(row));
}

/** Those of the payments that exist, locked in ascending id. */
export async function lockOutgoings(
  tx: Tx,
  bookId: number,
  ids: readonly TransactionId[],
): Promise<OutgoingPayment[]> {
  const query = selectStates(tx, bookId).where('transaction_id', 'in', [...ids]);
  const rows = await query.orderBy('transaction_id').forNoKeyUpdate().execute();
  return rows.map((row) => new OutgoingPayment(withoutNulls(row)));
}

/** Payments that nobody claimed yet, oldest first: those that somebody else is claiming now are passed over. */
export async function lockWaiting(
  tx: Tx,
  bookId: number,
  { currency, limit }: { readonly currency: Currency | undefined; readonly limit: number },
): Promise<OutgoingPayment[]> {
  let query = selectStates(tx, bookId)
    .where('status', '=', 'pending_settlement')
    .where('held_for', 'is', null);
  if (currency !== undefined) query = query.where('currency', '=', currency);
  const rows = await query.orderBy('transaction_id').limit(limit).forNoKeyUpdate().skipLocked().execute();
  return rows.map((row) => new OutgoingPayment(withoutNulls(row)));
}

function selectStates(tx: Tx, bookId: number) {
  return tx
    .selectFrom('outgoing_payments as o')
    .select('o.transaction_id as id')
    .select(
      columns('o', [
        'currency',
        'amount_minor',
        'status',
        'held_for',
        'reason',
        'reason_code',
        'returned_on',
      ]),
    )
    .select(columns('o', ['customer_reason', 'submission_id', 'ending_entry_id', 'return_entry_id']))
    .where('book_id', '=', bookId);
}

export async function updateOutgoing(
  tx: Tx,
  bookId: number,
  { id, ...state }: OutgoingState,
  nowMs: number,
): Promise<void> {
  const updated = await tx
    .updateTable('outgoing_payments')
    .set({
      status: state.status,
      reason: state.reason ?? null,
      customer_reason: state.customerReason ?? null,
      reason_code: state.reasonCode ?? null,
      returned_on: state.returnedOn ?? null,
      ending_entry_id: state.endingEntryId ?? null,
      return_entry_id: state.returnEntryId ?? null,
      updated_at: new Date(nowMs),
    })
    .where('book_id', '=', bookId)
    .where('transaction_id', '=', id)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked payment is there to be changed');
  await noteChanged(tx, bookId, 'outgoing_payments', [id]);
}

/** Marks locked payments as claimed. */
export async function updateSubmitted(
  tx: Tx,
  bookId: number,
  submissionId: SubmissionId,
  ids: readonly TransactionId[],
  nowMs: number,
): Promise<void> {
  const updated = await tx
    .updateTable('outgoing_payments')
    .set({ status: 'submitted', submission_id: submissionId, updated_at: new Date(nowMs) })
    .where('book_id', '=', bookId)
    .where('transaction_id', 'in', [...ids])
    .executeTakeFirst();
  assert(updated.numUpdatedRows === BigInt(ids.length), 'locked payments are there to be changed');
  await noteChanged(tx, bookId, 'outgoing_payments', ids);
}

export async function findOutgoing(
  db: Db,
  bookId: number,
  id: TransactionId,
  seenBy: CustomerId | undefined,
): Promise<StoredOutgoing | undefined> {
  const where = sql`o.transaction_id = ${id} and ${isSeenBy(bookId, seenBy)}`;
  const { rows } = await selectOutgoing(bookId, where).execute(db);
  return rows[0];
}

/** Newest first. */
export async function listOutgoing(
  db: Db,
  bookId: number,
  { limit, ...filter }: OutgoingFilter,
): Promise<StoredOutgoing[]> {
  const where = sql`${sql.join(conditionsOf(bookId, filter), sql` and `)}
    order by o.transaction_id desc limit ${limit}`;
  return (await selectOutgoing(bookId, where).execute(db)).rows;
}

function conditionsOf(bookId: number, filter: Omit<OutgoingFilter, 'limit'>): RawBuilder<unknown>[] {
  const { status, submissionId, accountId, currency, minAmountMinor, maxAmountMinor } = filter;
  const { from, to, creditorAccount, creditorName, reference, after } = filter;
  const when = <Value>(value: Value | undefined, condition: (value: Value) => RawBuilder<unknown>) =>
    value === undefined ? [] : [condition(value)];
  return [
    isSeenBy(bookId, filter.seenBy),
    ...when(status, (value) => sql`o.status = ${value}`),
    ...when(submissionId, (value) => sql`o.submission_id = ${value}`),
    ...when(accountId, (value) => sql`t.account_id = ${value}`),
    ...when(currency, (value) => sql`o.currency = ${value}`),
    ...when(minAmountMinor, (value) => sql`o.amount_minor >= ${value}`),
    ...when(maxAmountMinor, (value) => sql`o.amount_minor <= ${value}`),
    ...when(from, (value) => sql`e.business_date >= ${value}::date`),
    ...when(to, (value) => sql`e.business_date <= ${value}::date`),
    ...when(creditorAccount, (value) => sql`t.counterparty_account = ${value}`),
    ...when(creditorName, (value) => sql`position(lower(${value}) in lower(t.counterparty_name)) > 0`),
    ...when(reference, (value) => sql`t.reference = ${value}`),
    ...when(filter.externalId, (value) => sql`t.external_id = ${value.normalize('NFC')}`),
    ...hasMetadata('t', filter),
    ...when(after, (value) => sql`o.transaction_id < ${value}`),
    ...when(filter.through, (value) => sql`o.transaction_id >= ${value}`),
  ];
}

function isSeenBy(bookId: number, customerId: CustomerId | undefined): RawBuilder<unknown> {
  return customerId === undefined ? sql`true` : sql`t.account_id in ${heldAccounts(bookId, customerId)}`;
}

const selectOutgoing = (bookId: number, where: RawBuilder<unknown>) => sql<StoredOutgoing>`
  select o.transaction_id as "id", o.currency, o.amount_minor as "amountMinor", o.status, o.held_for as "heldFor", o.reason,
    o.customer_reason as "customerReason", o.reason_code as "reasonCode", o.returned_on as "returnedOn", o.submission_id as "submissionId", s.message,
    s.actor as "submittedBy", s.created_at as "submittedAt",
    t.account_id as "accountId", t.counterparty_name as "creditorName", t.counterparty_account as "creditorAccount",
    t.counterparty_bank as "creditorBank", o.bank_code_scheme as "bankCodeScheme",
    b.name as "debtorBankName", b.bic as "debtorBic", t.reference, t.external_id as "externalId", t.metadata, r.transaction_id as "returnTransactionId", i.incoming_payment_id as "incomingPaymentId",
    e.business_date as "businessDate", o.created_at as "createdAt", o.updated_at as "updatedAt"
  from outgoing_payments o
  join books b on b.book_id = o.book_id
  join journal_entries e on e.book_id = o.book_id and e.entry_id = o.transaction_id
  left join payment_submissions s on s.book_id = o.book_id and s.submission_id = o.submission_id
  left join transactions t on t.book_id = o.book_id and t.transaction_id = o.transaction_id
  left join transactions r on r.book_id = o.book_id
    and r.transaction_id = coalesce(o.return_entry_id, o.ending_entry_id)
  left join incoming_payments i on i.book_id = o.book_id
    and i.entry_id = coalesce(o.return_entry_id, o.ending_entry_id)
  where o.book_id = ${bookId} and ${where}`;
