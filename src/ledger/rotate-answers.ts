import { sql } from 'kysely';
import { bulkUpdate, byteStrings, texts } from '#db/bulk-rows.ts';
import type { Tx } from '#db/database.ts';
import { inBatches } from '#db/in-batches.ts';

type Answer = { readonly actor: string; readonly key: string; readonly answer: Buffer };

const storeAnswers = bulkUpdate('idempotency_keys').of<Answer>({
  key: { actor: texts(({ actor }) => actor), idempotency_key: texts(({ key }) => key) },
  set: { answer: byteStrings(({ answer }) => answer) },
});

/** Replaces the sealed answers of a book's used keys by what `reseal` makes of them; returns how many. */
export function rotateAnswers(tx: Tx, bookId: number, reseal: (answer: Answer) => Buffer): Promise<number> {
  const query = sql<Answer>`
    select actor, idempotency_key as key, answer from idempotency_keys
    where book_id = ${bookId} and answer is not null`;
  return inBatches(tx, query, (rows) =>
    storeAnswers(
      tx,
      { book_id: bookId },
      rows.map((row) => ({ ...row, answer: reseal(row) })),
    ),
  );
}
