import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { addCounts, type ClosingDay, type EndOfDayStep } from '#features/end-of-day/contract.ts';
import { storeTransactionRows } from '#features/transactions/contract.ts';
import { holdBusinessDate } from '#ledger/business-date.ts';
import type { EntryDraft } from '#ledger/entry.ts';
import type { AccountState } from '#ledger/evaluate.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import { post } from '#ledger/post.ts';
import { assert } from '#lib/assert.ts';
import { type LoanId, newId, type TransactionId, toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { lesserOf } from './allocation.ts';
import { insertEvents } from './event-repository.ts';
import { areHeldByBorrowers } from './holdings.ts';
import { LoanLedger } from './ledger.ts';
import { earnedLines, type LoanLine } from './lines.ts';
import { Loan } from './loan.ts';
import { findLoanProducts } from './products/repository.ts';
import { countActiveLoans, lockActiveLoans, updateLoans } from './repository.ts';
import { totalOf } from './state.ts';
import { addEarned, type Earned, NOTHING_EARNED } from './time.ts';

/** The actor for loans' daily steps; it owns their idempotency keys. */
const ACTOR = 'loans';

/** Loans per transaction: a fifth of a second, in which accounts of loans with amounts due are locked. */
const CHUNK = 1_000;

/** The collection for one loan. */
type Collected = {
  readonly loan: Loan;
  readonly lines: readonly LoanLine[];
  readonly amountMinor: bigint;
};

/**
 * The end-of-day step of loans. Interest and penalty interest accrue and instalments fall due. Amounts due are
 * collected from the borrowers' accounts as far as they have funds. Late fees are charged and provisions follow. Runs
 * in chunks of ascending id, with one entry for a chunk's earnings and one for each loan that paid. A loan's row holds
 * its progress, so that no day accrues twice.
 */
export function loansStep(context: Context, internalAccounts: InternalAccounts): EndOfDayStep {
  const { bookId } = context;
  const run = new LoansRun(context, new LoanLedger(context, internalAccounts));
  return {
    name: 'loans',
    countTotal: (db) => countActiveLoans(db, bookId),
    runChunk: async (tx, day, progress) => {
      // Its own position: the id of the last loan of a chunk.
      const after = progress.position as LoanId | undefined;
      const stored = await lockActiveLoans(tx, bookId, after, CHUNK);
      const last = stored.at(-1);
      if (last === undefined) return { ...progress, done: true };
      const products = await findLoanProducts(
        tx,
        bookId,
        stored.map(({ productId }) => productId),
      );
      const loans = stored.map((state) => {
        const product = products.get(state.productId);
        assert(product !== undefined, 'a loan has a product');
        return new Loan(state, product);
      });
      const counts = await run.chunk(tx, loans, day);
      return {
        position: last.id,
        processed: progress.processed + stored.length,
        counts: addCounts(progress.counts, counts),
        done: false,
      };
    },
  };
}

class LoansRun {
  readonly #context: Context;
  readonly #ledger: LoanLedger;

  constructor(context: Context, ledger: LoanLedger) {
    this.#context = context;
    this.#ledger = ledger;
  }

  /** Advances locked loans by a day. Locks the book's row (shared), then the accounts of loans with amounts due. */
  async chunk(tx: Tx, loans: readonly Loan[], { date }: ClosingDay): Promise<Record<string, number>> {
    const { bookId, clock } = this.#context;
    // A loan with an action on a later date is there already.
    const today = loans.filter(({ state }) => (state.accruedThrough ?? date) <= date);
    for (const loan of today) loan.accrueTo(date);
    const bookedOn = await holdBusinessDate(tx, bookId);
    const collected = await this.#collect(tx, today, date);
    for (const loan of today) loan.provide(date);
    const entries = await this.#post(tx, today, collected, date);
    const nowMs = clock.nowMs();
    await updateLoans(
      tx,
      bookId,
      today.map(({ state }) => state),
      nowMs,
    );
    const events = today.flatMap(({ state, events: happened }) =>
      happened.map((event) => ({
        ...event,
        loanId: state.id,
        entryId: event.kind === 'repaid' ? entries.get(state.id) : undefined,
      })),
    );
    await insertEvents(tx, bookId, events, { actor: ACTOR, bookedOn, createdAtMs: nowMs });
    return {
      accrued: today.length,
      collected: collected.length,
      closed: today.filter(({ state }) => state.status === 'closed').length,
      fell_due: events.filter(({ kind }) => kind === 'fell_due').length,
      late: events.filter(({ kind }) => kind === 'late_fee').length,
    };
  }

  /** Collects amounts due from open accounts, as far as they have funds, loan by loan. */
  async #collect(tx: Tx, loans: readonly Loan[], date: ClosingDay['date']): Promise<Collected[]> {
    const asked = loans.filter(({ state, due }) => state.directDebit && totalOf(due) > 0n);
    const states = asked.map(({ state }) => state);
    const isHeld = await areHeldByBorrowers(tx, this.#context.bookId, states);
    // An account that the borrower does not hold any more is somebody else's money.
    const owing = asked.filter((_, index) => isHeld[index] === true);
    const accountIds = owing.map(({ state }) => state.accountId);
    const { states: locked } = await lockAccounts(tx, this.#context.bookId, accountIds);
    const left = new Map([...locked].map(([id, state]) => [id, availableMinor(state)]));
    return owing.flatMap((loan): Collected[] => {
      const { accountId } = loan.state;
      const availableNow = left.get(accountId) ?? 0n;
      const amountMinor = lesserOf(totalOf(loan.due), availableNow);
      if (amountMinor <= 0n) return [];
      left.set(accountId, availableNow - amountMinor);
      const source = { accountId };
      const repayment = { amountMinor, source, strategy: 'shorten_term', isDirectDebit: true } as const;
      return [{ loan, lines: loan.repay(repayment, date), amountMinor }];
    });
  }

  /** Posts the earnings with one entry, and each collection with its own. Returns the latter, by loan. */
  async #post(
    tx: Tx,
    loans: readonly Loan[],
    collected: readonly Collected[],
    date: ClosingDay['date'],
  ): Promise<ReadonlyMap<LoanId, TransactionId>> {
    const { bookId } = this.#context;
    const drafts = [...(await this.#draftEarned(loans)), ...(await this.#draftCollected(collected, date))];
    if (drafts.length === 0) return new Map();
    for (const { status } of await post(tx, this.#context, drafts)) {
      assert(status === 'posted', 'what an account has is collected from it');
    }
    const entryIds = drafts.slice(-collected.length).map(({ entryId }) => entryId);
    const rows = collected.map(({ loan, amountMinor }, index) => {
      const id = entryIds[index];
      assert(id !== undefined, 'every collection has an entry');
      const { accountId } = loan.state;
      return { id, accountId, type: 'loan_repayment', mode: 'internal', amountMinor } as const;
    });
    if (rows.length > 0) await storeTransactionRows(tx, bookId, rows);
    return new Map(rows.map(({ id }, index) => [loanIdAt(collected, index), id]));
  }

  async #draftEarned(loans: readonly Loan[]): Promise<EntryDraft[]> {
    const byCurrency = new Map<Currency, Earned>();
    for (const { state, earned } of loans) {
      const { currency } = state;
      byCurrency.set(currency, addEarned(byCurrency.get(currency) ?? NOTHING_EARNED, earned));
    }
    const postings: EntryDraft['postings'][number][] = [];
    for (const [currency, earned] of byCurrency) {
      postings.push(...(await this.#ledger.postings(earnedLines(earned), { currency })));
    }
    if (postings.length === 0) return [];
    const entryId = newId(this.#context.ids, 'transaction');
    return [{ entryId, kind: 'loan_accrual', actor: ACTOR, postings }];
  }

  /** A collection's key is its loan and date, so that the ledger itself refuses a repetition. */
  async #draftCollected(collected: readonly Collected[], date: ClosingDay['date']): Promise<EntryDraft[]> {
    const drafts: EntryDraft[] = [];
    for (const { loan, lines } of collected) {
      const { id, currency, accountId } = loan.state;
      drafts.push({
        entryId: newId(this.#context.ids, 'transaction'),
        kind: 'loan_repayment',
        actor: ACTOR,
        idempotency: {
          key: `${toTypeId('loan', id)}:${date}`,
          requestHash: hashRequest('loan-collection', [id, date]),
        },
        postings: await this.#ledger.postings(lines, { currency, source: { accountId } }),
      });
    }
    return drafts;
  }
}

function loanIdAt(collected: readonly Collected[], index: number): LoanId {
  const one = collected[index];
  assert(one !== undefined, 'every entry is of a collection');
  return one.loan.state.id;
}

/** The funds available to repay a loan: none of a frozen or closed account. */
function availableMinor({ status, balanceMinor, heldMinor, floorMinor }: AccountState): bigint {
  return status === 'active' ? balanceMinor - heldMinor - floorMinor : 0n;
}
