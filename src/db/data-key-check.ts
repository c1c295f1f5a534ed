import { DatabaseStartError } from './check-server.ts';
import type { Context } from './context.ts';
import type { Db } from './database.ts';

/** Whether a book has a data key already, with which perhaps something was sealed. */
export async function hasDataKey(db: Db, bookId: number): Promise<boolean> {
  return (await findCheckValue(db, bookId)) !== undefined;
}

/**
 * Takes the context's data key as the book's at first, and later sees to it that it is the same: another could
 * read nothing of what is stored, and what it would store the right one could not. Throws DatabaseStartError.
 */
export async function assertDataKey({ db, bookId, dataKey }: Context): Promise<void> {
  // Where it is known nothing is written, so that a bank which only reads can be opened.
  if ((await findCheckValue(db, bookId))?.equals(dataKey.checkValue) === true) return;
  await db
    .insertInto('data_keys')
    .values({ book_id: bookId, check_value: dataKey.checkValue })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const stored = await findCheckValue(db, bookId);
  if (stored?.equals(dataKey.checkValue) === true) return;
  throw new DatabaseStartError(
    'the database was encrypted with another data key than this: give the one it began with (FLORIN_DATA_KEY, or data.key in the data folder)',
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
