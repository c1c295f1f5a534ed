import { type RawBuilder, sql } from 'kysely';
import { bulkInsert, bulkUpdate, dates, integers, texts, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { movesMoney } from '#ledger/charges.ts';
import type { AccountId, StandingOrderId, TransactionId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Attempt, Execution, SeenExecution, TakenBack } from './execution.ts';
import type { StandingOrder, StandingOrderState } from './standing-order.ts';
import type { Horizon } from './timing.ts';

/**
 * The orders with the next so many due dates that are to be tried on a day: those that are tried again and those that
 * are new, earliest due first. Locks nothing; what they say is asked again under their locks.
 */
export async function listDueOrders(
  db: Db,
  bookId: number,
  day: Horizon,
  limit: number,
): Promise<StandingOrderId[]> {
  const { rows } = await sql<{ id: StandingOrderId }>`
    select standing_order_id as id from (
      (select standing_order_id, due_on from standing_order_executions
       where book_id = ${bookId} and status = 'retrying' and next_attempt_on <= ${retriesThrough(day)}::date
       order by due_on, standing_order_id limit ${limit})
      union all
      (select standing_order_id, next_due_on from standing_orders
       where book_id = ${bookId} and status = 'active' and ${isDueOn(day)}
       order by next_due_on, standing_order_id limit ${limit})
    ) as due order by due_on, standing_order_id limit ${limit}`.execute(db);
  return [...new Set(rows.map(({ id }) => id))];
}

/** How many due dates are to be tried on a day. */
export async function countDue(db: Db, bookId: number, day: Horizon): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select ((select count(*) from standing_order_executions
       where book_id = ${bookId} and status = 'retrying' and next_attempt_on <= ${retriesThrough(day)}::date)
      + (select count(*) from standing_orders
       where book_id = ${bookId} and status = 'active' and ${isDueOn(day)}))::int as count`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Attempts are repeated on business days only. */
function retriesThrough({ following }: Horizon): IsoDate | null {
  return following ?? null;
}

function isDueOn({ same, following, preceding }: Horizon): RawBuilder<boolean> {
  const last = [same, following, preceding].reduce((one, other) =>
    (other ?? '') > (one ?? '') ? other : one,
  );
  return sql<boolean>`next_due_on <= ${last ?? null}::date and next_due_on <= case business_days
    when 'same' then ${same ?? null}::date when 'preceding' then ${preceding ?? null}::date
    else ${following ?? null}::date end`;
}

/** Due dates of orders that are to be tried again on a day. The orders are locked. */
export async function listRetries(
  tx: Tx,
  bookId: number,
  ids: readonly StandingOrderId[],
  horizon: Horizon,
): Promise<Attempt[]> {
  const { rows } = await sql<Attempt>`
    select standing_order_id as "standingOrderId", due_on as "dueOn", attempts as "attemptsBefore"
    from standing_order_executions
    where book_id = ${bookId} and standing_order_id = any(${ids}::uuid[]) and status = 'retrying'
      and next_attempt_on <= ${retriesThrough(horizon)}::date`.execute(tx);
  return rows;
}

/** Of these accounts those that are closed permanently. */
export async function findClosedAccounts(
  tx: Tx,
  bookId: number,
  ids: readonly AccountId[],
): Promise<ReadonlySet<AccountId>> {
  const { rows } = await sql<{ id: AccountId }>`
    select ledger_account_id as id from ledger_accounts
    where book_id = ${bookId} and ledger_account_id = any(${ids}::uuid[]) and status = 'closed'`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

const insertExecutions = bulkInsert('standing_order_executions', {
  onConflict: `(book_id, standing_order_id, due_on) do update set status = excluded.status,
    attempts = excluded.attempts, attempted_on = excluded.attempted_on, next_attempt_on = excluded.next_attempt_on,
    failure_code = excluded.failure_code, transaction_id = excluded.transaction_id
  where standing_order_executions.status = 'retrying' and standing_order_executions.attempts < excluded.attempts`,
}).of<Execution>({
  standing_order_id: uuids(({ standingOrderId }) => standingOrderId),
  due_on: dates(({ dueOn }) => dueOn),
  status: texts(({ status }) => status),
  attempts: integers(({ attempts }) => attempts),
  attempted_on: dates(({ attemptedOn }) => attemptedOn),
  next_attempt_on: dates(({ nextAttemptOn }) => nextAttemptOn),
  failure_code: texts(({ failureCode }) => failureCode),
  transaction_id: uuids(({ transactionId }) => transactionId),
});

/** Stores what attempts came to, with one statement: each due date is there once, and one that is settled stays. */
export async function storeExecutions(
  tx: Tx,
  bookId: number,
  executions: readonly Execution[],
): Promise<void> {
  await insertExecutions(tx, { book_id: bookId }, executions);
  const keys = executions.map(({ standingOrderId, dueOn }) => [standingOrderId, dueOn]);
  await noteChanged(tx, bookId, 'standing_order_executions', keys);
}

const storeDueDates = bulkUpdate('standing_orders').of<StandingOrderState>({
  key: { standing_order_id: uuids(({ id }) => id) },
  set: {
    next_due_on: dates(({ nextDueOn }) => nextDueOn),
    status: texts(({ status }) => status),
    failures: integers(({ failures }) => failures),
    suspended_for: texts(({ suspendedFor }) => suspendedFor),
    version: integers(({ version }) => version),
  },
});

/** Stores where orders that are locked have come to: next due date, status and failures. */
export async function moveOrders(tx: Tx, bookId: number, orders: readonly StandingOrder[]): Promise<void> {
  const states = orders.map(({ state }) => state);
  await storeDueDates(tx, { book_id: bookId }, states);
  const ids = states.map(({ id }) => id);
  await noteChanged(tx, bookId, 'standing_orders', ids);
}

/** Ends the attempts that an order still had before it: whoever paused or cancelled it does not want them. */
export async function giveUpRetries(
  tx: Tx,
  bookId: number,
  id: StandingOrderId,
  code: string,
): Promise<void> {
  const given = await tx
    .updateTable('standing_order_executions')
    .set({ status: 'failed', next_attempt_on: null, failure_code: code })
    .where('book_id', '=', bookId)
    .where('standing_order_id', '=', id)
    .where('status', '=', 'retrying')
    .returning('due_on as dueOn')
    .execute();
  const keys = given.map(({ dueOn }) => [id, dueOn]);
  await noteChanged(tx, bookId, 'standing_order_executions', keys);
}

/** What a payment moved, without what it cost: a part that is taken back does not give that back. */
const moves = (posting: 'p' | 'w') => sql.raw(movesMoney(posting, `'transfer'`));

/** Latest due date first. */
export async function listExecutions(
  db: Db,
  bookId: number,
  id: StandingOrderId,
  { before, limit }: { readonly before?: IsoDate | undefined; readonly limit: number },
): Promise<SeenExecution[]> {
  const isBefore = before === undefined ? sql`true` : sql`x.due_on < ${before}::date`;
  type Row = Omit<Execution, 'nextAttemptOn' | 'failureCode' | 'transactionId'> & {
    nextAttemptOn: IsoDate | null;
    failureCode: string | null;
    transactionId: TransactionId | null;
    reversedBy: TransactionId | null;
    isReturned: boolean;
    isWhole: boolean | null;
  };
  const { rows } = await sql<Row>`
    select x.standing_order_id as "standingOrderId", x.due_on as "dueOn", x.status, x.attempts,
      x.attempted_on as "attemptedOn", x.next_attempt_on as "nextAttemptOn", x.failure_code as "failureCode",
      x.transaction_id as "transactionId",
      coalesce(o.return_entry_id, r.entry_id, case when o.status = 'returned' then o.ending_entry_id end)
        as "reversedBy",
      coalesce(o.status = 'returned', false) as "isReturned", r.is_whole as "isWhole"
    from standing_order_executions x
    left join lateral (
      select (array_agg(r.entry_id order by r.reversal_number desc nulls last))[1] as entry_id,
        sum(p.amount_minor) = (
          select sum(w.amount_minor) from postings w
          where w.book_id = x.book_id and w.entry_id = x.transaction_id and ${moves('w')}) as is_whole
      from journal_entries r
      join postings p on p.book_id = r.book_id and p.entry_id = r.entry_id
      where r.book_id = x.book_id and r.reverses_entry_id = x.transaction_id and ${moves('p')}
      group by r.reverses_entry_id
    ) r on true
    left join outgoing_payments o on o.book_id = x.book_id and o.transaction_id = x.transaction_id
    where x.book_id = ${bookId} and x.standing_order_id = ${id} and ${isBefore}
    order by x.due_on desc limit ${limit}`.execute(db);
  return rows.map(({ reversedBy, isReturned, isWhole, ...row }) => ({
    ...row,
    nextAttemptOn: row.nextAttemptOn ?? undefined,
    failureCode: row.failureCode ?? undefined,
    transactionId: row.transactionId ?? undefined,
    takenBack: takenBack(isReturned, isWhole, reversedBy ?? undefined),
  }));
}

function takenBack(
  isReturned: boolean,
  isWhole: boolean | null,
  by: TransactionId | undefined,
): TakenBack | undefined {
  if (isReturned) return { how: 'returned', by };
  return by === undefined ? undefined : { how: isWhole === true ? 'reversed' : 'partly_reversed', by };
}
