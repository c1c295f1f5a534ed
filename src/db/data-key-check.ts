import { assert } from '#lib/assert.ts';
import type { KeyChange } from '#lib/data-key.ts';
import { DatabaseStartError } from './check-server.ts';
import { anotherDataKey } from './connection-verifier.ts';
import type { Context } from './context.ts';
import type { Db, Tx } from './database.ts';

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
  throw anotherDataKey();
}

/**
 * Whether the book's key is the first of a change, still to be replaced; false where it is the second already. Throws
 * DatabaseStartError where it is neither, or where no bank is there.
 */
export async function isToBeReplaced(db: Db, bookId: number, { from, to }: KeyChange): Promise<boolean> {
  const stored = await findCheckValue(db, bookId);
  if (stored === undefined) throw new DatabaseStartError('no bank in this database', { code: 'no_bank' });
  if (stored.equals(to.checkValue)) return false;
  if (stored.equals(from.checkValue)) return true;
  throw anotherDataKey();
}

/** Makes the second key of a change the book's. As the owner: the application's role may not. */
export async function replaceCheckValue(tx: Tx, bookId: number, { from, to }: KeyChange): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('data_keys')
    .set({ check_value: to.checkValue })
    .where('book_id', '=', bookId)
    .where('check_value', '=', from.checkValue)
    .executeTakeFirst();
  assert(numUpdatedRows === 1n, 'the key that is replaced is the book’s');
}

async function findCheckValue(db: Db, bookId: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('data_keys')
    .select('check_value')
    .where('book_id', '=', bookId)
    .executeTakeFirst();
  return row?.check_value;
}
