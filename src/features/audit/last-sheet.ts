import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** The number of the last sheet of fingerprints; 0 without one. */
export async function findLastSheetNumber(tx: Tx, bookId: number): Promise<bigint> {
  const { rows } = await sql<{ number: bigint }>`
    select coalesce(max(sheet_number), 0)::bigint as number from state_sheets
    where book_id = ${bookId}`.execute(tx);
  return rows[0]?.number ?? 0n;
}
