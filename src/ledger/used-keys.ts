import { type AnyTx, run } from '#db/session.ts';
import { claimKey } from './claim-key.ts';
import { ledgerError } from './errors.ts';

/** A key of a client and what it was used for. */
export type KeyUse = {
  readonly actor: string;
  readonly key: string;
  readonly operation: string;
  readonly requestHash: Buffer;
};

/** A key that was used, by an operation or, without one, by a journal entry. */
export type UsedKey = {
  readonly operation: string | undefined;
  readonly requestHash: Buffer;
  /** The first answer, sealed; undefined where the operation tells it from its own rows, or it is gone. */
  readonly answer: Buffer | undefined;
};

/** Longer than anybody repeats a request. The journal keeps its keys for ever. */
const KEPT_DAYS = 30;
/** More than are added at once, so that old ones never pile up, and a moment's work. */
const MAX_FORGOTTEN_AT_ONCE = 20;

/**
 * Requests under one key come one after the other, on whichever servers: until the end of the transaction a second one
 * waits here. Two keys with one hash wait for each other, and nothing else comes of it.
 */
const LOCK_KEY = `
  select pg_advisory_xact_lock(hashtextextended('idempotency key ' || $1::text || ' ' || $2 || ' ' || $3, 0))`;

const FIND_USE = `
  select operation, request_hash as "requestHash", answer from idempotency_keys
  where book_id = $1 and actor = $2 and idempotency_key = $3
  union all
  select null, request_hash, null from journal_entries
  where book_id = $1 and actor = $2 and idempotency_key = $3`;

const REGISTER = `
  insert into idempotency_keys (book_id, actor, idempotency_key, operation, request_hash, answer, about, created_at)
  select $1, $2, $3, $4, $5, $6, $7::uuid[], $8
  where not exists (
    select from journal_entries where book_id = $1 and actor = $2 and idempotency_key = $3)
  on conflict do nothing`;

const FORGET_OLD = `
  delete from idempotency_keys where book_id = $1 and (actor, idempotency_key) in (
    select actor, idempotency_key from idempotency_keys
    where book_id = $1 and created_at < $2 and created_at > '-infinity' order by created_at limit ${MAX_FORGOTTEN_AT_ONCE}
    for update skip locked)`;

const FORGET_ANSWERS = `
  update idempotency_keys set answer = null where book_id = $1 and about && $2::uuid[] and answer is not null`;

/** What a key was used for, if it was; until the transaction ends no other request under it is looked at. */
export async function lockKey(
  tx: AnyTx,
  bookId: number,
  actor: string,
  key: string,
): Promise<UsedKey | undefined> {
  await run(tx, LOCK_KEY, [bookId, actor, key]);
  const { rows } = await run<{ operation: string | null; requestHash: Buffer; answer: Buffer | null }>(
    tx,
    FIND_USE,
    [bookId, actor, key],
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    requestHash: first.requestHash,
    operation: first.operation ?? undefined,
    answer: first.answer ?? undefined,
  };
}

/**
 * Notes what a key was used for, in the transaction of the work. For what leaves no journal entry under the key: with
 * one, that is the note. Throws 422 `idempotency_key_reused` if it was used before.
 */
export async function registerKey(
  tx: AnyTx,
  bookId: number,
  { actor, key, operation, requestHash }: KeyUse,
  {
    nowMs,
    answer,
    about = [],
  }: { readonly nowMs: number; readonly answer?: Buffer; readonly about?: readonly string[] },
): Promise<void> {
  const values = [bookId, actor, key, operation, requestHash, answer ?? null, about, new Date(nowMs)];
  const { affectedRows } = await run(tx, REGISTER, values);
  if (affectedRows !== 1) throw ledgerError('idempotency_key_reused');
  await run(tx, FORGET_OLD, [bookId, new Date(nowMs - KEPT_DAYS * 86_400_000)]);
}

/**
 * Notes the key of a request whose repetition does no harm, and tells its answer from rows of its own; or finds it noted.
 * Throws 422 `idempotency_key_reused` where another request used it.
 */
export async function noteKey(tx: AnyTx, bookId: number, use: KeyUse, nowMs: number): Promise<void> {
  const used = await lockKey(tx, bookId, use.actor, use.key);
  if (claimKey(used, use.requestHash) === undefined) await registerKey(tx, bookId, use, { nowMs });
}

/** Drops the answers that speak of somebody who leaves: the keys stay used. */
export async function forgetAnswers(tx: AnyTx, bookId: number, about: readonly string[]): Promise<void> {
  await run(tx, FORGET_ANSWERS, [bookId, about]);
}
