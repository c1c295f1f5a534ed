import { textArray } from '#db/binary-array.ts';
import { externalIdExists } from '#db/labels.ts';
import { type AnyTx, run } from '#db/session.ts';
import type { EntryDraft, Guard } from '#ledger/entry.ts';
import type { TransactionId } from '#lib/ids.ts';
import type { TransactionRow } from './transaction.ts';

const SELECT_TAKEN = `
  select external_id as "externalId" from transactions where book_id = $1 and external_id = any($2::text[])`;

/**
 * Refuses a transaction whose external id another one has: 409 `external_id_exists`. One that another process stores at
 * the same moment is refused by the index. Undefined where no transaction has an external id.
 */
export function openLabelGuard(
  tx: AnyTx,
  bookId: number,
  rows: readonly TransactionRow[],
): ((inner: Guard | undefined) => Promise<Guard>) | undefined {
  const named = new Map<TransactionId, string>(
    rows.flatMap(({ id, externalId }) => (externalId === undefined ? [] : [[id, externalId] as const])),
  );
  if (named.size === 0) return undefined;
  return async (inner) => {
    const found = await run<{ externalId: string }>(tx, SELECT_TAKEN, [
      bookId,
      textArray([...named.values()]),
    ]);
    const taken = new Set(found.rows.map(({ externalId }) => externalId));
    return (draft: EntryDraft) => {
      const externalId = named.get(draft.entryId);
      if (externalId === undefined) return inner?.(draft);
      const error = taken.has(externalId) ? externalIdExists('transaction') : inner?.(draft);
      if (error === undefined) taken.add(externalId);
      return error;
    };
  };
}
