import type { Context } from '#db/context.ts';
import { CHART } from '#ledger/chart.ts';
import { isClosed } from '#ledger/customer-accounts.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import type { PlannedReversal } from './plan-reversal.ts';

/**
 * The lines of a reversal where an account that is to give money back is closed: the bank gives it back, and has a claim
 * on its customer. What is closed stays so: no lock. Not for the account that the transaction is of, whose line would
 * be missing.
 */
export async function claimOfClosed(
  { db, bookId }: Pick<Context, 'db' | 'bookId'>,
  internalAccounts: InternalAccounts,
  planned: PlannedReversal,
  ownId: AccountId,
): Promise<PlannedReversal> {
  const [only, ...others] = planned.postings;
  if (only === undefined || others.length > 0) return planned;
  const { debit, currency } = only;
  if (typeof debit !== 'string' || debit === ownId || !(await isClosed(db, bookId, debit))) return planned;
  const claims = await internalAccounts.find(db, CHART.customerClaims, currency);
  assert(claims !== undefined, 'the book keeps its lines in each of its currencies');
  return { ...planned, postings: [{ ...only, debit: claims }] };
}
