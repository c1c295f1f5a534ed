import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { asLabelError } from '#db/labels.ts';
import { isLookedThrough, lookBackFrom } from '#db/look-back.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { claimKey, isTwin } from '#ledger/claim-key.ts';
import type { EntryDraft, Idempotency } from '#ledger/entry.ts';
import { refusalError } from '#ledger/errors.ts';
import { post } from '#ledger/post.ts';
import { findEntryByKey } from '#ledger/prior-entries.ts';
import { findReversal } from '#ledger/reversal.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import { newId, type TransactionId, toJournalEntryId, toTypeId } from '#lib/ids.ts';
import type { Sought } from '#lib/sought.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { accountingError } from '../errors.ts';
import {
  cleanEntry,
  type EntryDetails,
  hashEntry,
  hashReversal,
  type JournalEntry,
  movedBy,
  type NewJournalEntry,
  pairLines,
} from './journal-entry.ts';
import { assertManualLines, draftPairs } from './line-accounts.ts';
import { findJournalEntry, insertManualEntry, type JournalFilter, listManualEntries } from './repository.ts';

type Keyed = { readonly caller: Caller; readonly idempotencyKey: string };
export type CreateEntryRequest = Keyed & { readonly entry: NewJournalEntry };
export type ReverseEntryRequest = Keyed &
  Omit<EntryDetails, 'attachments'> & {
    readonly id: TransactionId;
    readonly valueDate?: IsoDate | undefined;
  };
export type EntryAnswer = { readonly entry: JournalEntry; readonly replayed: boolean };

/** An entry by hand on its way into the books. */
type Booking = {
  readonly operation: 'createJournalEntry' | 'reverseJournalEntry';
  readonly details: EntryDetails;
  readonly valueDate: IsoDate | undefined;
  readonly draft: Pick<EntryDraft, 'kind' | 'postings' | 'reversesEntryId'>;
  readonly moved: ReturnType<typeof movedBy>;
};

/** The roles that may book by hand in a period that is closed softly. No API key may. */
const SOFT_CLOSED_ROLES: ReadonlySet<Caller['role']> = new Set(['manager', 'operator']);

const isTwinEntry = isTwin();
/** Another process opened the same ledger account of a line, or committed an equal request. */
const mayRepeat = (error: unknown): boolean =>
  isTwinEntry(error) || violatedUnique(error) === 'ledger_accounts_internal';

/**
 * Journal entries that people book by hand on lines of the chart, never on customers' accounts. Each call is one
 * database transaction. Locks: the lines of the chart (shared), the book (shared).
 */
export class JournalService {
  readonly #context: Context;
  readonly #gate: MoneyGate;

  constructor(context: Context, gate: MoneyGate) {
    this.#context = context;
    this.#gate = gate;
  }

  /**
   * Books an entry of many lines, or none of it. Throws 400 `validation_failed`, 403 `api_key_limit`, 422
   * `entry_not_balanced`, `unknown_gl_account`, `gl_control_line`, `gl_account_not_manual`, `currency_mismatch`,
   * `idempotency_key_reused`, 409 `external_id_exists`, `period_closed`.
   */
  async create({ caller, idempotencyKey, entry: given }: CreateEntryRequest): Promise<EntryAnswer> {
    const { bookId } = this.#context;
    const entry = cleanEntry(given);
    await this.#assertCome(entry.valueDate);
    const pairs = pairLines(entry.lines);
    const idempotency = { key: idempotencyKey, requestHash: hashEntry(entry) };
    return this.#book(caller, idempotency, async (tx) => {
      await assertManualLines(tx, bookId, entry.lines);
      return {
        operation: 'createJournalEntry',
        details: entry,
        valueDate: entry.valueDate,
        draft: { kind: 'journal', postings: await draftPairs(tx, this.#context, pairs) },
        moved: movedBy(entry.lines),
      };
    });
  }

