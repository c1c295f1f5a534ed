import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { assert } from '#lib/assert.ts';

/**
 * The hash of a sheet of fingerprints, in hex: PostgreSQL hashes its own rows, as for blocks. The format is
 * docs/audit-format.md; `verify-encoding.ts` is written from that document.
 */
export async function sheetHash(
  tx: Tx,
  { bookId, number }: { readonly bookId: number; readonly number: bigint },
): Promise<string> {
  const { rows } = await sql<{ hash: string }>`
    select encode(sha256('\\x04'::bytea
      || record_send(row('florin/state-sheet/1'::text, s.book_id, s.sheet_number, s.salt, s.sealed_at))
      || (select string_agg(record_send(row(x.table_name, x.row_key, x.parent_ids::text, x.fingerprint)), ''::bytea
            order by x.table_name collate "C", x.row_key collate "C")
          from sealed_states x where x.book_id = s.book_id and x.sheet_number = s.sheet_number)), 'hex') as hash
    from state_sheets s where s.book_id = ${bookId} and s.sheet_number = ${number}`.execute(tx);
  assert(rows[0] !== undefined, 'a sheet that was just written is there');
  return rows[0].hash;
}
