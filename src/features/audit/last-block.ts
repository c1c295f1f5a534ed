import type { Db } from '#db/database.ts';
import { columns } from '#db/rows.ts';

/** What the next block begins after. */
export type LastBlock = {
  readonly blockNumber: bigint;
  readonly lastPosition: bigint;
  readonly blockHash: Buffer;
};

/** The last block of a book, if it has one. */
export function findLastBlock(db: Db, bookId: number): Promise<LastBlock | undefined> {
  return db
    .selectFrom('audit_blocks')
    .select(columns('audit_blocks', ['block_number', 'last_position', 'block_hash']))
    .where('book_id', '=', bookId)
    .orderBy('block_number', 'desc')
    .limit(1)
    .executeTakeFirst();
}
