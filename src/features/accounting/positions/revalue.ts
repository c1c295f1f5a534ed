import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { selectBaseCurrency } from '#features/books/contract.ts';
import { loadExchangeRates } from '#features/exchange-rates/contract.ts';
import { CHART } from '#ledger/chart.ts';
import type { InternalAccount, PostingDraft } from '#ledger/entry.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { post } from '#ledger/post.ts';
import { assert } from '#lib/assert.ts';
import { newId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { worthOf } from './position.ts';
import { findEquivalents, insertRevaluations, type Revaluation, selectPositions } from './repository.ts';

/** The actor of the entry. */
const ACTOR = 'revaluation';

/**
 * Values every position at the middle rate of a date that is being closed, with the book's row locked: no conversion is
 * under way, and none comes after it. What a position gained or lost goes to its line, by one entry a date. A position
 * without a rate keeps its value.
 */
export async function revaluePositions(
  tx: Tx,
  context: Context,
  internalAccounts: InternalAccounts,
  date: IsoDate,
): Promise<void> {
  const { bookId, ids } = context;
  const positions = await selectPositions(tx, bookId, date);
  if (positions.length === 0) return;
  const [rates, equivalents] = [await loadExchangeRates(tx, bookId, date), await findEquivalents(tx, bookId)];
  const base = await selectBaseCurrency(tx, bookId);
  const line = async (glCode: string): Promise<InternalAccount> => {
    const account = await internalAccounts.find(tx, glCode, base);
    assert(account !== undefined, `the bank keeps line ${glCode} in its own currency`);
    return account;
  };
  const entryId = newId(ids, 'transaction');
  const valued: Revaluation[] = [];
  const postings: PostingDraft[] = [];
  for (const position of positions) {
    const { currency, positionMinor, bookMinor } = position;
    const rate = rates.get(currency);
    if (rate === undefined || (positionMinor === 0n && bookMinor === 0n)) continue;
    const afterMinor = worthOf(position, { pair: rate.pair, rateE10: rate.midE10 });
    const equivalent = await line(equivalents.get(currency) ?? '');
    postings.push(...(await resultOf(afterMinor - bookMinor, equivalent, line, base)));
    valued.push({
      currency,
      positionMinor,
      isDirect: rate.pair.first === currency,
      rateE10: rate.midE10,
      rateOn: rate.validOn,
      beforeMinor: bookMinor,
      afterMinor,
      entryId: afterMinor === bookMinor ? undefined : entryId,
    });
  }
  if (postings.length > 0) {
    const draft = { entryId, kind: 'revaluation', actor: ACTOR, businessDate: date, postings } as const;
    const [outcome] = await post(tx, context, [draft]);
    assert(outcome?.status === 'posted', 'what the bank moves between lines of its own is posted');
  }
  await insertRevaluations(tx, { book_id: bookId, business_date: date }, valued);
}

/** A gain debits the equivalent, and a loss credits it. */
async function resultOf(
  gainMinor: bigint,
  equivalent: InternalAccount,
  line: (glCode: string) => Promise<InternalAccount>,
  currency: Currency,
): Promise<PostingDraft[]> {
  if (gainMinor === 0n) return [];
  if (gainMinor > 0n) {
    return [{ debit: equivalent, credit: await line(CHART.exchangeGains), amountMinor: gainMinor, currency }];
  }
  return [{ debit: await line(CHART.exchangeLosses), credit: equivalent, amountMinor: -gainMinor, currency }];
}
