import { DatabaseStartError } from './check-server.ts';
import type { Context } from './context.ts';
import type { Db } from './database.ts';

/** Whether a book has a data key already, so that something may have been sealed with it. */
export async function hasDataKey(db: Db, bookId: number): Promise<boolean> {
  return (await findCheckValue(db, bookId)) !== undefined;
}

/**
 * Makes the context's data key the book's at first, and later checks that it is the same. Another key could not read
 * what is stored, and the right one could not read what the other stores. Throws DatabaseStartError.
 */
export async function assertDataKey({ db, bookId, dataKey }: Context): Promise<void> {
  // Where it is known, nothing is written, so that a read-only bank can be opened.
  if ((await findCheckValue(db, bookId))?.equals(dataKey.checkValue) === true) return;
  await db
    .insertInto('data_keys')
    .values({ book_id: bookId, check_value: dataKey.checkValue })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const stored = await findCheckValue(db, bookId);
  if (stored?.equals(dataKey.checkValue) === true) return;
  throw new DatabaseStartError(
    'the database was encrypted with another data key than this: use its original key (FLORIN_DATA_KEY, or data.key in the data folder)',
  );
}

async function findCheckValue(db: Db, bookId: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('data_keys')
    .select('check_value')
    .where('book_id', '=', bookId)
    .executeTakeFirst();
  return row?.check_value;
}
