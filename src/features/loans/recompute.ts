import type { Db } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import type { LawResult } from '#ledger/verify.ts';
import { assert } from '#lib/assert.ts';
import { toExactJson } from '#lib/exact-json.ts';
import type { LoanId } from '#lib/ids.ts';
import { listEvents } from './event-repository.ts';
import { replay } from './history.ts';
import { findLoanProducts } from './products/repository.ts';
import { listLoans } from './repository.ts';
import type { LoanState } from './state.ts';

export const LOANS_LAW = 'every loan is what its events make it';

/** Loans per page. */
const PAGE = 200;
/** Twenty million loans: more pages than this mean an endless loop. */
const MAX_PAGES = 100_000;

/**
 * The first loan, newest first, whose row differs from its replayed events, and the difference; undefined if none does.
 * Recomputes every loan from its application on: some hundred microseconds an event.
 */
export async function findDivergedLoan(
  db: Db,
  bookId: number,
): Promise<{ readonly loanId: LoanId; readonly row: string; readonly events: string } | undefined> {
  let after: LoanId | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const loans = await listLoans(db, bookId, { after, limit: PAGE });
    if (loans.length === 0) return undefined;
    const ids = loans.map(({ productId }) => productId);
    const products = await findLoanProducts(db, bookId, ids);
    for (const { orderKey: _, ...state } of loans) {
      const product = products.get(state.productId);
      assert(product !== undefined, 'a loan has a product');
      const history = await listEvents(db, bookId, state.id);
      const again = replay({ state, product }, history, state.accruedThrough).state;
      const [row, events] = [comparable(state), comparable(again)];
      if (row !== events) return { loanId: state.id, row, events };
    }
    after = loans.at(-1)?.id;
  }
  assert(false, 'the pages of loans end');
}

/** The law that every loan equals its replayed events, checked on one snapshot of the books while they are in use. */
export async function verifyLoans(db: Db, bookId: number): Promise<LawResult> {
  const departed = await inTransaction(db, (tx) => findDivergedLoan(tx, bookId), { readOnlySnapshot: true });
  const brokenBy = departed === undefined ? undefined : JSON.stringify(departed);
  return { name: LOANS_LAW, brokenBy };
}

/** Fields that no event sets: the provision, direct debit, the death of the borrower, counters and instants. */
const NOT_SAID: ReadonlySet<string> = new Set([
  'provisionMinor',
  'directDebit',
  'borrowerDeceasedOn',
  'officer',
  'lastEventNumber',
  'version',
  'createdAt',
  'updatedAt',
]);

function comparable(state: LoanState): string {
  return toExactJson(sorted(state));
}

/** With the fields of each object sorted by name: a row's JSON has another order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const fields = Object.entries(value).filter(([name, inner]) => inner !== undefined && !NOT_SAID.has(name));
  fields.sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(fields.map(([name, inner]) => [name, sorted(inner)]));
}
