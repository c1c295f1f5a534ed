import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { selectBalances } from '#ledger/trial-balance.ts';
import { lastOfMonth } from '#lib/time/calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Period, PeriodState } from './period.ts';

/** Latest first. */
export async function listPeriods(
  db: Db,
  bookId: number,
  { after, limit }: { readonly after?: Period | undefined; readonly limit: number },
): Promise<PeriodState[]> {
  let query = selectPeriods(db, bookId);
  if (after !== undefined) query = query.where('period_on', '<', after);
  return (await query.orderBy('period_on', 'desc').limit(limit).execute()).map(toState);
}

export async function findPeriod(db: Db, bookId: number, period: Period): Promise<PeriodState | undefined> {
  const row = await selectPeriods(db, bookId).where('period_on', '=', period).executeTakeFirst();
  return row === undefined ? undefined : toState(row);
}

/** The last period before one, or of all, that is not open. */
export async function findClosedPeriod(
  db: Db,
  bookId: number,
  { before, status }: { readonly before?: Period; readonly status?: 'hard_closed' },
): Promise<PeriodState | undefined> {
  let query = selectPeriods(db, bookId).where('status', '<>', 'open');
  if (before !== undefined) query = query.where('period_on', '<', before);
  if (status !== undefined) query = query.where('status', '=', status);
  const row = await query.orderBy('period_on', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? undefined : toState(row);
}

/** Stores how a period stands. */
export async function putPeriod(tx: Tx, bookId: number, state: PeriodState): Promise<void> {
  const values = {
    status: state.status,
    actor: state.actor,
    changed_at: new Date(state.changedAtMs),
    reason: state.reason ?? null,
  };
  await tx
    .insertInto('accounting_periods')
    .values({ book_id: bookId, period_on: state.period, ...values })
    .onConflict((conflict) => conflict.columns(['book_id', 'period_on']).doUpdateSet(values))
    .execute();
  await noteChanged(tx, bookId, 'accounting_periods', [state.period]);
}

/** Keeps the balances of a period as it ends, in place of those that were kept. */
export async function keepPeriodBalances(tx: Tx, bookId: number, period: Period): Promise<void> {
  await dropPeriodBalances(tx, bookId, period);
  const balances = await selectBalances(tx, bookId, lastOfMonth(period));
  if (balances.length === 0) return;
  await tx
    .insertInto('accounting_period_balances')
    .values(
      balances.map(({ glCode, currency, balanceMinor }) => ({
        book_id: bookId,
        period_on: period,
        gl_code: glCode,
        currency,
        balance_minor: balanceMinor.toString(),
      })),
    )
    .execute();
}

export async function dropPeriodBalances(tx: Tx, bookId: number, period: Period): Promise<void> {
  await tx
    .deleteFrom('accounting_period_balances')
    .where('book_id', '=', bookId)
    .where('period_on', '=', period)
    .execute();
}

/** The hard closed periods from a month on, whose balances are kept. */
export async function listKeptPeriods(db: Db, bookId: number, from: Period): Promise<Period[]> {
  const rows = await db
    .selectFrom('accounting_periods')
    .select('period_on as period')
    .where('book_id', '=', bookId)
    .where('period_on', '>=', from)
    .where('status', '=', 'hard_closed')
    .orderBy('period_on')
    .execute();
  return rows.map(({ period }) => period);
}

/** The first date that anything counts on in the books. */
export async function findFirstDate(db: Db, bookId: number): Promise<IsoDate | undefined> {
  const { rows } = await sql<{ date: IsoDate | null }>`
    select least(
      (select business_date from journal_entries where book_id = ${bookId}
       order by business_date, entry_id limit 1),
      (select min(accounting_date) from manual_entries
       where book_id = ${bookId} and accounting_date < business_date)) as date`.execute(db);
  return rows[0]?.date ?? undefined;
}

function selectPeriods(db: Db, bookId: number) {
  return db
    .selectFrom('accounting_periods')
    .select(['period_on as period', 'status', 'actor', 'changed_at as changedAt', 'reason'])
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectPeriods>['executeTakeFirstOrThrow']>>;

function toState({ changedAt, reason, ...row }: Row): PeriodState {
  return { ...row, reason: reason ?? undefined, changedAtMs: changedAt.getTime() };
}
