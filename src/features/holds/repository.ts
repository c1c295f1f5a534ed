import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { hasMetadata, labelColumns } from '#db/labels.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { heldAccounts } from '#features/accounts/contract.ts';
import type { Idempotency } from '#ledger/entry.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId, CaptureSettlementId, CustomerId, HoldId, TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import { orNull } from '#lib/text.ts';
import { Hold, type HoldStatus } from './hold.ts';

export type HoldFilter = {
  /** Only of accounts that this customer holds. */
  readonly seenBy?: CustomerId | undefined;
  readonly accountId?: AccountId | undefined;
  readonly status?: HoldStatus | undefined;
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  /** The last one that is looked at. */
  readonly through?: HoldId | undefined;
  readonly after?: HoldId | undefined;
  readonly limit: number;
};

export async function insertHold(
  tx: Tx,
  bookId: number,
  { state }: Hold,
  { actor, idempotency }: { readonly actor: string; readonly idempotency: Idempotency },
): Promise<void> {
  await tx
    .insertInto('holds')
    .values({
      book_id: bookId,
      hold_id: state.id,
      account_id: state.accountId,
      currency: state.currency,
      amount_minor: state.amountMinor,
      expires_at: instantOf(state.expiresAtMs),
      reference: state.reference ?? null,
      placed_by: state.placedBy,
      placed_on: state.placedOn,
      actor,
      idempotency_key: idempotency.key,
      request_hash: idempotency.requestHash,
      ...labelColumns(state),
      created_at: new Date(state.createdAtMs),
      updated_at: new Date(state.updatedAtMs),
    })
    .execute();
  await noteChanged(tx, bookId, 'holds', [state.id]);
}

/** Stores the outcome of a hold that this transaction has locked. */
export async function updateHold(tx: Tx, bookId: number, { state }: Hold): Promise<void> {
  const updated = await tx
    .updateTable('holds')
    .set({
      amount_minor: state.amountMinor,
      expires_at: instantOf(state.expiresAtMs),
      first_amount_minor: state.first?.amountMinor ?? null,
      first_expires_at: instantOf(state.first?.expiresAtMs),
      first_labels: orNull(state.first, ({ externalId, metadata }) =>
        JSON.stringify({ externalId, metadata }),
      ),
      ...labelColumns(state),
      captured_minor: state.capturedMinor,
      status: state.status,
      ended_at: instantOf(state.endedAtMs),
      updated_at: new Date(state.updatedAtMs),
      version: state.version,
    })
    .where('book_id', '=', bookId)
    .where('hold_id', '=', state.id)
    .where('version', '=', state.version - 1)
    .where('status', 'in', ['active', 'expired'])
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a hold that is locked and may change is there to be changed');
  await noteChanged(tx, bookId, 'holds', [state.id]);
}

/** Stores the last capture of a hold. */
export async function insertCapture(tx: Tx, bookId: number, { state }: Hold): Promise<void> {
  const capture = state.captures.at(-1);
  assert(capture !== undefined, 'a hold that was captured has a capture');
  await tx
    .insertInto('hold_captures')
    .values({
      book_id: bookId,
      hold_id: state.id,
      capture_number: state.captures.length,
      transaction_id: capture.transactionId,
      amount_minor: capture.amountMinor,
      captured_minor: capture.capturedMinor,
      is_last: capture.isLast,
      is_forced: capture.isForced,
      hold_minor: capture.holdMinor ?? null,
      created_at: new Date(capture.createdAtMs),
    })
    .execute();
  await noteChanged(tx, bookId, 'hold_captures', [[state.id, state.captures.length]]);
}

/**
 * Locks a hold for the rest of the transaction, before its ledger account: capture, release and expiry meet here.
 * Read once it is locked: what others captured in the meantime is in it.
 */
