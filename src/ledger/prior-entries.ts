import { uuidArray } from '#db/binary-array.ts';
import { recordSet, texts } from '#db/bulk-rows.ts';
import type { Db } from '#db/database.ts';
import { type AnyTx, run } from '#db/session.ts';
import type { TransactionId } from '#lib/ids.ts';
import { movesMoney } from './charges.ts';
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
  cross join lateral (
    select * from journal_entries where book_id = $1 and actor = r.actor and idempotency_key = r.idempotency_key limit 1
  ) e
  union all
  select null, k.actor, k.idempotency_key, k.request_hash
  from ${KEYS.from}
  cross join lateral (
    select * from idempotency_keys where book_id = $1 and actor = r.actor and idempotency_key = r.idempotency_key limit 1
  ) k`;

/** What entries that are to be reversed posted, over all their lines but what they cost, and what of it was taken back. */
const REVERSED = `
  select wanted.entry_id as "entryId",
    (select sum(p.amount_minor) from postings p
     where p.book_id = $1 and p.entry_id = wanted.entry_id and ${movesMoney('p', 'wanted.kind')})::text
      as "postedMinor",
    coalesce(sum(p.amount_minor), 0)::text as "reversedMinor", count(distinct r.entry_id)::int as "reversals"
  from (
    select ids.entry_id, o.kind from unnest($2::uuid[]) as ids (entry_id)
    left join journal_entries o on o.book_id = $1 and o.entry_id = ids.entry_id
  ) as wanted
  left join journal_entries r on r.book_id = $1 and r.reverses_entry_id = wanted.entry_id
  left join postings p on p.book_id = $1 and p.entry_id = r.entry_id and ${movesMoney('p', 'wanted.kind')}
  group by wanted.entry_id, wanted.kind`;

/** The parts of a draft by which an earlier entry may settle it. */
export type SettledByKey = Pick<EntryDraft, 'actor' | 'idempotency' | 'reversesEntryId' | 'postings'>;

/** How an earlier entry settles a draft. */
export type SettledOutcome = Extract<PostOutcome, { status: 'replayed' | 'refused' }>;

/** What is left of an entry to be reversed, in minor units over all its lines, and how many reversals there were. */
type Rest = { readonly leftMinor: bigint; readonly reversals: number };

type ReversedRow = {
  readonly entryId: TransactionId;
  readonly postedMinor: string | null;
  readonly reversedMinor: string;
  readonly reversals: number;
};

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
 * Decisions by earlier entries, before anything is judged: a used key answers as it did then, and no more of an entry is
 * reversed than what is left of it. Remembers the entries of its own batch too.
 */
export class PriorEntries {
  readonly #byKey = new Map<string, { entryId: TransactionId | null; requestHash: Buffer }>();
  readonly #rests = new Map<TransactionId, Rest>();

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
    const rest = this.#restOf(draft);
    if (rest === undefined || sumOf(draft) <= rest.leftMinor) return undefined;
    return {
      status: 'refused',
      code: rest.leftMinor === 0n ? 'already_reversed' : 'reversal_exceeds_rest',
    };
  }

  /**
   * Takes note of an accepted draft, for those behind it in the same batch. Returns the number of a reversal that is not
   * the first of its entry.
   */
  remember(draft: EntryDraft): number | undefined {
    const { entryId, actor, idempotency, reversesEntryId } = draft;
    if (idempotency !== undefined) {
      this.#byKey.set(scopedKey(actor, idempotency.key), { entryId, requestHash: idempotency.requestHash });
    }
    const rest = this.#restOf(draft);
    if (reversesEntryId === undefined || rest === undefined) return undefined;
    const reversals = rest.reversals + 1;
    this.#rests.set(reversesEntryId, { leftMinor: rest.leftMinor - sumOf(draft), reversals });
    return reversals === 1 ? undefined : reversals;
  }

  #restOf({ reversesEntryId }: SettledByKey): Rest | undefined {
    return reversesEntryId === undefined ? undefined : this.#rests.get(reversesEntryId);
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
    const wanted = new Set(drafts.flatMap(({ reversesEntryId }) => reversesEntryId ?? []));
    if (wanted.size === 0) return;
    const { rows } = await run<ReversedRow>(tx, REVERSED, [bookId, uuidArray([...wanted])]);
    for (const { entryId, postedMinor, reversedMinor, reversals } of rows) {
      if (postedMinor === null) continue;
      this.#rests.set(entryId, { leftMinor: BigInt(postedMinor) - BigInt(reversedMinor), reversals });
    }
  }
}

function sumOf({ postings }: SettledByKey): bigint {
  return postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

function scopedKey(actor: string, key: string): string {
  return `${actor}\n${key}`;
}
