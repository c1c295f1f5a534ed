import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { CHART } from '#ledger/chart.ts';
import { endClosingRequest, requestClosing } from '#ledger/close-date.ts';
import { type LockedPeriods, lockPeriods } from '#ledger/closed-periods.ts';
import type { EntryDraft } from '#ledger/entry.ts';
import { post } from '#ledger/post.ts';
import { findReversal } from '#ledger/reversal.ts';
import { selectBalances } from '#ledger/trial-balance.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import { newId, type TransactionId, toJournalEntryId, toTypeId } from '#lib/ids.ts';
import { cleanText, optional } from '#lib/text.ts';
import { firstOfMonth } from '#lib/time/calendar.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';
import { accountingError } from '../errors.ts';
import type { LinePair } from '../journal/journal-entry.ts';
import { draftPairs } from '../journal/line-accounts.ts';
import { insertManualEntry } from '../journal/repository.ts';
import { assertOver, closeMonths } from '../periods/close-months.ts';
import { keepPeriodBalances, listKeptPeriods } from '../periods/repository.ts';
import { findLastClosedYear, findYear, listYears, putYear, type YearState } from './repository.ts';

const lastDayOf = (year: number): IsoDate => isoDate(`${year}-12-31`);

/**
 * Years of the bank's books. At the end of one its income and expenses go to retained earnings, so that the next one
 * begins at zero. A change locks the book's row, as the close of a period does.
 */
