import type { Db } from '#db/database.ts';

const HOUR_MS = 3_600_000;

/** How new beneficiaries of a book are treated: for how long, and up to how much in all (major units). */
export type CoolingOff = { readonly coolingOffMs: number; readonly limitMajor: bigint };

export async function selectCoolingOff(db: Db, bookId: number): Promise<CoolingOff> {
  const book = await db
    .selectFrom('books')
    .select(['beneficiary_cooling_off_hours as hours', 'beneficiary_cooling_off_limit_major as limitMajor'])
    .where('book_id', '=', bookId)
    .executeTakeFirstOrThrow();
  return { coolingOffMs: book.hours * HOUR_MS, limitMajor: book.limitMajor };
}