  /**
   * Takes an entry by hand back, once and whole, by an entry of its own. Throws 404 `not_found`, 409
   * `already_reversed`, `external_id_exists`, `period_closed`, 422 `journal_entry_not_reversible`, and as create.
   */
  async reverse({ caller, idempotencyKey, id, ...request }: ReverseEntryRequest): Promise<EntryAnswer> {
    const { bookId } = this.#context;
    const entry = cleanEntry({ ...request, lines: [], attachments: [] });
    await this.#assertCome(entry.valueDate);
    const requestHash = hashReversal(id, entry, entry);
    return this.#book(caller, { key: idempotencyKey, requestHash }, async (tx) => {
      const original = await this.#find(tx, id);
      assertReversible(original);
      const reversal = await findReversal(tx, bookId, id);
      if (reversal === undefined) throw notFound();
      return {
        operation: 'reverseJournalEntry',
        details: entry,
        valueDate: entry.valueDate,
        draft: { kind: 'reversal', postings: reversal.postings, reversesEntryId: id },
        moved: movedBy(original.lines),
      };
    });
  }

  /** Any entry of the journal. Throws 404 `not_found`. */
  async get(id: TransactionId): Promise<JournalEntry> {
    return this.#find(this.#context.db, id);
  }

  /** Entries by hand, newest first. */
  async page(
    caller: Caller,
    filter: Omit<JournalFilter, 'through'>,
  ): Promise<Sought<JournalEntry, TransactionId>> {
    const { db, bookId } = this.#context;
    const through = isLookedThrough(caller, filter, [filter.externalId])
      ? await lookBackFrom(db, bookId, 'manual_entries', filter.after)
      : undefined;
    return { rows: await listManualEntries(db, bookId, { ...filter, through }), soughtThrough: through };
  }

  async #find(db: Tx | Context['db'], id: TransactionId): Promise<JournalEntry> {
    const entry = await findJournalEntry(db, this.#context.bookId, id);
    if (entry === undefined) throw notFound();
    return entry;
  }

  async #book(
    caller: Caller,
    idempotency: Idempotency,
    prepare: (tx: Tx) => Promise<Booking>,
  ): Promise<EntryAnswer> {
    const { db, bookId } = this.#context;
    const work = async (tx: Tx): Promise<{ readonly id: TransactionId; readonly replayed: boolean }> => {
      const prior = await findEntryByKey(tx, bookId, caller.actor, idempotency.key);
      const first = claimKey(prior, idempotency.requestHash);
      if (first !== undefined) return { id: first.entryId, replayed: true };
      return { id: await this.#post(tx, caller, idempotency, await prepare(tx)), replayed: false };
    };
    try {
      const { id, replayed } = await inTransaction(db, work, { alsoRetry: mayRepeat });
      return await afterCommit(async () => ({ entry: await this.get(id), replayed }));
    } catch (error) {
      throw asLabelError(error);
    }
  }

  async #post(
    tx: Tx,
    caller: Caller,
    idempotency: Idempotency,
    { operation, details, valueDate, draft, moved }: Booking,
  ): Promise<TransactionId> {
    const { bookId, ids } = this.#context;
    const entryId = newId(ids, 'transaction');
    const dated = valueDate === undefined ? {} : { valueDate };
    const into = SOFT_CLOSED_ROLES.has(caller.role) ? ({ intoClosed: 'soft' } as const) : {};
    const [outcome] = await post(tx, this.#context, [
      { entryId, actor: caller.actor, idempotency, ...dated, ...into, ...draft },
    ]);
    if (outcome?.status === 'refused') throw refusalError(outcome);
    assert(outcome?.status === 'posted', 'a new key is posted');
    await this.#gate.pass(tx, caller, operation, ...moved);
    const { businessDate, valueDate: accountingDate } = outcome.entry;
    await insertManualEntry(tx, bookId, { ...details, entryId, accountingDate, businessDate });
    const { kind, reversesEntryId } = draft;
    const reverses =
      reversesEntryId === undefined ? undefined : toTypeId('journalEntry', toJournalEntryId(reversesEntryId));
    await recordAudit(tx, this.#context, {
      caller,
      operation,
      resourceType: 'journal_entry',
      resourceId: toTypeId('journalEntry', toJournalEntryId(entryId)),
      after: { kind, valueDate: accountingDate, ...(reverses === undefined ? {} : { reverses }) },
    });
    return entryId;
  }

  /** Throws 400 `validation_failed` for a date that has not come. */
  async #assertCome(valueDate: IsoDate | undefined): Promise<void> {
    const { db, bookId, clock } = this.#context;
    const today = await followCalendar(db, bookId, clock);
    if (valueDate !== undefined && valueDate > today) {
      throw validationFailed({ path: 'valueDate', message: `must not be after ${today}, the business date` });
    }
  }
}

function assertReversible({ kind }: JournalEntry): void {
  if (kind === 'journal') return;
  const what =
    kind === 'reversal'
      ? 'a reversal'
      : kind === 'year_end'
        ? 'the close of a year'
        : 'not one that was booked by hand';
  throw accountingError('journal_entry_not_reversible', { what });
}
