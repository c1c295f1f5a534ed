import { type RawBuilder, sql } from 'kysely';
import type { SealedTable } from '#db/changed-rows.ts';
import type { Tx } from '#db/database.ts';
import { listFormerDataKeys } from '#db/former-data-keys.ts';
import type { DataKey } from '#lib/data-key.ts';
import { SEALED_TABLES } from './sealed-tables.ts';
import { stateKey, stateSql, WRITE_ALIKE } from './state-sql.ts';
import { stateSheetHash } from './verify-encoding.ts';
import { countNotedSheets, readSheets, readStates } from './verify-rows.ts';

/** A row or sheet that is not as its last fingerprint says. */
type ChangedState = {
  readonly reason: string;
  readonly tableName?: string;
  readonly rowId?: string;
  readonly sheetNumber?: string;
};

/** Sheets read at once, without their states: 100 bytes each. */
const SHEETS_A_READ = 500;

/**
 * Recomputes the hash of every sheet, one in memory at a time, and has PostgreSQL compare every row with its last
 * fingerprint, on the disk if need be. The trail itself has been verified. Without the data key only sheets are.
 */
export async function findChangedStates(
  tx: Tx,
  bookId: number,
  dataKey: DataKey | undefined,
  limit: number,
): Promise<ChangedState[]> {
  const found = (await findChangedSheets(tx, bookId)).slice(0, limit);
  if (dataKey === undefined) return found;
  await WRITE_ALIKE.execute(tx);
  const taken = await listTakenTables(tx, bookId);
  const key = await keyOfSheet(tx, bookId, dataKey);
  for (const table of taken) {
    if (found.length >= limit) break;
    found.push(...(await findChangedRows(tx, bookId, table, { key, limit: limit - found.length })));
  }
  return found;
}

/** The key of the fingerprints of a sheet `s`: it stays that of the data key that was in use. */
async function keyOfSheet(tx: Tx, bookId: number, dataKey: DataKey): Promise<RawBuilder<unknown>> {
  const former = await listFormerDataKeys(tx, { bookId, dataKey });
  const current = sql`${stateKey(dataKey)}::bytea`;
  // The oldest first: the first that was in use so long is the one.
  return former
    .toReversed()
    .reduce<RawBuilder<unknown>>(
      (later, { key, lastSheetNumber }) =>
        sql`case when s.sheet_number <= ${lastSheetNumber} then ${stateKey(key)}::bytea else ${later} end`,
      current,
    );
}

/** Each that differs; of those that are missing, the first of each gap. */
async function findChangedSheets(tx: Tx, bookId: number): Promise<ChangedState[]> {
  const found: ChangedState[] = [];
  let last = 0n;
  for (;;) {
    const sheets = await readSheets(tx, bookId, last.toString(), SHEETS_A_READ);
    for (const { sheet_number: sheetNumber, ...sheet } of sheets) {
      const due = (last + 1n).toString();
      if (sheetNumber !== due)
        found.push({ reason: 'the sheet of fingerprints is missing', sheetNumber: due });
      const states = await readStates(tx, bookId, sheetNumber);
      const hash = stateSheetHash(bookId, { sheet_number: sheetNumber, ...sheet }, states);
      if (hash.toString('hex') !== sheet.noted)
        found.push({ reason: 'the sheet of fingerprints is not as the trail has it', sheetNumber });
      last = BigInt(sheetNumber);
    }
    if (sheets.length < SHEETS_A_READ) break;
  }
  if (found.length > 0 || BigInt(await countNotedSheets(tx, bookId)) === last) return found;
  return [{ reason: 'the sheet of fingerprints is missing', sheetNumber: (last + 1n).toString() }];
}

/** Tables whose rows have all been taken up. */
async function listTakenTables(tx: Tx, bookId: number): Promise<SealedTable[]> {
  const { rows } = await sql<{ table: string }>`
    select table_name as "table" from sealed_states
    where book_id = ${bookId} and row_key = '' order by table_name`.execute(tx);
  const taken = new Set(rows.map(({ table }) => table));
  return (Object.keys(SEALED_TABLES) as SealedTable[]).filter((table) => taken.has(table));
}

type What = 'missing' | 'put_in' | 'changed';

const REASONS: Readonly<Record<What, string>> = {
  missing: 'the row is missing',
  put_in: 'the row was put in by something other than the bank',
  changed: 'the row is not as it was sealed',
};

/** The rows of a table by key that are not as their last fingerprints say; those that wait for a new one are left out. */
async function findChangedRows(
  tx: Tx,
  bookId: number,
  table: SealedTable,
  { key, limit }: { readonly key: RawBuilder<unknown>; readonly limit: number },
): Promise<ChangedState[]> {
  const state = stateSql(table);
  const isGone =
    table === 'customers'
      ? sql`exists (select from deleted_customers d
          where d.book_id = ${bookId} and d.customer_id = nullif(last.row_key, '')::uuid)`
      : state.hasGoneParent(bookId, sql`last.parent_ids`);
  const { rows } = await sql<{ rowId: string; what: What; sheetNumber: string | null }>`
    with last as (
      select distinct on (row_key) row_key, sheet_number, parent_ids, fingerprint from sealed_states
      where book_id = ${bookId} and table_name = ${table} and row_key <> ''
      order by row_key, sheet_number desc
    ), live as (
      select ${state.key} as row_key, ${state.content} as content from ${state.from} where t.book_id = ${bookId}
    ), compared as (
      select coalesce(last.row_key, live.row_key) as row_key, last.sheet_number,
        case
          when live.row_key is null and (last.fingerprint is null or ${isGone}) then null
          when live.row_key is null then 'missing'
          when last.fingerprint is null then 'put_in'
          when sha256(${key} || s.salt || live.content) is distinct from last.fingerprint then 'changed'
        end as what
      from last
      full join live on live.row_key = last.row_key
      left join state_sheets s on s.book_id = ${bookId} and s.sheet_number = last.sheet_number
    )
    select row_key as "rowId", what, sheet_number::text as "sheetNumber" from compared
    where what is not null and row_key not in (
      select unnest(row_keys) from changed_rows where book_id = ${bookId} and table_name = ${table})
    order by row_key limit ${limit}`.execute(tx);
  return rows.map(({ rowId, what, sheetNumber }) => {
    const place = { tableName: table, rowId, ...(sheetNumber === null ? {} : { sheetNumber }) };
    return { reason: REASONS[what], ...place };
  });
}

/** Fingerprints that were taken. */
export async function countFingerprints(tx: Tx, bookId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::float8 as count from sealed_states
    where book_id = ${bookId} and row_key <> ''`.execute(tx);
  return rows[0]?.count ?? 0;
}
