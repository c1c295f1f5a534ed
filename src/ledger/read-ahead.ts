import type { PostingPool } from '#db/database.ts';
import { pipelinedSession, type SqlSession } from '#db/session.ts';
import type { AccountId } from '#lib/ids.ts';
import type { AccountCache } from './account-cache.ts';
import { readAccounts } from './lock-accounts.ts';

/**
 * Reads accounts that are not remembered yet, without a lock, and what `more` reads of them. What is remembered by then
 * is newer, and stays. Never rejects: what could not be read goes the way with locks, which says why.
 */
export async function readAhead(
  { postingPool, bookId }: { readonly postingPool: PostingPool; readonly bookId: number },
  cache: AccountCache,
  ids: ReadonlySet<AccountId>,
  more: (session: SqlSession) => Promise<void>,
): Promise<void> {
  try {
    const client = await postingPool.connect();
    try {
      const session = pipelinedSession(client);
      const [{ states }] = await Promise.all([readAccounts(session, bookId, ids), more(session)]);
      cache.remember([...states.values()].filter(({ id }) => !cache.has(id)));
      client.release();
    } catch (error) {
      client.release(error instanceof Error ? error : true);
    }
  } catch {
    // No connection: the way with locks has none either, and says so.
  }
}
