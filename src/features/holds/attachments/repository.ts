import { sql } from 'kysely';
import { bigints, bulkUpdate, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { hasMetadata, labelColumns } from '#db/labels.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId, AttachmentId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import { Attachment, type AttachmentState } from './attachment.ts';

export type AttachmentFilter = {
  readonly accountId?: AccountId | undefined;
  readonly status?: AttachmentState['status'] | undefined;
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  /** The last one that is looked at. */
  readonly through?: AttachmentId | undefined;
  readonly after?: AttachmentId | undefined;
  readonly limit: number;
};

const updateHeldRows = bulkUpdate('attachments').of<AttachmentState>({
  key: { attachment_id: uuids(({ id }) => id) },
  set: { held_minor: bigints(({ heldMinor }) => heldMinor) },
});

export async function insertAttachment(tx: Tx, bookId: number, { state }: Attachment): Promise<void> {
  await tx
    .insertInto('attachments')
    .values({
      book_id: bookId,
      attachment_id: state.id,
      account_id: state.accountId,
      currency: state.currency,
      amount_minor: state.amountMinor,
      protected_minor: state.protectedMinor,
      held_minor: state.heldMinor,
      reason_code: state.reasonCode,
      legal_reference: state.legalReference,
      placed_on: state.placedOn,
      placed_by: state.placedBy,
      created_at: new Date(state.createdAtMs),
      ...labelColumns(state),
    })
    .execute();
  await noteChanged(tx, bookId, 'attachments', [state.id]);
}

/** Stores what attachments that this transaction has locked keep now. */
export async function updateHeld(tx: Tx, bookId: number, changed: readonly Attachment[]): Promise<void> {
  if (changed.length === 0) return;
  await updateHeldRows(
    tx,
    { book_id: bookId },
    changed.map(({ state }) => state),
  );
  await noteChanged(
    tx,
    bookId,
    'attachments',
    changed.map(({ state }) => state.id),
  );
}

/** Stores the end of an attachment that this transaction has locked. */
export async function updateReleased(tx: Tx, bookId: number, { state }: Attachment): Promise<void> {
  const updated = await tx
    .updateTable('attachments')
    .set({
      status: state.status,
      held_minor: state.heldMinor,
      release_reason: state.releaseReason ?? null,
      released_at: state.releasedAtMs === undefined ? null : new Date(state.releasedAtMs),
    })
    .where('book_id', '=', bookId)
    .where('attachment_id', '=', state.id)
    .where('status', '=', 'active')
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked attachment is there to be released');
  await noteChanged(tx, bookId, 'attachments', [state.id]);
}

export async function findAttachment(
  db: Db,
  bookId: number,
  id: AttachmentId,
): Promise<Attachment | undefined> {
  const row = await selectAttachments(db, bookId).where('attachment_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toAttachment(row);
}

/** Whether an order is in force on one of the accounts, as of the transaction that has locked their ledger accounts. */
export async function hasActiveAttachment(
  tx: Tx,
  bookId: number,
  accountIds: readonly AccountId[],
): Promise<boolean> {
  const row = await tx
    .selectFrom('attachments')
    .select('attachment_id')
    .where('book_id', '=', bookId)
    .where(sql<boolean>`account_id = any(${accountIds}::uuid[])`)
    .where('status', '=', 'active')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Locks an attachment for the rest of the transaction, before its ledger account. */
export async function lockAttachment(
  tx: Tx,
  bookId: number,
  id: AttachmentId,
): Promise<Attachment | undefined> {
  const row = await selectAttachments(tx, bookId)
    .where('attachment_id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : toAttachment(row);
}

/** Locks attachments that lack something, the oldest first, of those after one. */
export async function lockGrowing(
  tx: Tx,
  bookId: number,
  { after, limit }: { readonly after: AttachmentId | undefined; readonly limit: number },
): Promise<Attachment[]> {
  let query = selectAttachments(tx, bookId)
    .where('status', '=', 'active')
    .where(sql<boolean>`held_minor < amount_minor`);
  if (after !== undefined) query = query.where('attachment_id', '>', after);
  const rows = await query.orderBy('attachment_id').limit(limit).forNoKeyUpdate().execute();
  return rows.map(toAttachment);
}

/** Newest first. */
export async function listAttachments(
  db: Db,
  bookId: number,
  { accountId, status, externalId, metadata, through, after, limit }: AttachmentFilter,
): Promise<Attachment[]> {
  let query = selectAttachments(db, bookId);
  if (accountId !== undefined) query = query.where('account_id', '=', accountId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (externalId !== undefined) query = query.where('external_id', '=', externalId.normalize('NFC'));
  for (const condition of hasMetadata('attachments', { metadata })) query = query.where(condition);
  if (through !== undefined) query = query.where('attachment_id', '>=', through);
  if (after !== undefined) query = query.where('attachment_id', '<', after);
  const rows = await query.orderBy('attachment_id', 'desc').limit(limit).execute();
  return rows.map(toAttachment);
}

function selectAttachments(db: Db, bookId: number) {
  return db
    .selectFrom('attachments')
    .select('attachment_id as id')
    .select(columns('attachments', ['account_id', 'currency', 'amount_minor', 'protected_minor']))
    .select(columns('attachments', ['held_minor', 'status', 'reason_code', 'legal_reference']))
    .select(columns('attachments', ['placed_on', 'placed_by', 'created_at', 'release_reason', 'released_at']))
    .select(columns('attachments', ['external_id', 'metadata']))
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectAttachments>['executeTakeFirstOrThrow']>>;

function toAttachment({ createdAt, releasedAt, ...row }: Row): Attachment {
  return new Attachment({
    ...withoutNulls(row),
    createdAtMs: createdAt.getTime(),
    releasedAtMs: releasedAt?.getTime(),
  });
}
