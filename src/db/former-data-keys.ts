import { DataKey, type KeyChange } from '#lib/data-key.ts';
import { DatabaseStartError } from './check-server.ts';
import type { Context } from './context.ts';
import type { Db, Tx } from './database.ts';

/** A data key that was replaced. What the trail holds stays under the key of its time. */
export type FormerDataKey = {
  readonly number: number;
  readonly key: DataKey;
  /** The last sheet of fingerprints that was taken under it. */
  readonly lastSheetNumber: bigint;
};

/** The former keys of a book, the oldest first, opened with the one in use. Throws WrongDataKeyError, DamagedDataError. */
export async function listFormerDataKeys(
  db: Db,
  { bookId, dataKey }: Pick<Context, 'bookId' | 'dataKey'>,
): Promise<readonly FormerDataKey[]> {
  const rows = await db
    .selectFrom('former_data_keys')
    .select(['key_number', 'key_sealed', 'last_sheet_number'])
    .where('book_id', '=', bookId)
    .orderBy('key_number')
    .execute();
  return rows.map(({ key_number: number, key_sealed: sealed, last_sheet_number: lastSheetNumber }) => ({
    number,
    key: DataKey.fromText(dataKey.decrypt(sealed, sealContext(bookId, number)).toString('utf8')),
    lastSheetNumber,
  }));
}

/**
 * Keeps the key that a change replaces, and seals the former ones again; returns the number of the new key. As the owner.
 * Throws DatabaseStartError where the new key was one of the book's before.
 */
export async function keepFormerDataKey(
  tx: Tx,
  bookId: number,
  { from, to }: KeyChange,
  { lastSheetNumber, nowMs }: { readonly lastSheetNumber: bigint; readonly nowMs: number },
): Promise<number> {
  const former = await listFormerDataKeys(tx, { bookId, dataKey: from });
  if ([from, ...former.map(({ key }) => key)].some((key) => key.checkValue.equals(to.checkValue))) {
    throw new DatabaseStartError(
      'the new data key was one of this bank’s before: make one with `florin data-key`',
      {
        code: 'data_key_used',
      },
    );
  }
  for (const { number, key } of former) {
    await tx
      .updateTable('former_data_keys')
      .set({ key_sealed: to.encrypt(key.toText(), sealContext(bookId, number)) })
      .where('book_id', '=', bookId)
      .where('key_number', '=', number)
      .execute();
  }
  const number = former.length + 1;
  await tx
    .insertInto('former_data_keys')
    .values({
      book_id: bookId,
      key_number: number,
      check_value: from.checkValue,
      key_sealed: to.encrypt(from.toText(), sealContext(bookId, number)),
      last_sheet_number: lastSheetNumber,
      retired_at: new Date(nowMs),
    })
    .execute();
  return number + 1;
}

function sealContext(bookId: number, number: number): string {
  return `former_data_keys.key_sealed/${bookId}/${number}`;
}
