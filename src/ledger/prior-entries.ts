import { uuidArray } from '#db/binary-array.ts';
import { recordSet, texts } from '#db/bulk-rows.ts';
import type { Db } from '#db/database.ts';
import { type AnyTx, run } from '#db/session.ts';
import type { TransactionId } from '#lib/ids.ts';
import type { EntryDraft, PostOutcome } from './entry.ts';

type Keyed = { readonly actor: string; readonly key: string };

const KEYS = recordSet<Keyed>({
  actor: texts(({ actor }) => actor),
  idempotency_key: texts(({ key }) => key),
});

/** The keys of requests that left no entry are of the same name space: what they were used for is something else. */
const ENTRIES_BY_KEY = `
  select e.entry_id as "entryId", e.actor, e.idempotency_key as "key", e.request_hash as "requestHash"
  from ${KEYS.from}
  join journal_entries e on e.book_id = $1 and e.actor = r.actor and e.idempotency_key = r.idempotency_key
  union all
  select null, k.actor, k.idempotency_key, k.request_hash
  from ${KEYS.from}
  join idempotency_keys k on k.book_id = $1 and k.actor = r.actor and k.idempotency_key = r.idempotency_key`;

const ENTRIES_REVERSED = `
  select reverses_entry_id as "entryId" from journal_entries
  where book_id = $1 and reverses_entry_id = any($2::uuid[])`;

/** The parts of a draft by which an earlier entry may settle it. */
export type SettledByKey = Pick<EntryDraft, 'actor' | 'idempotency' | 'reversesEntryId'>;

/** How an earlier entry settles a draft. */
export type SettledOutcome = Extract<PostOutcome, { status: 'replayed' | 'refused' }>;

type KeyedRow = { entryId: TransactionId | null; actor: string; key: string; requestHash: Buffer };

/** The entry that the first request under a key led to. */
export async function findEntryByKey(
  db: Db,
  bookId: number,
  actor: string,
  key: string,
): Promise<{ readonly entryId: TransactionId; readonly requestHash: Buffer } | undefined> {
  return db
    .selectFrom('journal_entries')
    .select((eb) => ['entry_id as entryId', eb.ref('request_hash').$notNull().as('requestHash')])
    .where('book_id', '=', bookId)
    .where('actor', '=', actor)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

/**
 * Decisions by earlier entries, before anything is judged: a used key answers as it did then, and a reversed entry is
 * not reversed again. Remembers the entries of its own batch too.
 */
export class PriorEntries {
  readonly #byKey = new Map<string, { entryId: TransactionId | null; requestHash: Buffer }>();
  readonly #reversed = new Set<TransactionId>();

  static async load(tx: AnyTx, bookId: number, drafts: readonly SettledByKey[]): Promise<PriorEntries> {
    const prior = new PriorEntries();
    await Promise.all([prior.#loadKeys(tx, bookId, drafts), prior.#loadReversals(tx, bookId, drafts)]);
    return prior;
  }

  /** The outcome of a draft that is settled by an earlier entry, if it is. */
  settle(draft: SettledByKey): SettledOutcome | undefined {
    if (draft.idempotency !== undefined) {
      const first = this.#byKey.get(scopedKey(draft.actor, draft.idempotency.key));
      if (first !== undefined) {
        return first.entryId !== null && first.requestHash.equals(draft.idempotency.requestHash)
          ? { status: 'replayed', entryId: first.entryId }
          : { status: 'refused', code: 'idempotency_key_reused' };
      }
    }
    const reversed = draft.reversesEntryId !== undefined && this.#reversed.has(draft.reversesEntryId);
    return reversed ? { status: 'refused', code: 'already_reversed' } : undefined;
  }

  /** Takes note of an accepted draft, for those behind it in the same batch. */
  remember({ entryId, actor, idempotency, reversesEntryId }: EntryDraft): void {
    if (idempotency !== undefined) {
      this.#byKey.set(scopedKey(actor, idempotency.key), { entryId, requestHash: idempotency.requestHash });
    }
    if (reversesEntryId !== undefined) this.#reversed.add(reversesEntryId);
  }

  async #loadKeys(tx: AnyTx, bookId: number, drafts: readonly SettledByKey[]): Promise<void> {
    const keyed = drafts.flatMap(({ actor, idempotency }) =>
      idempotency === undefined ? [] : [{ actor, key: idempotency.key }],
    );
    if (keyed.length === 0) return;
    const { rows } = await run<KeyedRow>(tx, ENTRIES_BY_KEY, [bookId, ...KEYS.values(keyed)]);
    for (const { entryId, actor, key, requestHash } of rows) {
      this.#byKey.set(scopedKey(actor, key), { entryId, requestHash });
    }
  }

  async #loadReversals(tx: AnyTx, bookId: number, drafts: readonly SettledByKey[]): Promise<void> {
    const wanted = drafts.flatMap(({ reversesEntryId }) => reversesEntryId ?? []);
    if (wanted.length === 0) return;
    const { rows } = await run<{ entryId: TransactionId }>(tx, ENTRIES_REVERSED, [bookId, uuidArray(wanted)]);
    for (const { entryId } of rows) this.#reversed.add(entryId);
  }
}

function scopedKey(actor: string, key: string): string {
  return `${actor}\n${key}`;
}
