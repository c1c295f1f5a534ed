import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { knownAccounts } from '#features/accounts/contract.ts';
import { type AuditRecord, recordAudit } from '#features/audit/contract.ts';
import { knownCustomers } from '#features/customers/contract.ts';
import { VerifiedTokens } from '#identity/tokens/contract.ts';
import type { Caller, KeyBounds } from '#lib/caller.ts';
import { checkAll, checkEach } from '#lib/check-all.ts';
import { notFound, unauthenticated, validationFailed } from '#lib/errors.ts';
import { type ApiKeyId, newId, toTypeId } from '#lib/ids.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { ApiKey, type NewApiKey, type Rotation } from './api-key.ts';
import {
  type ApiKeyPage,
  endApiKey,
  findApiKey,
  findApiKeyByPrefix,
  insertApiKey,
  listApiKeys,
  lockApiKey,
  revokeApiKey,
  touchApiKey,
} from './repository.ts';
import { boundsView } from './schemas.ts';
import { generateSecret, isSameSecret, parseToken } from './secret.ts';

/** A key revoked by another process works this long at most; one query in that time is cheap for a busy key. */
const CACHE_MS = 2_000;
/** The last use is for people, who do not need it to the second. */
const TOUCH_INTERVAL_MS = 60_000;

type Checked = { readonly key: ApiKey; readonly caller: Caller };
type Cached = { readonly checked: Promise<Checked>; readonly untilMs: number };

/** The use cases of API keys. */
export class ApiKeyService {
  readonly #context: Context;
  readonly #cache = new VerifiedTokens<Cached>();
  /** When this process last wrote the use. */
  readonly #touchedAtMs = new Map<ApiKeyId, number>();
  readonly #touching = new Set<Promise<void>>();

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Creates a key. The token is shown here and never again. Throws 400 `validation_failed`, also for a bound that names
   * no account or customer of the book: such a key would reach nothing, or less than was meant.
   */
  async create(caller: Caller, request: NewApiKey): Promise<{ key: ApiKey; token: string }> {
    const { db, bookId, clock, ids } = this.#context;
    const { token, prefix, secretHash } = generateSecret();
    const made = { id: newId(ids, 'apiKey'), prefix, createdBy: caller.actor, createdAtMs: clock.nowMs() };
    const key = ApiKey.create(request, made);
    await inTransaction(db, async (tx) => {
      await requireKnown(tx, bookId, key.state.bounds);
      await insertApiKey(tx, bookId, key, secretHash);
      await this.#record(tx, caller, 'createApiKey', key.state.id, { after: fieldsOf(key) });
    });
    return { key, token };
  }

  /** Throws 400 `validation_failed` for what is wrong with a key, but for ids that name nothing. Stores nothing. */
  judge(request: NewApiKey): void {
    const { clock, ids } = this.#context;
    const made = { id: newId(ids, 'apiKey'), prefix: '', createdBy: '', createdAtMs: clock.nowMs() };
    ApiKey.create(request, made);
  }

  /**
   * Makes the key that follows another: for the same caller, so that idempotency keys go on, and with the same scopes.
   * Both are valid until the old one ends. Throws 404 `not_found`, 409 `api_key_ended`, 400 `validation_failed`.
   */
  async rotate(caller: Caller, id: ApiKeyId, rotation: Rotation): Promise<{ key: ApiKey; token: string }> {
    const { db, bookId, clock, ids } = this.#context;
    const { token, prefix, secretHash } = generateSecret();
    const made = { id: newId(ids, 'apiKey'), prefix, createdBy: caller.actor, createdAtMs: clock.nowMs() };
    const key = await inTransaction(db, async (tx) => {
      const found = await lockApiKey(tx, bookId, id);
      if (found === undefined) throw notFound();
      const { previous, next } = found.rotate(rotation, made);
      await endApiKey(tx, bookId, previous);
      await insertApiKey(tx, bookId, next, secretHash);
      const successorId = toTypeId('apiKey', next.state.id);
      const after = { expiresAt: fieldsOf(previous).expiresAt, successorId };
      await this.#record(tx, caller, 'rotateApiKey', id, { after });
      return next;
    });
    this.#cache.clear();
    return { key, token };
  }

