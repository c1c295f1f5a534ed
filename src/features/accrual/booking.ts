import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { type PostingLine, postingLineOf } from '#features/products/contract.ts';
import { storeTransactionRows, type TransactionRow } from '#features/transactions/contract.ts';
import type { EntryDraft, LedgerSide, PostedEntry, PostingDraft, PostOutcome } from '#ledger/entry.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { post } from '#ledger/post.ts';
import { assert } from '#lib/assert.ts';
import { type AccountId, newId, type TransactionId, toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Counted } from './count.ts';
import { CHARGED, EARNED } from './line-text.ts';
import { debitMinor, type PlannedPosting, taxMinor } from './replay.ts';
import {
  findLastNumbers,
  insertPostings,
  listPostings,
  type StoredPosting,
  storePositions,
} from './repository.ts';

/** The actor of what is booked by terms. */
const ACTOR = 'interest';

/** A posting of an account, with the entries that it is booked with. */
type Booked = {
  readonly counted: Counted;
  readonly posting: StoredPosting;
  readonly drafts: readonly EntryDraft[];
  readonly rows: readonly TransactionRow[];
};

/** A posting to be drafted: its number of the account, what it corrects, and the date that it is booked on. */
type ToDraft = {
  readonly planned: PlannedPosting;
  readonly number: number;
  readonly original: TransactionId | undefined;
  readonly on: IsoDate | undefined;
};

/** Books what accounts have come to: what accrued with one entry, and each posting with its own. */
export class InterestBooking {
  readonly #context: Context;
  readonly #internalAccounts: InternalAccounts;

  constructor(context: Context, internalAccounts: InternalAccounts) {
    this.#context = context;
    this.#internalAccounts = internalAccounts;
  }

