import { LAWS } from '#bank/services.ts';
import { openDatabase } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { verifyInterest } from '#features/accrual/contract.ts';
import { findChangedStates } from '#features/audit/verify-states.ts';
import { verifyFees } from '#features/charges/contract.ts';
import { verifyDeposits } from '#features/deposits/contract.ts';
import { type LawResult, verifyLaws } from '#ledger/verify.ts';
import { TEST_DATA_KEY } from './data-key.ts';

/**
 * The laws that a bank's books break, and a row that is not as it was sealed. Checked on a connection of its own, without the time limits of a request, as
 * `florin verify` does: on a busy machine the laws of a large book take longer than a request may.
 */
export async function brokenLaws(databaseUrl: string): Promise<LawResult[]> {
  const { db, close } = openDatabase({ databaseUrl, statementTimeoutMs: 0 });
  try {
    const laws = [
      ...(await verifyLaws(db, 1, LAWS)),
      await verifyInterest(db, 1),
      await verifyFees(db, 1),
      await verifyDeposits(db, 1),
    ];
    const broken = laws.filter(({ brokenBy }) => brokenBy !== undefined);
    const options = { readOnlySnapshot: true };
    const [state] = await inTransaction(db, (tx) => findChangedStates(tx, 1, TEST_DATA_KEY, 1), options);
    return state === undefined
      ? broken
      : [...broken, { name: state.reason, brokenBy: JSON.stringify(state) }];
  } finally {
    await close();
  }
}
