import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { assert } from '#lib/assert.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { ChunkResult, StepProgress } from './step.ts';

export type StepRow = {
  readonly number: number;
  readonly name: string;
  readonly status: 'pending' | 'running' | 'completed';
  readonly processed: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly completedAt: Date | undefined;
};

/** The closing of a date, with its steps in order. */
export type EndOfDayRun = {
  readonly businessDate: IsoDate;
  readonly status: 'running' | 'failed' | 'completed';
  readonly actor: string;
  readonly startedAt: Date;
  readonly completedAt: Date | undefined;
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  readonly steps: readonly StepRow[];
};

/** Where a book stands: one state of it, read with one statement. */
export type BookProgress = {
  readonly businessDate: IsoDate;
  readonly datePolicy: 'calendar' | 'manual';
  readonly timeZone: string;
  readonly closedThrough: IsoDate | undefined;
  /** The date whose end was begun and is not done. */
  readonly unfinished: IsoDate | undefined;
};

export async function selectProgress(db: Db, bookId: number): Promise<BookProgress> {
  type Row = Omit<BookProgress, 'closedThrough' | 'unfinished'> & {
    closedThrough: IsoDate | null;
    unfinished: IsoDate | null;
  };
  const { rows } = await sql<Row>`
    select b.business_date as "businessDate", b.date_policy as "datePolicy", b.time_zone as "timeZone",
      b.closed_through as "closedThrough",
      (select min(r.business_date) from end_of_day_runs r
       where r.book_id = b.book_id and r.status <> 'completed') as unfinished
    from books b where b.book_id = ${bookId}`.execute(db);
  const [row] = rows;
  assert(row !== undefined, 'the book is opened');
  return {
    ...row,
    closedThrough: row.closedThrough ?? undefined,
    unfinished: row.unfinished ?? undefined,
  };
}

/** The last date whose end was begun before a date. */
export async function findPreviousDate(db: Db, bookId: number, date: IsoDate): Promise<IsoDate | undefined> {
  const { rows } = await sql<{ date: IsoDate | null }>`
    select max(business_date) as date from end_of_day_runs
    where book_id = ${bookId} and business_date < ${date}::date`.execute(db);
  return rows[0]?.date ?? undefined;
}

/** Begins the end of a date, with its steps; false if it was begun before. */
export async function insertRun(
  tx: Tx,
  bookId: number,
  run: { readonly date: IsoDate; readonly actor: string; readonly startedAtMs: number },
  stepNames: readonly string[],
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('end_of_day_runs')
    .values({
      book_id: bookId,
      business_date: run.date,
      actor: run.actor,
      started_at: new Date(run.startedAtMs),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) return false;
  await tx
    .insertInto('end_of_day_steps')
    .values(
      stepNames.map((name, index) => ({
        book_id: bookId,
        business_date: run.date,
        step_number: index + 1,
        name,
      })),
    )
    .execute();
  return true;
}

/** The names of the steps a date's end was begun with that are not done, in order. */
export async function listOpenSteps(db: Db, bookId: number, date: IsoDate): Promise<string[]> {
  const rows = await db
    .selectFrom('end_of_day_steps')
    .select('name')
    .where('book_id', '=', bookId)
    .where(sql<boolean>`business_date = ${date}::date`)
    .where('status', '<>', 'completed')
    .orderBy('step_number')
    .execute();
  return rows.map(({ name }) => name);
}

/**
 * Locks a step for one chunk: who holds it is the only one at work on the date. Undefined while somebody else does;
 * `done` when nothing is left of it.
 */
export async function lockStep(
  tx: Tx,
  bookId: number,
  date: IsoDate,
  name: string,
): Promise<StepProgress | 'busy' | 'done'> {
  const row = await tx
    .selectFrom('end_of_day_steps')
    .select(['status', 'position', 'processed', 'counts'])
    .where('book_id', '=', bookId)
    .where(sql<boolean>`business_date = ${date}::date`)
    .where('name', '=', name)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (row === undefined) return 'busy';
  if (row.status === 'completed') return 'done';
  return {
    position: row.position ?? undefined,
    processed: Number(row.processed),
    counts: row.counts,
  };
}

/** Stores how far a locked step has come. */
export async function storeProgress(
  tx: Tx,
  bookId: number,
  date: IsoDate,
  name: string,
  { position, processed, counts, done }: ChunkResult,
  nowMs: number,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('end_of_day_steps')
    .set({
      status: done ? 'completed' : 'running',
      position: position ?? null,
      processed: BigInt(processed),
      counts: JSON.stringify(counts),
      completed_at: done ? new Date(nowMs) : null,
    })
    .where('book_id', '=', bookId)
    .where(sql<boolean>`business_date = ${date}::date`)
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  assert(numUpdatedRows === 1n, 'a locked step is there');
}

/** Records the outcome of a date's end; one that is completed stays so. */
export async function updateRun(
  db: Db,
  bookId: number,
  date: IsoDate,
  change:
    | { readonly status: 'running' }
    | { readonly status: 'failed'; readonly code: string; readonly message: string }
    | { readonly status: 'completed'; readonly completedAtMs: number },
): Promise<void> {
  await db
    .updateTable('end_of_day_runs')
    .set({
      status: change.status,
      completed_at: change.status === 'completed' ? new Date(change.completedAtMs) : null,
      failure_code: change.status === 'failed' ? change.code : null,
      failure_message: change.status === 'failed' ? change.message : null,
    })
    .where('book_id', '=', bookId)
    .where(sql<boolean>`business_date = ${date}::date`)
    .where('status', '<>', 'completed')
    .execute();
}

export type RunFilter = {
  readonly before?: IsoDate | undefined;
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
  readonly limit: number;
};

/** Latest date first. */
export async function listRuns(db: Db, bookId: number, filter: RunFilter): Promise<EndOfDayRun[]> {
  const { before, from, to, limit } = filter;
  let query = db
    .selectFrom('end_of_day_runs as r')
    .select(columns('r', ['business_date', 'status', 'actor', 'started_at', 'completed_at']))
    .select(columns('r', ['failure_code', 'failure_message']))
    .select(
      sql<StoredStep[]>`(
        select jsonb_agg(jsonb_build_object('number', s.step_number, 'name', s.name, 'status', s.status,
          'processed', s.processed, 'counts', s.counts, 'completedAt', s.completed_at) order by s.step_number)
        from end_of_day_steps s where s.book_id = r.book_id and s.business_date = r.business_date)`.as(
        'steps',
      ),
    )
    .where('r.book_id', '=', bookId);
  if (before !== undefined) query = query.where(sql<boolean>`r.business_date < ${before}::date`);
  if (from !== undefined) query = query.where(sql<boolean>`r.business_date >= ${from}::date`);
  if (to !== undefined) query = query.where(sql<boolean>`r.business_date <= ${to}::date`);
  const rows = await query.orderBy('r.business_date', 'desc').limit(limit).execute();
  return rows.map(({ failureCode, failureMessage, steps, ...row }) => ({
    ...withoutNulls(row),
    failure:
      failureCode === null || failureMessage === null
        ? undefined
        : { code: failureCode, message: failureMessage },
    steps: steps.map((step) => ({
      ...step,
      completedAt: step.completedAt === null ? undefined : new Date(step.completedAt),
    })),
  }));
}

type StoredStep = Omit<StepRow, 'completedAt'> & { readonly completedAt: string | null };