export async function lockHold(tx: Tx, bookId: number, id: HoldId): Promise<Hold | undefined> {
  const row = await tx
    .selectFrom('holds')
    .select('hold_id')
    .where('book_id', '=', bookId)
    .where('hold_id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : findHold(tx, bookId, id);
}

export async function findHold(db: Db, bookId: number, id: HoldId): Promise<Hold | undefined> {
  const row = await selectHolds(db, bookId).where('h.hold_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toHold(row);
}

/** The hold that a caller placed under a key, and the hash of that request. */
export async function findHoldByKey(
  db: Db,
  bookId: number,
  actor: string,
  key: string,
): Promise<{ readonly hold: Hold; readonly requestHash: Buffer } | undefined> {
  const row = await selectHolds(db, bookId)
    .select('h.request_hash as requestHash')
    .where('h.actor', '=', actor)
    .where('h.idempotency_key', '=', key)
    .executeTakeFirst();
  return row === undefined ? undefined : { hold: toHold(row), requestHash: row.requestHash };
}

/** Newest first. */
export async function listHolds(db: Db, bookId: number, filter: HoldFilter): Promise<Hold[]> {
  const { seenBy, accountId, status, externalId, through, after } = filter;
  let query = selectHolds(db, bookId);
  if (seenBy !== undefined)
    query = query.where(sql<boolean>`h.account_id in ${heldAccounts(bookId, seenBy)}`);
  if (accountId !== undefined) query = query.where('h.account_id', '=', accountId);
  if (status !== undefined) query = query.where('h.status', '=', status);
  if (externalId !== undefined) query = query.where('h.external_id', '=', externalId.normalize('NFC'));
  for (const condition of hasMetadata('h', filter)) query = query.where(condition);
  if (through !== undefined) query = query.where('h.hold_id', '>=', through);
  if (after !== undefined) query = query.where('h.hold_id', '<', after);
  const rows = await query.orderBy('h.hold_id', 'desc').limit(filter.limit).execute();
  return rows.map(toHold);
}

function instantOf(ms: number | undefined): Date | null {
  return ms === undefined ? null : new Date(ms);
}

/** Amounts as text: JSON would make numbers of them. */
type CaptureRow = {
  transactionId: TransactionId;
  amount: string;
  captured: string;
  isLast: boolean;
  isForced: boolean;
  holdAmount: string | null;
  reversals: readonly { transactionId: TransactionId; amount: string }[];
  settlementId: CaptureSettlementId | null;
  createdAtMs: number;
};

function selectHolds(db: Db, bookId: number) {
  return db
    .selectFrom('holds as h')
    .select([
      'h.hold_id as id',
      ...columns('h', ['account_id', 'currency', 'status', 'placed_by', 'placed_on', 'amount_minor']),
      ...columns('h', ['captured_minor', 'reference', 'expires_at', 'created_at', 'updated_at', 'ended_at']),
      ...columns('h', ['version', 'first_amount_minor', 'first_expires_at', 'first_labels']),
      ...columns('h', ['external_id', 'metadata']),
      sql<CaptureRow[]>`(
        select coalesce(jsonb_agg(jsonb_build_object('transactionId', c.transaction_id,
          'amount', c.amount_minor::text, 'captured', c.captured_minor::text, 'isLast', c.is_last,
          'isForced', c.is_forced, 'holdAmount', c.hold_minor::text, 'reversals', (
            select coalesce(jsonb_agg(jsonb_build_object('transactionId', e.entry_id,
              'amount', p.amount_minor::text) order by e.entry_id), '[]')
            from journal_entries e
            join postings p on p.book_id = e.book_id and p.entry_id = e.entry_id and p.line = 1
            where e.book_id = c.book_id and e.reverses_entry_id = c.transaction_id),
          'settlementId', (
            select s.settlement_id from settled_captures s
            where s.book_id = c.book_id and s.entry_id = c.transaction_id),
          'createdAtMs', (extract(epoch from c.created_at) * 1000)::bigint) order by c.capture_number), '[]')
        from hold_captures c where c.book_id = h.book_id and c.hold_id = h.hold_id)`.as('captures'),
    ])
    .where('h.book_id', '=', bookId);
}

/** Of a hold that was changed before its labels could be: those that it has. */
function labelsOf({ externalId, metadata }: { [Name in keyof Labels]: Labels[Name] | null }): Labels {
  return { externalId: externalId ?? undefined, metadata: metadata ?? undefined };
}

type Row = Awaited<ReturnType<ReturnType<typeof selectHolds>['executeTakeFirstOrThrow']>>;

function toHold({
  expiresAt,
  createdAt,
  updatedAt,
  endedAt,
  captures,
  firstAmountMinor,
  firstExpiresAt,
  firstLabels,
  ...row
}: Row): Hold {
  return new Hold({
    ...withoutNulls(row),
    first:
      firstAmountMinor === null
        ? undefined
        : {
            amountMinor: firstAmountMinor,
            expiresAtMs: firstExpiresAt?.getTime(),
            ...labelsOf(firstLabels ?? row),
          },
    expiresAtMs: expiresAt?.getTime(),
    createdAtMs: createdAt.getTime(),
    updatedAtMs:
      updatedAt?.getTime() ?? endedAt?.getTime() ?? captures.at(-1)?.createdAtMs ?? createdAt.getTime(),
    endedAtMs: endedAt?.getTime(),
    captures: captures.map(({ amount, captured, holdAmount, reversals, settlementId, ...capture }) => ({
      ...capture,
      settlementId: settlementId ?? undefined,
      holdMinor: holdAmount === null ? undefined : BigInt(holdAmount),
      reversals: reversals.map((one) => ({
        transactionId: one.transactionId,
        amountMinor: BigInt(one.amount),
      })),
      amountMinor: BigInt(amount),
      capturedMinor: BigInt(captured),
    })),
  });
}
