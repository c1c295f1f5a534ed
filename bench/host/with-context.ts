import type { Context } from '#db/context.ts';
import { BOOK_ID, openDatabase } from '#db/database.ts';
import { ApiKeyService } from '#identity/api-keys/service.ts';
import type { DataKey } from '#lib/data-key.ts';
import { randomIds } from '#lib/ids.ts';
import { SCOPES } from '#lib/scopes.ts';
import { systemClock } from '#lib/time/clock.ts';

/** A database with what was sealed in it. */
export type SealedDatabase = { readonly databaseUrl: string; readonly dataKey: DataKey };

/** Runs work over the book of a database as a process of the bank does, without time limits, and closes what it opened. */
export async function withContext<Result>(
  { databaseUrl, dataKey }: SealedDatabase,
  work: (context: Context) => Promise<Result>,
): Promise<Result> {
  const { db, postingPool, close } = openDatabase({ databaseUrl, statementTimeoutMs: 0 });
  try {
    return await work({ db, postingPool, bookId: BOOK_ID, clock: systemClock, ids: randomIds, dataKey });
  } finally {
    await close();
  }
}

/** The token of a new API key for everything, as `florin api-key create` makes it, in a fraction of the time. */
export function makeApiKey(database: SealedDatabase): Promise<string> {
  return withContext(database, async (context) => {
    const request = { name: 'Everything', scopes: SCOPES };
    const { token } = await new ApiKeyService(context).create({ actor: 'setup', role: 'operator' }, request);
    return token;
  });
}
