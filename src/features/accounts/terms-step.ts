import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { recordAudits } from '#features/audit/contract.ts';
import { addCounts, type EndOfDayStep } from '#features/end-of-day/contract.ts';
import { listVersionedProducts, type VersionedProduct } from '#features/products/contract.ts';
import { markDormant, storeMinimums } from '#ledger/account-terms.ts';
import { type AccountId, toTypeId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { outcomeOf, productsToSee, type TermsAccount, type TermsOutcome } from './terms-of-accounts.ts';
import { listTermsAccounts, lockTermsAccounts, raiseVersions } from './terms-repository.ts';

/** Accounts per transaction: a look-up for each, a few tens of milliseconds. Only those that change are locked. */
const CHUNK = 1_000;

/** On whose behalf it is done. */
const CALLER = { actor: 'end-of-day', role: 'operator' } as const;

type Changed = { readonly account: TermsAccount; readonly outcome: TermsOutcome };

/**
 * The step of the end of day that applies the terms of products to open accounts: minimum balances of terms that take
 * effect, and accounts that nobody has used for long, which become dormant. Locks, in each chunk, what changes: account
 * rows, then ledger accounts, by ascending id.
 */
export function accountTermsStep({ bookId, clock }: Pick<Context, 'bookId' | 'clock'>): EndOfDayStep {
  return {
    name: 'account-terms',
    runChunk: async (tx, { date }, { position, processed, counts }) => {
      const products = productsToSee(await listVersionedProducts(tx, bookId), date);
      if (products.length === 0) return { position, processed, counts, done: true };
      const byKey = new Map(products.map((product) => [keyOf(product), product]));
      const after = position as AccountId | undefined;
      const accounts = await listTermsAccounts(tx, bookId, [...byKey.keys()], { after, limit: CHUNK });
      const found = changedOf(accounts, byKey, date).map(({ account }) => account.id);
      const changed = found.length === 0 ? [] : await lockChanged(tx, found);
      const minimums = changed.map(({ account, outcome }) => ({
        ...outcome,
        id: account.id,
        was: account.minimumMinor,
      }));
      const moved = minimums.filter(({ was, minimumMinor }) => was !== minimumMinor);
      const dormant = minimums.filter(({ isDormant }) => isDormant).map(({ id }) => id);
      await storeMinimums(tx, bookId, moved);
      await markDormant(tx, bookId, dormant);
      await raiseVersions(tx, bookId, dormant);
      await recordDormant(tx, dormant);
      return {
        position: accounts.at(-1)?.id ?? position,
        processed: processed + accounts.length,
        counts: addCounts(counts, { dormant: dormant.length, minimum: moved.length }),
        done: accounts.length < CHUNK,
      };

      async function lockChanged(tx: Tx, ids: readonly AccountId[]): Promise<Changed[]> {
        return changedOf(await lockTermsAccounts(tx, bookId, ids), byKey, date);
      }
    },
  };

  function recordDormant(tx: Tx, ids: readonly AccountId[]): Promise<void> {
    const records = ids.map((id) => ({
      caller: CALLER,
      operation: 'makeDormant',
      resourceType: 'account' as const,
      resourceId: toTypeId('account', id),
      after: { status: 'dormant' },
    }));
    return recordAudits(tx, { bookId, clock }, records);
  }
}

function keyOf({ code, currency }: Pick<VersionedProduct, 'code' | 'currency'>): string {
  return `${code} ${currency}`;
}

/** Accounts of which the terms make something else than they are. */
function changedOf(
  accounts: readonly TermsAccount[],
  products: ReadonlyMap<string, VersionedProduct>,
  date: IsoDate,
): Changed[] {
  return accounts.flatMap((account): Changed[] => {
    const product = products.get(keyOf({ code: account.product, currency: account.currency }));
    if (product === undefined) return [];
    const outcome = outcomeOf(account, product, date);
    return outcome.isDormant || outcome.minimumMinor !== account.minimumMinor ? [{ account, outcome }] : [];
  });
}
