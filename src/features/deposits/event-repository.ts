import { bigints, bulkInsert, dates, integers, jsons, texts, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import type { AccountId } from '#lib/ids.ts';
import type { DepositEvent, DepositEventDetails } from './event.ts';

type NewEvent = DepositEvent & { readonly id: AccountId };

/** An event with its actor and instant. */
export type StoredDepositEvent = DepositEvent & { readonly actor: string; readonly createdAt: Date };

const insertRows = bulkInsert('deposit_events', { same: ['actor', 'created_at'] }).of<NewEvent>({
  account_id: uuids(({ id }) => id),
  event_number: integers(({ number }) => number),
  kind: texts(({ kind }) => kind),
  happened_on: dates(({ on }) => on),
  amount_minor: bigints(({ amountMinor }) => amountMinor),
  entry_id: uuids(({ entryId }) => entryId),
  details: jsons(({ details }) => JSON.stringify(details)),
});

/** Stores events of locked deposits. */
export async function insertEvents(
  tx: Tx,
  bookId: number,
  events: readonly NewEvent[],
  { actor, nowMs }: { readonly actor: string; readonly nowMs: number },
): Promise<void> {
  await insertRows(tx, { book_id: bookId, actor, created_at: new Date(nowMs) }, events);
  const keys = events.map(({ id, number }) => [id, number]);
  await noteChanged(tx, bookId, 'deposit_events', keys);
}

/** The events of a deposit after one, in order. */
export async function listEvents(
  db: Db,
  bookId: number,
  id: AccountId,
  { after = 0, limit }: { readonly after?: number | undefined; readonly limit: number },
): Promise<StoredDepositEvent[]> {
  const rows = await selectEvents(db, bookId)
    .where('e.account_id', '=', id)
    .where('e.event_number', '>', after)
    .orderBy('e.event_number')
    .limit(limit)
    .execute();
  return rows.map(withoutNulls);
}

/** All events of some deposits, by deposit. */
export async function eventsOf(
  db: Db,
  bookId: number,
  from: AccountId,
  to: AccountId,
): Promise<ReadonlyMap<AccountId, DepositEvent[]>> {
  const rows = await selectEvents(db, bookId)
    .where('e.account_id', '>=', from)
    .where('e.account_id', '<=', to)
    .orderBy('e.account_id')
    .orderBy('e.event_number')
    .execute();
  return Map.groupBy(
    rows.map((row) => ({ ...withoutNulls(row), id: row.id })),
    ({ id }) => id,
  );
}

function selectEvents(db: Db, bookId: number) {
  return db
    .selectFrom('deposit_events as e')
    .select((eb) => [
      'e.account_id as id',
      'e.event_number as number',
      'e.happened_on as on',
      ...columns('e', ['kind', 'amount_minor', 'entry_id', 'actor', 'created_at']),
      eb.ref('e.details').$castTo<DepositEventDetails>().as('details'),
    ])
    .where('e.book_id', '=', bookId);
}