  list(page: ApiKeyPage): Promise<ApiKey[]> {
    return listApiKeys(this.#context.db, this.#context.bookId, page);
  }

  /** Throws 404 `not_found`. */
  async get(id: ApiKeyId): Promise<ApiKey> {
    const key = await findApiKey(this.#context.db, this.#context.bookId, id);
    if (key === undefined) throw notFound();
    return key;
  }

  /**
   * Revokes a key: in this process from the next request on, in others two seconds later. Revoking it again succeeds
   * and records nothing. Throws 404 `not_found`.
   */
  async revoke(caller: Caller, id: ApiKeyId): Promise<void> {
    const { db, bookId, clock } = this.#context;
    const revokedAtMs = clock.nowMs();
    await this.get(id);
    await inTransaction(db, async (tx) => {
      if (!(await revokeApiKey(tx, bookId, id, revokedAtMs))) return;
      await this.#record(tx, caller, 'revokeApiKey', id, { after: { revokedAt: toIsoInstant(revokedAtMs) } });
    });
    this.#cache.clear();
  }

  #record(
    tx: Tx,
    caller: Caller,
    operation: string,
    id: ApiKeyId,
    change: Pick<AuditRecord, 'after'>,
  ): Promise<void> {
    const resource = { resourceType: 'api_key', resourceId: toTypeId('apiKey', id) } as const;
    return recordAudit(tx, this.#context, { caller, operation, ...resource, ...change });
  }

  /** The caller of a token. Throws 401 `unauthenticated`. */
  async verify(token: string): Promise<Caller> {
    const { key, caller } = await this.#check(token);
    const nowMs = this.#context.clock.nowMs();
    if (!key.isUsable(nowMs)) throw unauthenticated();
    this.#noteUse(key, nowMs);
    return caller;
  }

  /** Resolves when pending writes of last use are done. */
  async drain(): Promise<void> {
    await Promise.all(this.#touching);
  }

  /** Concurrent requests share one query. */
  #check(token: string): Promise<Checked> {
    const name = VerifiedTokens.keyOf(token);
    const nowMs = this.#context.clock.monotonicMs();
    const cached = this.#cache.get(name);
    if (cached !== undefined && nowMs < cached.untilMs) return cached.checked;
    const checked = this.#read(token);
    this.#cache.set(name, { checked, untilMs: nowMs + CACHE_MS });
    // Wrong keys are not cached: they would push out right ones.
    checked.catch(() => this.#cache.delete(name));
    return checked;
  }

  async #read(token: string): Promise<Checked> {
    const given = parseToken(token);
    if (given === undefined) throw unauthenticated();
    const found = await findApiKeyByPrefix(this.#context.db, this.#context.bookId, given.prefix);
    if (found === undefined || !isSameSecret(found.secretHash, given.secretHash)) throw unauthenticated();
    const { clientId, scopes, bounds } = found.key.state;
    const isBound = Object.values(bounds).some((bound) => bound !== undefined);
    const who = { actor: toTypeId('apiKey', clientId), role: 'service', scopes } as const;
    const caller: Caller = isBound ? { ...who, bounds } : who;
    return { key: found.key, caller };
  }

  #noteUse({ state: { id, lastUsedAtMs = 0 } }: ApiKey, nowMs: number): void {
    if (this.#context.isReadOnly === true) return;
    const unlessSinceMs = nowMs - TOUCH_INTERVAL_MS;
    const writtenAtMs = Math.max(lastUsedAtMs, this.#touchedAtMs.get(id) ?? 0);
    if (writtenAtMs > unlessSinceMs) return;
    this.#touchedAtMs.set(id, nowMs);
    const { db, bookId } = this.#context;
    const touching = touchApiKey(db, bookId, id, { usedAtMs: nowMs, unlessSinceMs })
      // The request itself reports that the database is away; the next use writes this again.
      .catch(() => void this.#touchedAtMs.delete(id))
      .finally(() => this.#touching.delete(touching));
    this.#touching.add(touching);
  }
}

/** Throws 400 `validation_failed` with each id among the bounds that names nothing. */
async function requireKnown(
  tx: Tx,
  bookId: number,
  { accounts = [], customers = [] }: KeyBounds,
): Promise<void> {
  if (accounts.length === 0 && customers.length === 0) return;
  const knownIds = {
    accounts: await knownAccounts(tx, bookId, accounts),
    customers: await knownCustomers(tx, bookId, customers),
  };
  const refuse = (path: string, what: string): void => {
    throw validationFailed({ path, message: `is not ${what} of this bank` });
  };
  checkAll({
    accounts: () =>
      checkEach(accounts, (id, at) => knownIds.accounts.has(id) || refuse(`accounts[${at}]`, 'an account')),
    customers: () =>
      checkEach(
        customers,
        (id, at) => knownIds.customers.has(id) || refuse(`customers[${at}]`, 'a customer'),
      ),
  });
}

/** The key for the audit trail. */
function fieldsOf({ state: { expiresAtMs, bounds, ...details } }: ApiKey): Record<string, unknown> {
  return {
    ...details,
    ...boundsFields(bounds),
    clientId: toTypeId('apiKey', details.clientId),
    expiresAt: expiresAtMs === undefined ? undefined : toIsoInstant(expiresAtMs),
  };
}

/** What confines a key; nothing of what does not. */
function boundsFields(bounds: KeyBounds): Record<string, unknown> {
  const { accounts, customers, largestAmount, addresses } = boundsView(bounds);
  return {
    ...(accounts.length > 0 ? { accounts } : {}),
    ...(customers.length > 0 ? { customers } : {}),
    ...(largestAmount === null ? {} : { largestAmount }),
    ...(addresses.length > 0 ? { networks: addresses } : {}),
  };
}
