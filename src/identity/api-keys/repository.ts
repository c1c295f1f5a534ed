import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import type { KeyBounds } from '#lib/caller.ts';
import type { ApiKeyId } from '#lib/ids.ts';
import { parseScope } from '#lib/scopes.ts';
import { ApiKey } from './api-key.ts';

export type ApiKeyPage = { readonly after?: ApiKeyId | undefined; readonly limit: number };

export async function insertApiKey(
  tx: Tx,
  bookId: number,
  { state }: ApiKey,
  secretHash: Buffer,
): Promise<void> {
  await tx
    .insertInto('api_keys')
    .values({
      book_id: bookId,
      api_key_id: state.id,
      client_id: state.clientId === state.id ? null : state.clientId,
      name: state.name,
      prefix: state.prefix,
      secret_hash: secretHash,
      scopes: [...state.scopes],
      account_ids: listOf(state.bounds.accounts),
      customer_ids: listOf(state.bounds.customers),
      largest_minor: state.bounds.largest?.amountMinor ?? null,
      largest_currency: state.bounds.largest?.currency ?? null,
      networks: listOf(state.bounds.networks),
      expires_at: state.expiresAtMs === undefined ? null : new Date(state.expiresAtMs),
      created_by: state.createdBy,
      created_at: new Date(state.createdAtMs),
    })
    .execute();
  await noteChanged(tx, bookId, 'api_keys', [state.id]);
}

/** The key with this prefix and the hash of its secret. */
export async function findApiKeyByPrefix(
  db: Db,
  bookId: number,
  prefix: string,
): Promise<{ key: ApiKey; secretHash: Buffer } | undefined> {
  const row = await selectRows(db, bookId).where('prefix', '=', prefix).executeTakeFirst();
  return row === undefined ? undefined : { key: toApiKey(row), secretHash: row.secretHash };
}

export async function findApiKey(db: Db, bookId: number, id: ApiKeyId): Promise<ApiKey | undefined> {
  const row = await selectRows(db, bookId).where('api_key_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toApiKey(row);
}

/** Newest first, revoked and expired ones included. */
export async function listApiKeys(db: Db, bookId: number, { after, limit }: ApiKeyPage): Promise<ApiKey[]> {
  let query = selectRows(db, bookId);
  if (after !== undefined) query = query.where('api_key_id', '<', after);
  const rows = await query.orderBy('api_key_id', 'desc').limit(limit).execute();
  return rows.map(toApiKey);
}

/** A key, locked for the rest of the transaction. */
export async function lockApiKey(tx: Tx, bookId: number, id: ApiKeyId): Promise<ApiKey | undefined> {
  const row = await selectRows(tx, bookId).where('api_key_id', '=', id).forNoKeyUpdate().executeTakeFirst();
  return row === undefined ? undefined : toApiKey(row);
}

/** Stores when a key ends that this transaction has locked. */
export async function endApiKey(tx: Tx, bookId: number, { state }: ApiKey): Promise<void> {
  await tx
    .updateTable('api_keys')
    .set({ expires_at: state.expiresAtMs === undefined ? null : new Date(state.expiresAtMs) })
    .where('book_id', '=', bookId)
    .where('api_key_id', '=', state.id)
    .execute();
  await noteChanged(tx, bookId, 'api_keys', [state.id]);
}

/** Revokes a key; returns whether there was one to revoke. A revoked key stays as it is. */
export async function revokeApiKey(tx: Tx, bookId: number, id: ApiKeyId, nowMs: number): Promise<boolean> {
  const updated = await tx
    .updateTable('api_keys')
    .set({ revoked_at: new Date(nowMs) })
    .where('book_id', '=', bookId)
    .where('api_key_id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  await noteChanged(tx, bookId, 'api_keys', [id]);
  return updated.numUpdatedRows === 1n;
}

/** Stores when a key was used, unless another process stored a use after `unlessSinceMs`. */
export async function touchApiKey(
  db: Db,
  bookId: number,
  id: ApiKeyId,
  { usedAtMs, unlessSinceMs }: { readonly usedAtMs: number; readonly unlessSinceMs: number },
): Promise<void> {
  await db
    .updateTable('api_keys')
    .set({ last_used_at: new Date(usedAtMs) })
    .where('book_id', '=', bookId)
    .where('api_key_id', '=', id)
    .where((where) =>
      where.or([where('last_used_at', 'is', null), where('last_used_at', '<=', new Date(unlessSinceMs))]),
    )
    .execute();
}

function selectRows(db: Db, bookId: number) {
  return db
    .selectFrom('api_keys as k')
    .select('k.api_key_id as id')
    .select('k.client_id as clientId')
    .select(
      columns('k', ['name', 'prefix', 'secret_hash', 'scopes', 'expires_at', 'last_used_at', 'revoked_at']),
    )
    .select(columns('k', ['created_by', 'created_at', 'networks']))
    .select(columns('k', ['account_ids', 'customer_ids', 'largest_minor', 'largest_currency']))
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

function toApiKey({ id, clientId, name, prefix, createdBy, ...row }: Row): ApiKey {
  return new ApiKey({
    id,
    clientId: clientId ?? id,
    name,
    prefix,
    // A scope that no longer exists grants nothing.
    scopes: row.scopes.map(parseScope).filter((scope) => scope !== undefined),
    bounds: boundsOf(row),
    expiresAtMs: row.expiresAt?.getTime(),
    lastUsedAtMs: row.lastUsedAt?.getTime(),
    revokedAtMs: row.revokedAt?.getTime(),
    createdBy,
    createdAtMs: row.createdAt.getTime(),
  });
}

function boundsOf({
  accountIds,
  customerIds,
  largestMinor,
  largestCurrency,
  networks,
}: Pick<Row, 'accountIds' | 'customerIds' | 'largestMinor' | 'largestCurrency' | 'networks'>): KeyBounds {
  const largest =
    largestMinor === null || largestCurrency === null
      ? undefined
      : { amountMinor: largestMinor, currency: largestCurrency };
  return {
    accounts: accountIds ?? undefined,
    customers: customerIds ?? undefined,
    largest,
    networks: networks ?? undefined,
  };
}

function listOf<Value>(values: readonly Value[] | undefined): Value[] | null {
  return values === undefined ? null : [...values];
}
