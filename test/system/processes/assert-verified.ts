import assert from 'node:assert/strict';
import { LAWS } from '#bank/services.ts';
import { openDatabase } from '#db/database.ts';
import { verifyInterest } from '#features/accrual/contract.ts';
import { verifyFees } from '#features/charges/contract.ts';
import { verifyDeposits } from '#features/deposits/contract.ts';
import { verifyLoans } from '#features/loans/contract.ts';
import { verifyLaws } from '#ledger/verify.ts';

/** Asserts what `florin verify` asserts, without a process of its own. */
export async function assertVerified(databaseUrl: string): Promise<void> {
  const { db, close } = openDatabase({ databaseUrl, poolSize: 1, statementTimeoutMs: 0 });
  try {
    const results = [
      ...(await verifyLaws(db, 1, LAWS)),
      await verifyLoans(db, 1),
      await verifyInterest(db, 1),
      await verifyFees(db, 1),
      await verifyDeposits(db, 1),
    ];
    assert.deepEqual(
      results.filter(({ brokenBy }) => brokenBy !== undefined),
      [],
    );
  } finally {
    await close();
  }
}
