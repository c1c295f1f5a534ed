import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import type { PublicJwk } from '#lib/jwk.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { KEY_LEAD_MS, KEY_OVERLAP_MS } from './lifetimes.ts';
import {
  deleteRetiredSigningKeys,
  deleteSigningKeysBefore,
  insertSigningKey,
  listSigningKeys,
  retireSigningKeysBefore,
} from './repository.ts';
import { generateSigningKey, openSigningKey, type SigningKey } from './signing-key.ts';

/** A public key as the key set shows it. */
export type PublishedKey = PublicJwk & { readonly kid: string; readonly alg: 'EdDSA'; readonly use: 'sig' };

export type Rotation = { readonly kid: string; readonly activeFromMs: number };

/** The keys that sign access tokens: shared by all processes through the database, cached here as last read. */
export class SigningKeys {
  readonly #context: Context;
  /** Oldest first. */
  #keys: readonly SigningKey[] = [];

  constructor(context: Context) {
    this.#context = context;
  }

  /** Reads the keys; known ones are not decrypted again. */
  async read(): Promise<void> {
    const stored = await listSigningKeys(this.#context.db, this.#context.bookId);
    const known = new Map(this.#keys.map((key) => [key.kid, key]));
    this.#keys = stored.map((key) => {
      const before = known.get(key.kid);
      if (before !== undefined) return { ...before, retiresAtMs: key.retiresAtMs };
      return openSigningKey(key, this.#context.dataKey.decrypt(key.privateKey, this.#sealOf(key.kid)));
    });
  }

  /** The key with this id, unless it has retired. */
  find(kid: string): SigningKey | undefined {
    const key = this.#keys.find((one) => one.kid === kid);
    return key !== undefined && this.#isInForce(key) ? key : undefined;
  }

  /** The keys that verify tokens, including the next one and retiring ones. */
  published(): PublishedKey[] {
    return this.#keys
      .filter((key) => this.#isInForce(key))
      .map(({ kid, publicJwk }) => ({ ...publicJwk, kid, alg: 'EdDSA', use: 'sig' }));
  }

  /** The key to sign with. Creates the bank's first one if there is none; only one of several processes does. */
  async current(): Promise<SigningKey> {
    if (this.#keys.length === 0) await this.#makeFirst();
    const nowMs = this.#context.clock.nowMs();
    const inForce = this.#keys.filter((key) => this.#isInForce(key));
    // If another server's clock runs ahead, the first key may not be due here yet.
    const key = inForce.findLast(({ activeFromMs }) => activeFromMs <= nowMs) ?? inForce[0];
    assert(key !== undefined, 'there is a key that has not retired');
    return key;
  }

  /**
   * Creates the next key. It is published at once and signs once every copy of the key set has it. Its predecessor
   * retires when its last token has expired. `immediately`, after a leak: it signs from now on, and tokens of all other
   * keys end once each process has read it, in two seconds.
   */
  async rotate(caller: Caller, { immediately = false } = {}): Promise<Rotation> {
    await this.read();
    const mine = await this.#make((this.#keys.at(-1)?.number ?? 0) + 1, immediately, caller);
    await this.read();
    if (mine !== undefined) return mine;
    // Somebody else rotated at the same moment: theirs is the next key. After a leak, another key follows it.
    if (immediately) return this.rotate(caller, { immediately });
    const theirs = this.#keys.at(-1);
    assert(theirs !== undefined, 'the key that was in the way is there');
    return { kid: theirs.kid, activeFromMs: theirs.activeFromMs };
  }

  /** Of several processes that find no key, one creates number 1. */
  async #makeFirst(): Promise<void> {
    await this.read();
    if (this.#keys.length > 0) return;
    await this.#make(1, true, undefined);
    await this.read();
  }

  /** Creates the key with this number; undefined if another process has created it. */
  async #make(
    number: number,
    immediately: boolean,
    caller: Caller | undefined,
  ): Promise<Rotation | undefined> {
    const { db, bookId, clock, dataKey } = this.#context;
    const nowMs = clock.nowMs();
    const activeFromMs = immediately || number === 1 ? nowMs : nowMs + KEY_LEAD_MS;
    const { kid, publicJwk, pkcs8 } = generateSigningKey();
    const privateKey = dataKey.encrypt(pkcs8, this.#sealOf(kid));
    const key = { kid, number, publicJwk, privateKey, activeFromMs, retiresAtMs: undefined };
    const isMine = await inTransaction(db, async (tx) => {
      if (!(await insertSigningKey(tx, bookId, key, nowMs))) return false;
      if (immediately) await deleteSigningKeysBefore(tx, bookId, number);
      else await retireSigningKeysBefore(tx, bookId, number, activeFromMs + KEY_OVERLAP_MS);
      await deleteRetiredSigningKeys(tx, bookId, nowMs);
      // The first key is created automatically, without a caller.
      if (caller !== undefined) await this.#record(tx, caller, { kid, activeFromMs }, immediately);
      return true;
    });
    return isMine ? { kid, activeFromMs } : undefined;
  }

  #record(tx: Tx, caller: Caller, { kid, activeFromMs }: Rotation, immediately: boolean): Promise<void> {
    const after = { activeFrom: toIsoInstant(activeFromMs), immediately };
    const key = { resourceType: 'signing_key', resourceId: kid } as const;
    return recordAudit(tx, this.#context, { caller, operation: 'rotateKeys', ...key, after });
  }

  #isInForce({ retiresAtMs }: SigningKey): boolean {
    return retiresAtMs === undefined || this.#context.clock.nowMs() < retiresAtMs;
  }

  /** Binds an encrypted private key to its row: in another row it does not open. */
  #sealOf(kid: string): string {
    return signingKeyContextOf(this.#context.bookId, kid);
  }
}

export function signingKeyContextOf(bookId: number, kid: string): string {
  return `signing_keys.private_key/${bookId}/${kid}`;
}

/** The bank's current signing key, for its other signatures; creates the first one if there is none. */
export async function currentSigningKey(context: Context): Promise<SigningKey> {
  const keys = new SigningKeys(context);
  await keys.read();
  return keys.current();
}
