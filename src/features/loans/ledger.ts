import type { Context } from '#db/context.ts';
import { CHART } from '#ledger/chart.ts';
import type { LedgerSide, PostingDraft } from '#ledger/entry.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { type Money, type Move, type Place, placeOf } from './footprint.ts';
import type { LoanLine } from './lines.ts';

/** The accounts of customers and cash in the lines of one command. */
export type LoanSides = Money & { readonly currency: Currency };

const LINES: ReadonlySet<string> = new Set(Object.values(CHART));

/** Finds the ledger accounts behind loans' postings. */
export class LoanLedger {
  readonly #db: Context['db'];
  readonly #internalAccounts: InternalAccounts;

  constructor({ db }: Pick<Context, 'db'>, internalAccounts: InternalAccounts) {
    this.#db = db;
    this.#internalAccounts = internalAccounts;
  }

  postings(lines: readonly LoanLine[], sides: LoanSides): Promise<PostingDraft[]> {
    const moves = lines.map(({ debit, credit, amountMinor }) => {
      return { debit: placeOf(debit, sides), credit: placeOf(credit, sides), amountMinor };
    });
    return this.draft(moves, sides.currency);
  }

  async draft(moves: readonly Move[], currency: Currency): Promise<PostingDraft[]> {
    const drafts: PostingDraft[] = [];
    for (const { debit, credit, amountMinor } of moves) {
      const both = { debit: await this.#side(debit, currency), credit: await this.#side(credit, currency) };
      drafts.push({ ...both, amountMinor, currency });
    }
    return drafts;
  }

  async #side(place: Place, currency: Currency): Promise<LedgerSide> {
    if (!LINES.has(place)) return place as AccountId;
    const account = await this.#internalAccounts.find(this.#db, place, currency);
    assert(account !== undefined, `the book keeps line ${place} in ${currency}`);
    return account;
  }
}

/** The moves of postings. */
export function movesOf(postings: readonly PostingDraft[]): Move[] {
  const place = (side: LedgerSide): Place => (typeof side === 'string' ? side : side.glCode);
  return postings.map(({ debit, credit, amountMinor }) => {
    return { debit: place(debit), credit: place(credit), amountMinor };
  });
}
