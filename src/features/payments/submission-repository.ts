import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import type { SubmissionId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { type Submission, totalsOf } from './submission.ts';

export async function insertSubmission(
  tx: Tx,
  bookId: number,
  { id, message, actor, requestHash, paymentIds, createdAtMs }: Submission,
  idempotencyKey: string,
): Promise<void> {
  await tx
    .insertInto('payment_submissions')
    .values({
      book_id: bookId,
      submission_id: id,
      message,
      actor,
      idempotency_key: idempotencyKey,
      request_hash: requestHash,
      payment_count: paymentIds.length,
      created_at: new Date(createdAtMs),
    })
    .execute();
  await noteChanged(tx, bookId, 'payment_submissions', [id]);
}

export async function findSubmission(
  db: Db,
  bookId: number,
  id: SubmissionId,
): Promise<Submission | undefined> {
  const row = await selectRows(db, bookId).where('submission_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : withPayments(db, bookId, row);
}

/** The submission that a caller made under a key. */
export async function findSubmissionByKey(
  db: Db,
  bookId: number,
  actor: string,
  idempotencyKey: string,
): Promise<Submission | undefined> {
  const query = selectRows(db, bookId)
    .where('actor', '=', actor)
    .where('idempotency_key', '=', idempotencyKey);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : withPayments(db, bookId, row);
}

function selectRows(db: Db, bookId: number) {
  return db
    .selectFrom('payment_submissions')
    .select([
      'submission_id as id',
      'message',
      'actor',
      'request_hash as requestHash',
      'created_at as createdAt',
    ])
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

async function withPayments(db: Db, bookId: number, { createdAt, ...row }: Row): Promise<Submission> {
  const { rows } = await sql<{ id: TransactionId; currency: Currency; amountMinor: bigint }>`
    select transaction_id as "id", currency, amount_minor as "amountMinor" from outgoing_payments
    where book_id = ${bookId} and submission_id = ${row.id} order by transaction_id`.execute(db);
  const paymentIds = rows.map(({ id }) => id);
  return { ...row, paymentIds, totals: totalsOf(rows), createdAtMs: createdAt.getTime() };
}
