import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { hasMetadata, labelColumns } from '#db/labels.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { assert } from '#lib/assert.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, IncomingPaymentId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { IncomingPayment, type IncomingState, type IncomingStatus } from './incoming-payment.ts';

export type IncomingFilter = {
  readonly status?: IncomingStatus | undefined;
  readonly externalReference?: string | undefined;
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  /** The account that was credited. */
  readonly accountId?: AccountId | undefined;
  /** Value dates, both included. */
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
  readonly currency?: Currency | undefined;
  /** Minor units, both included. */
  readonly minAmountMinor?: bigint | undefined;
  readonly maxAmountMinor?: bigint | undefined;
  /** The payer's account. */
  readonly debtorIban?: Iban | undefined;
  /** A part of the payer's name, in whatever case. */
  readonly debtorName?: string | undefined;
  readonly reference?: string | undefined;
  /** The last one that is looked at. */
  readonly through?: IncomingPaymentId | undefined;
  readonly after?: IncomingPaymentId | undefined;
  readonly limit: number;
};

export async function insertIncoming(tx: Tx, bookId: number, { state }: IncomingPayment): Promise<void> {
  await tx
    .insertInto('incoming_payments')
    .values({
      book_id: bookId,
      incoming_payment_id: state.id,
      external_reference: state.externalReference ?? null,
      request_hash: state.requestHash,
      returned_payment_id: state.returnedPaymentId ?? null,
      iban: state.iban ?? null,
      currency: state.currency,
      amount_minor: state.amountMinor,
      debtor_name: state.debtorName ?? null,
      debtor_iban: state.debtorIban ?? null,
      creditor_account: state.creditorAccount ?? null,
      debtor_account: state.debtorAccount ?? null,
      as_received: state.asReceived === undefined ? null : JSON.stringify(state.asReceived),
      reference: state.reference ?? null,
      value_date: state.valueDate,
      problem: state.problem ?? null,
      entry_id: state.entryId,
      ...labelColumns(state),
      created_at: new Date(state.createdAtMs),
      ...changing(state),
    })
    .execute();
  await noteChanged(tx, bookId, 'incoming_payments', [state.id]);
}

/** Stores the outcome of a payment that this transaction has locked. */
export async function updateIncoming(tx: Tx, bookId: number, { state }: IncomingPayment): Promise<void> {
  const updated = await tx
    .updateTable('incoming_payments')
    .set(changing(state))
    .where('book_id', '=', bookId)
    .where('incoming_payment_id', '=', state.id)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked payment is there to be changed');
  await noteChanged(tx, bookId, 'incoming_payments', [state.id]);
}

function changing(state: IncomingState) {
  return {
    status: state.status,
    reason: state.reason ?? null,
    customer_reason: state.customerReason ?? null,
    reason_code: state.reasonCode ?? null,
    returned_on: state.returnedOn ?? null,
    return_entry_id: state.returnEntryId ?? null,
    is_claim: state.isClaim,
    account_id: state.accountId ?? null,
    ending_entry_id: state.endingEntryId ?? null,
    updated_at: new Date(state.updatedAtMs),
  };
}

/** The payment, locked for the rest of the transaction. */
export async function lockIncoming(
  tx: Tx,
  bookId: number,
  id: IncomingPaymentId,
): Promise<IncomingPayment | undefined> {
  const query = selectRows(tx, bookId).where('incoming_payment_id', '=', id).forNoKeyUpdate();
  return optional(await query.executeTakeFirst(), toPayment);
}

export async function findIncoming(
  db: Db,
  bookId: number,
  id: IncomingPaymentId,
): Promise<IncomingPayment | undefined> {
  const query = selectRows(db, bookId).where('incoming_payment_id', '=', id);
  return optional(await query.executeTakeFirst(), toPayment);
}

export async function findIncomingByReference(
  db: Db,
  bookId: number,
  externalReference: string,
): Promise<IncomingPayment | undefined> {
  const query = selectRows(db, bookId).where('external_reference', '=', externalReference);
  return optional(await query.executeTakeFirst(), toPayment);
}

/** Newest first. */
export async function listIncoming(
  db: Db,
  bookId: number,
  filter: IncomingFilter,
): Promise<IncomingPayment[]> {
  const { status, externalReference, externalId, accountId, through, after, limit } = filter;
  let query = narrowed(db, bookId, filter);
  if (status !== undefined) query = query.where('status', '=', status);
  if (externalReference !== undefined) query = query.where('external_reference', '=', externalReference);
  if (externalId !== undefined) query = query.where('external_id', '=', externalId.normalize('NFC'));
  if (accountId !== undefined) query = query.where('account_id', '=', accountId);
  if (through !== undefined) query = query.where('incoming_payment_id', '>=', through);
  if (after !== undefined) query = query.where('incoming_payment_id', '<', after);
  const rows = await query.orderBy('incoming_payment_id', 'desc').limit(limit).execute();
  return rows.map(toPayment);
}

/** By what no index knows of. */
function narrowed(db: Db, bookId: number, filter: IncomingFilter) {
  const { from, to, currency, minAmountMinor, maxAmountMinor, debtorIban, debtorName, reference } = filter;
  let query = selectRows(db, bookId);
  if (from !== undefined) query = query.where(sql<boolean>`value_date >= ${from}::date`);
  if (to !== undefined) query = query.where(sql<boolean>`value_date <= ${to}::date`);
  if (currency !== undefined) query = query.where('currency', '=', currency);
  if (minAmountMinor !== undefined) query = query.where('amount_minor', '>=', minAmountMinor);
  if (maxAmountMinor !== undefined) query = query.where('amount_minor', '<=', maxAmountMinor);
  if (debtorIban !== undefined) query = query.where('debtor_iban', '=', debtorIban);
  if (debtorName !== undefined) {
    query = query.where(
      sql<boolean>`position(lower(${debtorName.normalize('NFC')}) in lower(debtor_name)) > 0`,
    );
  }
  for (const condition of hasMetadata('i', filter)) query = query.where(condition);
  if (reference !== undefined) query = query.where('reference', '=', reference.normalize('NFC'));
  return query;
}

function selectRows(db: Db, bookId: number) {
  return db
    .selectFrom('incoming_payments as i')
    .select('i.incoming_payment_id as id')
    .select(columns('i', ['external_reference', 'request_hash', 'returned_payment_id', 'iban', 'currency']))
    .select(columns('i', ['amount_minor', 'debtor_name', 'debtor_iban', 'reference', 'value_date', 'status']))
    .select(columns('i', ['problem', 'reason', 'reason_code', 'returned_on', 'account_id', 'entry_id']))
    .select(
      columns('i', [
        'ending_entry_id',
        'return_entry_id',
        'creditor_account',
        'debtor_account',
        'customer_reason',
      ]),
    )
    .select(['i.as_received as asReceived', 'i.is_claim as isClaim'])
    .select(columns('i', ['external_id', 'metadata', 'created_at', 'updated_at']))
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

function toPayment({ createdAt, updatedAt, ...row }: Row): IncomingPayment {
  const state = withoutNulls(row);
  return new IncomingPayment({
    ...state,
    createdAtMs: createdAt.getTime(),
    updatedAtMs: updatedAt.getTime(),
  });
}
