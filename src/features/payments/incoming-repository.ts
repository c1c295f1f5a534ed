import type { Selectable } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import type { IncomingPayments } from '#db/tables.ts';
import { assert } from '#lib/assert.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, IncomingPaymentId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import {
  IncomingPayment,
  type IncomingProblem,
  type IncomingState,
  type IncomingStatus,
} from './incoming-payment.ts';

export type IncomingFilter = {
  readonly status?: IncomingStatus | undefined;
  readonly externalReference?: string | undefined;
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
      reference: state.reference ?? null,
      value_date: state.valueDate,
      problem: state.problem ?? null,
      entry_id: state.entryId,
      created_at: new Date(state.createdAtMs),
      ...changing(state),
    })
    .execute();
}

/** Stores what became of a payment that this transaction has locked. */
export async function updateIncoming(tx: Tx, bookId: number, { state }: IncomingPayment): Promise<void> {
  const updated = await tx
    .updateTable('incoming_payments')
    .set(changing(state))
    .where('book_id', '=', bookId)
    .where('incoming_payment_id', '=', state.id)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked payment is there to be changed');
}

function changing(state: IncomingState) {
  return {
    status: state.status,
    reason: state.reason ?? null,
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
  return toPayment(await query.executeTakeFirst());
}

export async function findIncoming(
  db: Db,
  bookId: number,
  id: IncomingPaymentId,
): Promise<IncomingPayment | undefined> {
  return toPayment(await selectRows(db, bookId).where('incoming_payment_id', '=', id).executeTakeFirst());
}

export async function findIncomingByReference(
  db: Db,
  bookId: number,
  externalReference: string,
): Promise<IncomingPayment | undefined> {
  const query = selectRows(db, bookId).where('external_reference', '=', externalReference);
  return toPayment(await query.executeTakeFirst());
}

/** Newest first. */
export async function listIncoming(
  db: Db,
  bookId: number,
  { status, externalReference, after, limit }: IncomingFilter,
): Promise<IncomingPayment[]> {
  let query = selectRows(db, bookId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (externalReference !== undefined) query = query.where('external_reference', '=', externalReference);
  if (after !== undefined) query = query.where('incoming_payment_id', '<', after);
  const rows = await query.orderBy('incoming_payment_id', 'desc').limit(limit).execute();
  return rows.map((row) => new IncomingPayment(toState(row)));
}

function selectRows(db: Db, bookId: number) {
  return db.selectFrom('incoming_payments').selectAll().where('book_id', '=', bookId);
}

function toPayment(row: Selectable<IncomingPayments> | undefined): IncomingPayment | undefined {
  return row === undefined ? undefined : new IncomingPayment(toState(row));
}

function toState(row: Selectable<IncomingPayments>): IncomingState {
  return {
    id: row.incoming_payment_id as IncomingPaymentId,
    externalReference: row.external_reference ?? undefined,
    requestHash: row.request_hash,
    returnedPaymentId: (row.returned_payment_id ?? undefined) as TransactionId | undefined,
    iban: (row.iban ?? undefined) as Iban | undefined,
    currency: row.currency as Currency,
    amountMinor: row.amount_minor,
    debtorName: row.debtor_name ?? undefined,
    debtorIban: (row.debtor_iban ?? undefined) as Iban | undefined,
    reference: row.reference ?? undefined,
    valueDate: row.value_date as IsoDate,
    status: row.status as IncomingStatus,
    problem: (row.problem ?? undefined) as IncomingProblem | undefined,
    reason: row.reason ?? undefined,
    accountId: (row.account_id ?? undefined) as AccountId | undefined,
    entryId: row.entry_id as TransactionId,
    endingEntryId: (row.ending_entry_id ?? undefined) as TransactionId | undefined,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  };
}
