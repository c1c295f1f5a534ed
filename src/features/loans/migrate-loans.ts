import { isDeepStrictEqual } from 'node:util';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { holdBusinessDate } from '#ledger/business-date.ts';
import { CHART } from '#ledger/chart.ts';
import { InternalAccounts } from '#ledger/internal-accounts.ts';
import { post } from '#ledger/post.ts';
import { assert } from '#lib/assert.ts';
import { newId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { insertEvents } from './event-repository.ts';
import type { MigratedLoan } from './migrated-loan.ts';
import { LoanProduct } from './products/loan-product.ts';
import type { ProductConditions } from './products/product-conditions.ts';
import { findLoanProductByName, insertLoanProduct } from './products/repository.ts';
import { insertLoans, insertTerms, updateLoans } from './repository.ts';

/** Loans per statement: some ten thousand events over five years. */
const CHUNK = 200;

/**
 * The product of this name, created if missing. Undefined if a product with other conditions or in another currency has
 * the name.
 */
export async function openImportProduct(
  tx: Tx,
  { bookId, clock, ids }: Context,
  request: {
    readonly name: string;
    readonly currency: Currency;
    readonly conditions: ProductConditions;
  },
): Promise<LoanProduct | undefined> {
  const product = LoanProduct.define(newId(ids, 'loanProduct'), request, clock.nowMs());
  const taken = await findLoanProductByName(tx, bookId, product.state.name);
  if (taken === undefined) {
    await insertLoanProduct(tx, bookId, product);
    return product;
  }
  const { currency, conditions } = taken.state;
  const isSame = currency === request.currency && isDeepStrictEqual(conditions, request.conditions);
  return isSame ? taken : undefined;
}

/**
 * Stores migrated loans, with an opening entry for the outstanding principal. Customers' balances stay as they are.
 * Locks the book's row (shared).
 */
export async function storeMigratedLoans(
  tx: Tx,
  context: Context,
  actor: string,
  loans: readonly MigratedLoan[],
  onProgress: (done: number) => void,
): Promise<void> {
  const { bookId, clock } = context;
  const bookedOn = await holdBusinessDate(tx, bookId);
  const createdAtMs = clock.nowMs();
  for (let start = 0; start < loans.length; start += CHUNK) {
    const chunk = loans.slice(start, start + CHUNK);
    const states = chunk.map(({ state }) => state);
    await insertLoans(tx, bookId, states, createdAtMs);
    await updateLoans(tx, bookId, states, createdAtMs);
    await insertTerms(tx, bookId, chunk.map(firstTerms));
    const events = chunk.flatMap(({ state, events: own }) =>
      own.map((event) => ({ ...event, loanId: state.id })),
    );
    await insertEvents(tx, bookId, events, { actor, bookedOn, createdAtMs });
    onProgress(start + chunk.length);
  }
  await postOpening(context, tx, actor, loans);
}

function firstTerms({ state }: MigratedLoan) {
  const { id: loanId, scheduleVersion, disbursedOn, terms } = state;
  assert(terms !== undefined && disbursedOn !== undefined, 'a migrated loan was paid out');
  return { loanId, scheduleVersion, validFrom: disbursedOn, reason: 'disbursed', terms } as const;
}

async function postOpening(
  context: Context,
  tx: Tx,
  actor: string,
  loans: readonly MigratedLoan[],
): Promise<void> {
  const byCurrency = Map.groupBy(loans, ({ state }) => state.currency);
  const internal = new InternalAccounts(context.bookId);
  for (const [currency, ofCurrency] of byCurrency) {
    const amountMinor = ofCurrency.reduce((sum, { state }) => sum + state.principalMinor, 0n);
    if (amountMinor === 0n) continue;
    const debit = await internal.find(tx, CHART.loans, currency);
    const credit = await internal.find(tx, CHART.openingBalances, currency);
    assert(debit !== undefined && credit !== undefined, `the book keeps loans in ${currency}`);
    const entryId = newId(context.ids, 'transaction');
    const postings = [{ debit, credit, amountMinor, currency }];
    const [outcome] = await post(tx, context, [{ entryId, kind: 'opening_balance', actor, postings }]);
    assert(outcome?.status === 'posted', 'the lines of the chart take the opening entry');
  }
}
