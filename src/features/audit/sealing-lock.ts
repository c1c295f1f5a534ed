import type { Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';

/** Up to which block entries have numbers, and the last number given. */
export type Sequenced = { readonly sequencedBlocks: bigint; readonly lastSequence: bigint };

/**
 * Locks the book's row of audit_sealing: whoever has it, seals or numbers. Undefined while somebody else does; waits for
 * nobody.
 */
export async function lockSealing(tx: Tx, bookId: number): Promise<Sequenced | undefined> {
  const lock = () =>
    tx
      .selectFrom('audit_sealing')
      .select(columns('audit_sealing', ['sequenced_blocks', 'last_sequence']))
      .where('book_id', '=', bookId)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
  const locked = await lock();
  if (locked !== undefined) return locked;
  // Held by another, or not there yet: only then this adds it.
  await tx
    .insertInto('audit_sealing')
    .values({ book_id: bookId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return lock();
}