export class YearService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Those that were ever closed, latest first. */
  list(): Promise<YearState[]> {
    return listYears(this.#context.db, this.#context.bookId);
  }

  /**
   * Closes a year: its months that are not, hard, and its income and expenses by an entry of its last day. What earlier
   * years left on them goes with it. Throws 409 `year_closed`, `later_period_closed` where a later year is closed,
   * `period_not_over`.
   */
  async close(caller: Caller, year: number, given: string | undefined): Promise<YearState> {
    const { bookId } = this.#context;
    const reason = optional(given, (text) => cleanText(text, 'reason', 500));
    return this.#change(year, async (tx, locked) => {
      const before = await findYear(tx, bookId, year);
      if (before?.status === 'closed') throw accountingError('year_closed', { year });
      await this.#assertLast(tx, year);
      const lastDay = lastDayOf(year);
      assertOver(locked, lastDay, String(year));
      if (locked.hardClosedTo === null || locked.hardClosedTo < lastDay) {
        const month = { period: firstOfMonth(lastDay), status: 'hard_closed' } as const;
        await closeMonths(tx, bookId, locked, { ...month, ...this.#by(caller), reason });
      }
      const entryId = await this.#carryOver(tx, caller, year, reason ?? `Close of ${year}`);
      return this.#put(tx, caller, 'closeYear', { year, status: 'closed', entryId, reason });
    });
  }

  /**
   * Takes the close of the last closed year back, by the reversal of its entry. Its months stay closed until they are
   * reopened. Throws 409 `period_not_closed`, `later_period_closed` where a later year is closed.
   */
  async reopen(caller: Caller, year: number, given: string): Promise<YearState> {
    const { bookId } = this.#context;
    const reason = cleanText(given, 'reason', 500);
    return this.#change(year, async (tx) => {
      const before = await findYear(tx, bookId, year);
      if (before?.status !== 'closed') {
        throw accountingError('period_not_closed', { period: String(year) });
      }
      await this.#assertLast(tx, year);
      const { entryId } = before;
      if (entryId !== undefined) await this.#takeBack(tx, caller, year, entryId, reason);
      return this.#put(tx, caller, 'reopenYear', { year, status: 'open', reason });
    });
  }

  async #change(
    year: number,
    work: (tx: Tx, locked: LockedPeriods) => Promise<YearState>,
  ): Promise<YearState> {
    const { db, bookId, clock } = this.#context;
    await followCalendar(db, bookId, clock);
    await requestClosing(db, bookId);
    const run = async (tx: Tx): Promise<YearState> => {
      const state = await work(tx, await lockPeriods(tx, bookId));
      // What was kept of closed periods had the results where they are not any more.
      const periods = await listKeptPeriods(tx, bookId, firstOfMonth(lastDayOf(year)));
      for (const period of periods) await keepPeriodBalances(tx, bookId, period);
      await endClosingRequest(tx, bookId);
      return state;
    };
    const state = await inTransaction(db, run, {
      alsoRetry: (error) => violatedUnique(error) === 'ledger_accounts_internal',
    });
    return afterCommit(async () => (await findYear(db, bookId, year)) ?? state);
  }

  async #assertLast(tx: Tx, year: number): Promise<void> {
    const last = await findLastClosedYear(tx, this.#context.bookId);
    if (last !== undefined && last > year)
      throw accountingError('later_period_closed', { period: String(last) });
  }

  /** Brings each line of income and expenses to zero; undefined where all are. */
  async #carryOver(tx: Tx, caller: Caller, year: number, reason: string): Promise<TransactionId | undefined> {
    const balances = await selectBalances(tx, this.#context.bookId, lastDayOf(year));
    const pairs = balances.flatMap(({ glCode, class: accountClass, balanceMinor, currency }): LinePair[] => {
      if (balanceMinor === 0n || (accountClass !== 'income' && accountClass !== 'expense')) return [];
      return balanceMinor > 0n
        ? [{ debit: glCode, credit: CHART.retainedEarnings, amountMinor: balanceMinor, currency }]
        : [{ debit: CHART.retainedEarnings, credit: glCode, amountMinor: -balanceMinor, currency }];
    });
    if (pairs.length === 0) return undefined;
    const postings = await draftPairs(tx, this.#context, pairs);
    return this.#post(tx, caller, year, reason, { kind: 'year_end', postings });
  }

  async #takeBack(
    tx: Tx,
    caller: Caller,
    year: number,
    entryId: TransactionId,
    reason: string,
  ): Promise<void> {
    const reversal = await findReversal(tx, this.#context.bookId, entryId);
    assert(reversal !== undefined, 'the entry of a closed year is in the books');
    const { postings } = reversal;
    await this.#post(tx, caller, year, reason, { kind: 'reversal', reversesEntryId: entryId, postings });
  }

  async #post(
    tx: Tx,
    { actor }: Caller,
    year: number,
    reason: string,
    draft: Pick<EntryDraft, 'kind' | 'postings' | 'reversesEntryId'>,
  ): Promise<TransactionId> {
    const { bookId, ids } = this.#context;
    const entryId = newId(ids, 'transaction');
    const accountingDate = lastDayOf(year);
    const [outcome] = await post(tx, this.#context, [
      { entryId, actor, valueDate: accountingDate, intoClosed: 'hard', ...draft },
    ]);
    assert(outcome?.status === 'posted', 'what the bank moves between accounts of its own is posted');
    const { businessDate } = outcome.entry;
    const row = { entryId, accountingDate, businessDate, reason, attachments: [], closesYear: year };
    await insertManualEntry(tx, bookId, row);
    return entryId;
  }

  async #put(
    tx: Tx,
    caller: Caller,
    operation: 'closeYear' | 'reopenYear',
    given: Omit<YearState, 'actor' | 'changedAtMs'>,
  ): Promise<YearState> {
    const state = { ...given, ...this.#by(caller) };
    await putYear(tx, this.#context.bookId, state);
    const { year, status, entryId } = state;
    const entry = optional(entryId, (id) => toTypeId('journalEntry', toJournalEntryId(id)));
    await recordAudit(tx, this.#context, {
      caller,
      operation,
      resourceType: 'accounting_year',
      resourceId: String(year),
      after: { status, ...(entry === undefined ? {} : { entry }) },
    });
    return state;
  }

  #by({ actor }: Caller): Pick<YearState, 'actor' | 'changedAtMs'> {
    return { actor, changedAtMs: this.#context.clock.nowMs() };
  }
}
