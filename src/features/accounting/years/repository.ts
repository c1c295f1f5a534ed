import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import type { TransactionId } from '#lib/ids.ts';

/** A year of the books: whether its result was carried over, by which entry, and who made it so. */
export type YearState = {
  readonly year: number;
  readonly status: 'closed' | 'open';
  /** None of a year without a result in any currency. */
  readonly entryId?: TransactionId | undefined;
  readonly actor: string;
  readonly changedAtMs: number;
  readonly reason?: string | undefined;
};

/** Latest first. */
export async function listYears(db: Db, bookId: number): Promise<YearState[]> {
  return (await selectYears(db, bookId).orderBy('year', 'desc').execute()).map(toState);
}

export async function findYear(db: Db, bookId: number, year: number): Promise<YearState | undefined> {
  const row = await selectYears(db, bookId).where('year', '=', year).executeTakeFirst();
  return row === undefined ? undefined : toState(row);
}

export async function isYearClosed(db: Db, bookId: number, year: number): Promise<boolean> {
  return (await findYear(db, bookId, year))?.status === 'closed';
}

/** The last year that is closed. */
export async function findLastClosedYear(db: Db, bookId: number): Promise<number | undefined> {
  const row = await selectYears(db, bookId)
    .where('status', '=', 'closed')
    .orderBy('year', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.year;
}

/** Stores how a year stands. */
export async function putYear(tx: Tx, bookId: number, state: YearState): Promise<void> {
  const values = {
    status: state.status,
    entry_id: state.entryId ?? null,
    actor: state.actor,
    changed_at: new Date(state.changedAtMs),
    reason: state.reason ?? null,
  };
  await tx
    .insertInto('accounting_years')
    .values({ book_id: bookId, year: state.year, ...values })
    .onConflict((conflict) => conflict.columns(['book_id', 'year']).doUpdateSet(values))
    .execute();
  await noteChanged(tx, bookId, 'accounting_years', [String(state.year)]);
}

function selectYears(db: Db, bookId: number) {
  return db
    .selectFrom('accounting_years')
    .select(['year', 'status', 'entry_id as entryId', 'actor', 'changed_at as changedAt', 'reason'])
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectYears>['executeTakeFirstOrThrow']>>;

function toState({ changedAt, entryId, reason, ...row }: Row): YearState {
  return {
    ...row,
    entryId: entryId ?? undefined,
    reason: reason ?? undefined,
    changedAtMs: changedAt.getTime(),
  };
}
