import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import type { CustomerId, SessionId } from '#lib/ids.ts';
import { asPublicJwk } from '#lib/jwk.ts';
import type { StoredSigningKey } from './signing-key.ts';

/** More logouts than this in a quarter of an hour are not genuine: tokens are refused until it is over. */
export const MAX_REVOKED_SESSIONS = 200_000;
/** The same limit for deleted customers. */
export const MAX_DELETED_CUSTOMERS = 200_000;
/** A key a minute for an hour, with nothing retired yet. */
const MAX_SIGNING_KEYS = 100;

/** Oldest first. */
export async function listSigningKeys(db: Db, bookId: number): Promise<StoredSigningKey[]> {
  const rows = await db
    .selectFrom('signing_keys')
    .select(
      columns('signing_keys', ['kid', 'number', 'public_jwk', 'private_key', 'active_from', 'retires_at']),
    )
    .where('book_id', '=', bookId)
    .orderBy('number')
    .limit(MAX_SIGNING_KEYS)
    .execute();
  return rows.map(({ publicJwk, activeFrom, retiresAt, ...key }) => ({
    ...key,
    publicJwk: asPublicJwk(publicJwk),
    activeFromMs: activeFrom.getTime(),
    retiresAtMs: retiresAt?.getTime(),
  }));
}

/** Stores a key; false if another process has created this number. */
export async function insertSigningKey(
  tx: Tx,
  bookId: number,
  key: StoredSigningKey,
  nowMs: number,
): Promise<boolean> {
  const { kid, number, publicJwk, privateKey, activeFromMs } = key;
  const inserted = await tx
    .insertInto('signing_keys')
    .values({
      book_id: bookId,
      kid,
      number,
      public_jwk: JSON.stringify(publicJwk),
      private_key: privateKey,
      created_at: new Date(nowMs),
      active_from: new Date(activeFromMs),
    })
    .onConflict((conflict) => conflict.columns(['book_id', 'number']).doNothing())
    .executeTakeFirst();
  await noteChanged(tx, bookId, 'signing_keys', [kid]);
  return inserted.numInsertedOrUpdatedRows === 1n;
}

/** Sets when the keys before the given one retire, if not set yet. */
export async function retireSigningKeysBefore(
  tx: Tx,
  bookId: number,
  number: number,
  retiresAtMs: number,
): Promise<void> {
  const retired = await tx
    .updateTable('signing_keys')
    .set({ retires_at: new Date(retiresAtMs) })
    .where('book_id', '=', bookId)
    .where('number', '<', number)
    .where('retires_at', 'is', null)
    .returning('kid')
    .execute();
  await noteKeys(tx, bookId, retired);
}

/** Deletes the keys that have retired, so that nobody can ever sign with them. */
export async function deleteRetiredSigningKeys(tx: Tx, bookId: number, nowMs: number): Promise<void> {
  const deleted = await tx
    .deleteFrom('signing_keys')
    .where('book_id', '=', bookId)
    .where('retires_at', '<=', new Date(nowMs))
    .returning('kid')
    .execute();
  await noteKeys(tx, bookId, deleted);
}

/** Deletes every key before the given one, which ends every token they signed. */
export async function deleteSigningKeysBefore(tx: Tx, bookId: number, number: number): Promise<void> {
  const deleted = await tx
    .deleteFrom('signing_keys')
    .where('book_id', '=', bookId)
    .where('number', '<', number)
    .returning('kid')
    .execute();
  await noteKeys(tx, bookId, deleted);
}

function noteKeys(tx: Tx, bookId: number, keys: readonly { readonly kid: string }[]): Promise<void> {
  const kids = keys.map(({ kid }) => kid);
  return noteChanged(tx, bookId, 'signing_keys', kids);
}

/**
 * Sessions revoked in the last `withinMs`, by the earlier of the database's clock and the given one, so that no
 * revocation is missed when clocks disagree.
 */
export async function listRevokedSessions(
  db: Db,
  bookId: number,
  withinMs: number,
  nowMs: number,
): Promise<SessionId[]> {
  const { rows } = await sql<{ session_id: SessionId }>`
    select session_id from user_sessions
    where book_id = ${bookId}
      and revoked_at > least(now(), ${new Date(nowMs)}::timestamptz) - ${withinMs} * interval '1 millisecond'
    order by session_id
    limit ${MAX_REVOKED_SESSIONS + 1}`.execute(db);
  return rows.map((row) => row.session_id);
}

/** Customers deleted in the last `withinMs`, by the earlier of the two clocks as above. Their users' sessions are gone. */
export async function listDeletedCustomers(
  db: Db,
  bookId: number,
  withinMs: number,
  nowMs: number,
): Promise<CustomerId[]> {
  const { rows } = await sql<{ customer_id: CustomerId }>`
    select customer_id from deleted_customers
    where book_id = ${bookId}
      and deleted_at > least(now(), ${new Date(nowMs)}::timestamptz) - ${withinMs} * interval '1 millisecond'
    order by customer_id
    limit ${MAX_DELETED_CUSTOMERS + 1}`.execute(db);
  return rows.map((row) => row.customer_id);
}
