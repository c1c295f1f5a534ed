import { randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { SealedTable } from '#db/changed-rows.ts';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { run } from '#db/session.ts';
import { inTransaction } from '#db/transaction.ts';
import { assert } from '#lib/assert.ts';
import { recordAudit } from './record.ts';
import { FETCH_BY_KEY } from './seal-encoding.ts';
import { SEALED_TABLES } from './sealed-tables.ts';
import { lockSealing } from './sealing-lock.ts';
import { sheetHash } from './sheet-hash.ts';
import { type StateSql, stateKey, stateSql, WRITE_ALIKE } from './state-sql.ts';

/** As many as a block: a transaction of some 100 ms on two cores in use. */
const MAX_SHEET_ROWS = 4_000;
const SALT_BYTES = 16;
/** The key of no row: says that all rows of a table have their fingerprints. */
const TAKEN_UP = '';
const CALLER = { actor: 'sealing', role: 'operator' } as const;

type StateContext = Pick<Context, 'db' | 'bookId' | 'clock' | 'dataKey'>;
type Sheet = { readonly number: bigint; readonly bookId: number; readonly key: Buffer };
type Due = { readonly table: SealedTable; readonly rowKeys: readonly string[] };

/**
 * Takes the fingerprints of rows that were changed as the next sheet, and leaves its hash in the trail. Where none were,
 * it takes up to `maxRows` of those that were there before there were fingerprints. Returns how many that were; undefined while
 * another sealer of the book is at work. Locks the book's row of audit_sealing, and waits for nobody.
 */
export function sealStates(context: StateContext, maxRows = MAX_SHEET_ROWS): Promise<number | undefined> {
  const { db, bookId } = context;
  return inTransaction(db, async (tx) => {
    if ((await lockSealing(tx, bookId)) === undefined) return undefined;
    await WRITE_ALIKE.execute(tx);
    await run(tx, FETCH_BY_KEY, []);
    const changed = await takeChanged(tx, bookId);
    const due = changed.length > 0 ? changed : await findUntaken(tx, context, maxRows);
    return due.length === 0 ? 0 : writeSheet(tx, context, due);
  });
}

/** Removes notes of changed rows, the oldest first, and returns the rows by table. */
async function takeChanged(tx: Tx, bookId: number): Promise<Due[]> {
  const { rows } = await sql<{ id: string; table: SealedTable; rowKeys: string[] }>`
    select change_id as id, table_name as "table", row_keys as "rowKeys" from changed_rows
    where book_id = ${bookId} order by change_id limit ${MAX_SHEET_ROWS}`.execute(tx);
  const byTable = new Map<SealedTable, Set<string>>();
  const taken: string[] = [];
  let count = 0;
  for (const { id, table, rowKeys } of rows) {
    count += rowKeys.length;
    if (count > MAX_SHEET_ROWS) break;
    taken.push(id);
    const keys = byTable.getOrInsertComputed(table, () => new Set());
    for (const key of rowKeys) keys.add(key);
  }
  await sql`delete from changed_rows where book_id = ${bookId} and change_id = any(${taken}::uuid[])`.execute(
    tx,
  );
  return [...byTable].map(([table, keys]) => ({ table, rowKeys: [...keys] }));
}

/** The next rows of tables that have not been taken up. */
async function findUntaken(tx: Tx, { bookId, clock }: StateContext, maxRows: number): Promise<Due[]> {
  const untaken = await listUntakenTables(tx, bookId);
  if (untaken.length === 0) return [];
  await sql`insert into state_sealing (book_id) values (${bookId}) on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ startsAt: Date | null; table: SealedTable | null; lastKey: string | null }>`
    select starts_at as "startsAt", table_name as "table", last_key as "lastKey"
    from state_sealing where book_id = ${bookId}`.execute(tx);
  const [place] = rows;
  assert(place !== undefined, 'how far a book has come is there');
  if (place.startsAt !== null && place.startsAt.getTime() > clock.nowMs()) return [];
  const due: Due[] = [];
  let room = maxRows;
  for (const table of untaken) {
    const after = table === place.table ? place.lastKey : null;
    const rowKeys = await listKeysAfter(tx, bookId, stateSql(table), after, room);
    const isLast = rowKeys.length < room;
    due.push({ table, rowKeys: isLast ? [...rowKeys, TAKEN_UP] : rowKeys });
    room -= rowKeys.length;
    if (isLast) continue;
    await sql`update state_sealing set table_name = ${table}, last_key = ${rowKeys.at(-1)}
      where book_id = ${bookId}`.execute(tx);
    break;
  }
  return due;
}

async function listUntakenTables(tx: Tx, bookId: number): Promise<SealedTable[]> {
  const tables = Object.keys(SEALED_TABLES) as SealedTable[];
  const { rows } = await sql<{ table: SealedTable }>`
    select table_name as "table" from sealed_states
    where book_id = ${bookId} and table_name = any(${tables}::text[]) and row_key = ${TAKEN_UP}`.execute(tx);
  const taken = new Set(rows.map(({ table }) => table));
  return tables.filter((table) => !taken.has(table));
}

async function listKeysAfter(
  tx: Tx,
  bookId: number,
  { from, key, orderBy, isAfter }: StateSql,
  lastKey: string | null,
  limit: number,
): Promise<string[]> {
  const isDue: RawBuilder<unknown> = lastKey === null ? sql`true` : isAfter(sql`${lastKey}::text`);
  const { rows } = await sql<{ rowKey: string }>`
    select ${key} as "rowKey" from ${from} where t.book_id = ${bookId} and ${isDue}
    order by ${orderBy} limit ${limit}`.execute(tx);
  return rows.map(({ rowKey }) => rowKey);
}

/** Stores the fingerprints as the next sheet, and its hash in the trail. */
async function writeSheet(tx: Tx, context: StateContext, due: readonly Due[]): Promise<number> {
  const { bookId, clock, dataKey } = context;
  const { rows } = await sql<{ number: bigint }>`
    insert into state_sheets (book_id, sheet_number, salt, sealed_at)
    select b.book_id, coalesce((select max(sheet_number) from state_sheets where book_id = ${bookId}), 0) + 1,
      ${randomBytes(SALT_BYTES)}::bytea, ${new Date(clock.nowMs())}::timestamptz
    from books b where b.book_id = ${bookId} returning sheet_number as number`.execute(tx);
  assert(rows[0] !== undefined, 'a book that is sealed is there');
  const sheet = { number: rows[0].number, bookId, key: stateKey(dataKey) };
  let rowCount = 0;
  for (const { table, rowKeys } of due) rowCount += await writeStates(tx, sheet, table, rowKeys);
  const after = { rowCount, sha256: await sheetHash(tx, sheet) };
  const resourceId = sheet.number.toString();
  const record = {
    caller: CALLER,
    operation: 'sealStates',
    resourceType: 'state_sheet',
    resourceId,
    after,
  } as const;
  await recordAudit(tx, context, record);
  return rowCount;
}

async function writeStates(
  tx: Tx,
  { number, bookId, key }: Sheet,
  table: SealedTable,
  rowKeys: readonly string[],
): Promise<number> {
  const state = stateSql(table);
  const { numAffectedRows } = await sql`
    insert into sealed_states (book_id, sheet_number, table_name, row_key, parent_ids, fingerprint)
    select s.book_id, s.sheet_number, ${table}, due.key, coalesce(found.parent_ids, '{}'),
      sha256(${key}::bytea || s.salt || found.content)
    from state_sheets s
    cross join unnest(${rowKeys}::text[]) as due (key)
    cross join lateral (select ${state.keyParts(sql`nullif(due.key, ${TAKEN_UP})`)} offset 0) as k
    left join lateral (
      select ${state.parentIds} as parent_ids, ${state.content} as content from ${state.from}
      where t.book_id = s.book_id and due.key <> ${TAKEN_UP} and ${state.isKey}
    ) as found on true
    where s.book_id = ${bookId} and s.sheet_number = ${number}`.execute(tx);
  assert(numAffectedRows === BigInt(rowKeys.length), 'every row has one state in a sheet');
  return rowKeys.length;
}
