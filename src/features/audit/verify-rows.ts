import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { AuditRow, BlockRow, EntryRow, PostingRow, SheetRow, StateRow } from './verify-encoding.ts';

export type RowKind = 'audit' | 'entry';

/** One row of a block, as the block lists it. */
export type SealedRow = {
  readonly position: string;
  readonly rowKind: RowKind;
  readonly rowId: string;
  readonly leaf: Buffer;
};

/** What a block covers, as it stands in the database now. */
export type Covered = {
  readonly sealed: readonly SealedRow[];
  readonly auditRows: ReadonlyMap<string, AuditRow>;
  readonly entries: ReadonlyMap<string, EntryRow>;
  readonly postings: ReadonlyMap<string, readonly PostingRow[]>;
};

/** PostgreSQL counts instants from 2000, in microseconds; so does the format. */
const microseconds = (column: string) =>
  sql.raw<string>(`((extract(epoch from ${column}) - 946684800) * 1000000)::int8::text`);
const days = (column: string) => sql.raw<number>(`${column} - date '2000-01-01'`);

/** Blocks after a number, in order, without their lists. */
export async function readBlocks(tx: Tx, bookId: number, after: string, limit: number): Promise<BlockRow[]> {
  const { rows } = await sql<BlockRow>`
    select block_number::text, first_position::text, last_position::text, cardinality(audit_ids) as audit_count,
      cardinality(entry_ids) as entry_count, length(row_hashes) as hash_bytes, merkle_root, previous_hash, block_hash,
      ${microseconds('sealed_at')} as sealed_at_us
    from audit_blocks where book_id = ${bookId} and block_number > ${after}::int8
    order by audit_blocks.block_number limit ${limit}`.execute(tx);
  return rows;
}

/** What a block lists, and what stands there now. */
export async function readCovered(tx: Tx, bookId: number, block: BlockRow): Promise<Covered> {
  const { rows } = await sql<{ audit_ids: string[]; entry_ids: string[]; row_hashes: Buffer }>`
    select audit_ids::text[], entry_ids::text[], row_hashes from audit_blocks
    where book_id = ${bookId} and block_number = ${block.block_number}::int8`.execute(tx);
  const {
    audit_ids: auditIds = [],
    entry_ids: entryIds = [],
    row_hashes: hashes = Buffer.of(),
  } = rows[0] ?? {};
  const auditRows = await readAuditRows(tx, bookId, auditIds);
  const entries = await readEntries(tx, bookId, entryIds);
  const postings = await readPostings(tx, bookId, entryIds);
  return {
    sealed: listRows(block, auditIds, entryIds, hashes),
    auditRows: new Map(auditRows.map((row) => [row.audit_id, row])),
    entries: new Map(entries.map((row) => [row.entry_id, row])),
    postings: Map.groupBy(postings, (row) => row.entry_id),
  };
}

function listRows(
  { first_position: first }: BlockRow,
  auditIds: readonly string[],
  entryIds: readonly string[],
  hashes: Buffer,
): SealedRow[] {
  const rows = [
    ...auditIds.map((id) => ({ rowKind: 'audit', rowId: id }) as const),
    ...entryIds.map((id) => ({ rowKind: 'entry', rowId: id }) as const),
  ];
  return rows.map((row, index) => ({
    ...row,
    position: (BigInt(first) + BigInt(index)).toString(),
    leaf: hashes.subarray(index * 32, (index + 1) * 32),
  }));
}

async function readAuditRows(tx: Tx, bookId: number, ids: readonly string[]): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`
    select book_id, audit_id, ${microseconds('at')} as at_us, actor, role, session_id, address, operation,
      resource_type, resource_id, before::text, after::text, request_id, outcome, outcome_code
    from audit_log where book_id = ${bookId} and audit_id = any(${ids}::uuid[])`.execute(tx);
  return rows;
}

async function readEntries(tx: Tx, bookId: number, ids: readonly string[]): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow>`
    select book_id, entry_id, kind, ${days('business_date')} as business_day, ${days('value_date')} as value_day,
      ${microseconds('posted_at')} as posted_at_us, actor, idempotency_key, request_hash, reverses_entry_id
    from journal_entries where book_id = ${bookId} and entry_id = any(${ids}::uuid[])`.execute(tx);
  return rows;
}

async function readPostings(tx: Tx, bookId: number, ids: readonly string[]): Promise<PostingRow[]> {
  const { rows } = await sql<PostingRow>`
    select entry_id, line, debit_account_id, credit_account_id, currency, amount_minor::text,
      ${days('business_date')} as business_day, debit_seq::text, debit_balance_minor::text, credit_seq::text,
      credit_balance_minor::text
    from postings where book_id = ${bookId} and entry_id = any(${ids}::uuid[])
    order by entry_id, line`.execute(tx);
  return rows;
}

/** A sheet, with the hash that the trail has of it; null where the trail has none, or more than one. */
export type NotedSheet = SheetRow & { readonly noted: string | null };

/** Sheets after a number, in order, without their states. */
export async function readSheets(
  tx: Tx,
  bookId: number,
  after: string,
  limit: number,
): Promise<NotedSheet[]> {
  const { rows } = await sql<NotedSheet>`
    select s.sheet_number::text, s.salt, ${microseconds('s.sealed_at')} as sealed_at_us, (
        select case when count(*) = 1 then min(a.after ->> 'sha256') end from audit_log a
        where a.book_id = ${bookId} and a.resource_id = s.sheet_number::text and a.operation = 'sealStates'
      ) as noted
    from state_sheets s where s.book_id = ${bookId} and s.sheet_number > ${after}::int8
    order by s.sheet_number limit ${limit}`.execute(tx);
  return rows;
}

/** The states of a sheet, in the order in which it is hashed. */
export async function readStates(tx: Tx, bookId: number, sheetNumber: string): Promise<StateRow[]> {
  const { rows } = await sql<StateRow>`
    select table_name, row_key, parent_ids::text, fingerprint from sealed_states
    where book_id = ${bookId} and sheet_number = ${sheetNumber}::int8
    order by table_name collate "C", row_key collate "C"`.execute(tx);
  return rows;
}

/** Sheets that the trail knows of. */
export async function countNotedSheets(tx: Tx, bookId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::float8 as count from audit_log
    where book_id = ${bookId} and operation = 'sealStates'`.execute(tx);
  return rows[0]?.count ?? 0;
}
