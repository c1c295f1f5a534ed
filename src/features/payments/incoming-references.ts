import { hash } from 'node:crypto';
import { noteChanged } from '#db/changed-rows.ts';
import type { Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import type { TransactionId } from '#lib/ids.ts';

/** The entry by which a payment with an external reference was booked, though the payment itself be gone. */
export async function findEntryOfReference(
  tx: Tx,
  bookId: number,
  externalReference: string,
): Promise<{ readonly requestHash: Buffer } | undefined> {
  const row = await tx
    .selectFrom('incoming_references as r')
    .innerJoin('journal_entries as e', (join) =>
      join.onRef('e.book_id', '=', 'r.book_id').onRef('e.entry_id', '=', 'r.entry_id'),
    )
    .select(columns('e', ['request_hash']))
    .where('r.book_id', '=', bookId)
    .where('r.reference_hash', '=', hashOf(externalReference))
    .executeTakeFirst();
  if (row === undefined || row.requestHash === null) return undefined;
  return { requestHash: row.requestHash };
}

/** Keeps the reference of a payment permanently. A unique key refuses one that is kept already. */
export async function keepReference(
  tx: Tx,
  bookId: number,
  externalReference: string,
  entryId: TransactionId,
): Promise<void> {
  const row = { book_id: bookId, reference_hash: hashOf(externalReference), entry_id: entryId };
  await tx.insertInto('incoming_references').values(row).execute();
  await noteChanged(tx, bookId, 'incoming_references', [row.reference_hash.toString('hex')]);
}

function hashOf(externalReference: string): Buffer {
  return hash('sha256', externalReference, 'buffer');
}
