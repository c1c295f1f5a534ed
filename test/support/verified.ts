import { LAWS } from '#bank/services.ts';
import { openDatabase } from '#db/database.ts';
import { type LawResult, verifyLaws } from '#ledger/verify.ts';

/**
 * The laws that a bank's books break. Checked on a connection of its own, without the time limits of a request, as
 * `florin verify` does: on a busy machine the laws of a large book take longer than a request may.
 */
export async function brokenLaws(databaseUrl: string): Promise<LawResult[]> {
  const { db, close } = openDatabase({ databaseUrl, statementTimeoutMs: 0 });
  try {
    return (await verifyLaws(db, 1, LAWS)).filter(({ brokenBy }) => brokenBy !== undefined);
  } finally {
    await close();
  }
}
