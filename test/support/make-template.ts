import { openDatabase } from '#db/database.ts';
import { migrate } from '#db/migrate.ts';
import { sealStates } from '#features/audit/seal-states.ts';
import { openBook } from '#features/books/contract.ts';
import { randomIds } from '#lib/ids.ts';
import { ManualClock } from '#lib/time/clock.ts';
import { TEST_DATA_KEY } from './data-key.ts';
import { START_MS, TEST_BOOK } from './test-book.ts';

/** Brings an empty database to this version's schema. */
export async function migrateTemplate(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl);
}

/** Opens the test bank's book in a migrated database. */
export async function openTemplateBook(databaseUrl: string): Promise<void> {
  const { db, postingPool, close } = openDatabase({ databaseUrl });
  try {
    const clock = new ManualClock(START_MS);
    const context = { db, postingPool, bookId: 1, clock, ids: randomIds, dataKey: TEST_DATA_KEY };
    await openBook(context, TEST_BOOK);
    // From here on whatever changes a row without noting it breaks `assertVerified`.
    while (((await sealStates(context)) ?? 0) > 0);
  } finally {
    await close();
  }
}