  /**
   * Stores positions and postings of accounts whose rows are locked. Locks the book's row (shared) and the ledger accounts
   * that something is posted to. `on` is the date that is being closed: it is booked on it, but for accounts that have
   * later lines already. Else it is booked on the open date.
   */
  async book(
    tx: Tx,
    counted: readonly Counted[],
    on?: IsoDate,
  ): Promise<{ readonly posted: number; readonly corrected: number }> {
    const { bookId } = this.#context;
    const booked = await this.#drafts(tx, counted, on);
    const accrual = await this.#accrual(counted, on);
    const drafts = [...accrual, ...booked.flatMap((one) => one.drafts)];
    const entries = drafts.length === 0 ? [] : (await post(tx, this.#context, drafts)).map(entryOf);
    const own = linesOf(entries);
    const rows = booked.flatMap((one) => one.rows);
    if (rows.length > 0) await storeTransactionRows(tx, bookId, rows);
    await insertPostings(
      tx,
      bookId,
      booked.map(({ posting }) => posting),
    );
    await storePositions(
      tx,
      bookId,
      counted.map((one) => ({ ...one.position, seq: lastCounted(one, own.get(one.account.id) ?? []) })),
    );
    const corrected = booked.filter(({ posting }) => posting.isCorrection).length;
    return { posted: booked.length - corrected, corrected };
  }

  /** The change of what accounts have accrued, posted or not, by the lines of their products. */
  async #accrual(counted: readonly Counted[], on: IsoDate | undefined): Promise<EntryDraft[]> {
    const postings: PostingDraft[] = [];
    for (const group of Map.groupBy(counted, ({ product }) => product).values()) {
      const [first] = group;
      if (first === undefined) continue;
      const earned = group.reduce((sum, one) => sum + earnedMinor(one), 0n);
      const owed = group.reduce((sum, one) => sum + owedMinor(one), 0n);
      const side = (line: PostingLine): Promise<LedgerSide> => this.#side(first, line);
      const { currency } = first.product.product;
      postings.push(
        ...move(await side('interestExpense'), await side('interestPayable'), earned, currency),
        ...move(
          await side('overdraftInterestReceivable'),
          await side('overdraftInterestIncome'),
          owed,
          currency,
        ),
      );
    }
    if (postings.length === 0) return [];
    const entryId = newId(this.#context.ids, 'transaction');
    return [{ entryId, kind: 'interest_accrual', actor: ACTOR, ...datedOn(on), postings }];
  }

  async #drafts(tx: Tx, counted: readonly Counted[], on: IsoDate | undefined): Promise<Booked[]> {
    const { bookId } = this.#context;
    const withPostings = counted.filter(({ postings }) => postings.length > 0);
    const ids = withPostings.map(({ account }) => account.id);
    const numbers = await findLastNumbers(tx, bookId, ids);
    const originals = await this.#findOriginals(tx, withPostings);
    const booked: Booked[] = [];
    for (const one of withPostings) {
      const dated = on !== undefined && one.account.lastBusinessDate <= on ? on : undefined;
      const last = numbers.get(one.account.id) ?? 0;
      for (const [index, planned] of one.postings.entries()) {
        const original = originals.get(`${one.account.id} ${planned.to}`);
        booked.push(await this.#draft(one, { planned, number: last + index + 1, original, on: dated }));
      }
    }
    return booked;
  }

  /** The transactions that corrections correct, by account and period. */
  async #findOriginals(tx: Tx, counted: readonly Counted[]): Promise<ReadonlyMap<string, TransactionId>> {
    const corrected = counted.filter(({ postings }) => postings.some(({ isCorrection }) => isCorrection));
    const periods = corrected.flatMap(({ postings }) => postings.map(({ to }) => to)).toSorted();
    const [first] = periods;
    if (first === undefined) return new Map();
    const ids = corrected.map(({ account }) => account.id);
    const found = await listPostings(tx, this.#context.bookId, ids, first);
    return new Map(
      found
        .filter(({ isCorrection }) => !isCorrection)
        .flatMap(({ id, to, creditEntryId, debitEntryId }) => {
          const entryId = creditEntryId ?? debitEntryId;
          return entryId === undefined ? [] : [[`${id} ${to}`, entryId] as const];
        }),
    );
  }

  async #draft(counted: Counted, { planned, number, original, on }: ToDraft): Promise<Booked> {
    const { account } = counted;
    const { id: accountId, currency } = account;
    const side = (line: PostingLine): Promise<LedgerSide> => this.#side(counted, line);
    const credit = move(await side('interestPayable'), accountId, planned.creditMinor, currency);
    const debit = move(accountId, await side('overdraftInterestReceivable'), debitMinor(planned), currency);
    const tax = move(accountId, await side('withholdingTaxPayable'), taxMinor(planned), currency);
    const parts = [
      { type: 'interest', lines: credit, what: EARNED, names: [] },
      { type: 'interest', lines: debit, what: CHARGED, names: overdraftParts(planned, currency) },
      { type: 'withholding_tax', lines: tax, what: 'Tax on interest', names: taxNames(planned) },
    ] as const;
    const entries = parts.map(({ type, lines, what, names }) => {
      const [line] = lines;
      if (line === undefined) return undefined;
      const entryId = newId(this.#context.ids, 'transaction');
      const draft: EntryDraft = {
        entryId,
        kind: type,
        actor: ACTOR,
        ...datedOn(on),
        valueDate: planned.valueDate,
        isByTerms: true,
        postings: lines,
      };
      const row: TransactionRow = {
        id: entryId,
        accountId,
        type,
        mode: 'internal',
        amountMinor: line.amountMinor,
        description: describe(what, names, planned),
        ...(original === undefined || !planned.isCorrection
          ? {}
          : { reference: toTypeId('transaction', original) }),
      };
      return { draft, row };
    });
    const [creditEntry, debitEntry, taxEntry] = entries;
    const posting: StoredPosting = {
      ...planned,
      id: accountId,
      number,
      creditEntryId: creditEntry?.draft.entryId,
      debitEntryId: debitEntry?.draft.entryId,
      taxEntryId: taxEntry?.draft.entryId,
    };
    const made = entries.filter((entry) => entry !== undefined);
    return { counted, posting, drafts: made.map(({ draft }) => draft), rows: made.map(({ row }) => row) };
  }

  async #side({ product }: Counted, line: PostingLine): Promise<LedgerSide> {
    const { accounting, currency } = product.product;
    const glCode = postingLineOf(accounting, line);
    const account = await this.#internalAccounts.find(this.#context.db, glCode, currency);
    assert(account !== undefined, `the book keeps line ${glCode} in ${currency}`);
    return account;
  }
}

function datedOn(businessDate: IsoDate | undefined): { readonly businessDate?: IsoDate } {
  return businessDate === undefined ? {} : { businessDate };
}

function entryOf(outcome: PostOutcome): PostedEntry {
  assert(outcome.status === 'posted', 'interest is booked by terms, whatever the account');
  return outcome.entry;
}

/** The numbers of the lines that entries wrote on customers' accounts, ascending. */
function linesOf(entries: readonly PostedEntry[]): ReadonlyMap<AccountId, bigint[]> {
  const lines = new Map<AccountId, bigint[]>();
  for (const { debit, credit, debitAfter, creditAfter } of entries.flatMap(({ postings }) => postings)) {
    for (const [side, after] of [
      [debit, debitAfter],
      [credit, creditAfter],
    ] as const) {
      if (typeof side === 'string' && after !== undefined) {
        lines.getOrInsertComputed(side, () => []).push(after.seq);
      }
    }
  }
  return lines;
}

/** The last line that the position has counted: its own ones too, unless others came between that it does not know. */
function lastCounted({ position }: Counted, own: readonly bigint[]): bigint {
  const [first] = own;
  return first === position.seq + 1n ? position.seq + BigInt(own.length) : position.seq;
}

/** A line that moves an amount, the other way round for one below zero; none for nothing. */
function move(
  debit: LedgerSide | AccountId,
  credit: LedgerSide | AccountId,
  amountMinor: bigint,
  currency: Currency,
): PostingDraft[] {
  if (amountMinor === 0n) return [];
  if (amountMinor > 0n) return [{ debit, credit, amountMinor, currency }];
  return [{ debit: credit, credit: debit, amountMinor: -amountMinor, currency }];
}

/** What an account earned since it was counted last, in the books. */
function earnedMinor({ account, position, postings }: Counted): bigint {
  const before = account.position?.creditMinor ?? 0n;
  return postings.reduce((sum, { creditMinor }) => sum + creditMinor, position.creditMinor - before);
}

/** The same of what it owes on overdrafts. */
function owedMinor({ account, position, postings }: Counted): bigint {
  const before = account.position?.debitMinor ?? 0n;
  return postings.reduce((sum, one) => sum + debitMinor(one), position.debitMinor - before);
}

/** The days stand before the names of taxes: they are what is left where a line is cut off. */
function describe(
  what: string,
  names: readonly string[],
  { from, to, isCorrection }: PlannedPosting,
): string {
  const period = from === to ? from : `${from} to ${to}`;
  const notes = [...(isCorrection ? ['correction'] : []), ...names];
  return notes.length === 0 ? `${what}, ${period}` : `${what}, ${period}: ${notes.join(', ')}`;
}

/** How much of it is for the overdraft within the limit and beyond it; nothing to say where all is within. */
function overdraftParts({ arrangedMinor, unarrangedMinor }: PlannedPosting, currency: Currency): string[] {
  if (unarrangedMinor === 0n) return [];
  const [within, beyond] = [arrangedMinor, unarrangedMinor].map((minor) => formatAmount(minor, currency));
  return [`${within} within the limit`, `${beyond} beyond it`];
}

function taxNames({ tax }: PlannedPosting): string[] {
  return tax.filter(({ amountMinor }) => amountMinor !== 0n).map(({ name }) => name);
}
