import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { AuditRow, BlockRow, EntryRow, PostingRow } from './verify-encoding.ts';

/** One row of a block, as the block lists it. */
export type SealedRow = {
  readonly position: string;
  readonly row_kind: string;
  readonly row_id: string;
  readonly row_hash: Buffer;
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

/** Blocks after a number, in order. */
export async function readBlocks(tx: Tx, bookId: number, after: string, limit: number): Promise<BlockRow[]> {
  const { rows } = await sql<BlockRow>`
    select block_number::text, first_position::text, last_position::text, row_count, merkle_root, previous_hash,
      block_hash, ${microseconds('sealed_at')} as sealed_at_us
    from audit_blocks where book_id = ${bookId} and block_number > ${after}::int8
    order by audit_blocks.block_number limit ${limit}`.execute(tx);
  return rows;
}

/** The rows of a block, at most `limit` of them: a block that claims more is no block of ours. */
export async function readCovered(tx: Tx, bookId: number, block: BlockRow, limit: number): Promise<Covered> {
  const { rows: sealed } = await sql<SealedRow>`
    select position::text, row_kind, row_id, row_hash from audit_sealed_rows
    where book_id = ${bookId} and position between ${block.first_position}::int8 and ${block.last_position}::int8
    order by audit_sealed_rows.position limit ${limit}`.execute(tx);
  const idsOf = (kind: string) => sealed.filter((row) => row.row_kind === kind).map((row) => row.row_id);
  const entryIds = idsOf('entry');
  const auditRows = await readAuditRows(tx, bookId, idsOf('audit'));
  const entries = await readEntries(tx, bookId, entryIds);
  const postings = await readPostings(tx, bookId, entryIds);
  return {
    sealed,
    auditRows: new Map(auditRows.map((row) => [row.audit_id, row])),
    entries: new Map(entries.map((row) => [row.entry_id, row])),
    postings: Map.groupBy(postings, (row) => row.entry_id),
  };
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

/** The first row that is listed as sealed after the last block, if there is one: no sealer leaves such. */
export async function findListedBeyond(
  tx: Tx,
  bookId: number,
  lastPosition: string,
): Promise<SealedRow | undefined> {
  const { rows } = await sql<SealedRow>`
    select position::text, row_kind, row_id, row_hash from audit_sealed_rows
    where book_id = ${bookId} and position > ${lastPosition}::int8 order by audit_sealed_rows.position limit 1`.execute(
    tx,
  );
  return rows[0];
}

/** Rows that no block covers: a second's work of a bank that is in use, or all that a stopped one left. */
export async function countUnsealed(tx: Tx, bookId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select ((select count(*) from audit_log where book_id = ${bookId})
      + (select count(*) from journal_entries where book_id = ${bookId})
      - (select count(*) from audit_sealed_rows where book_id = ${bookId}))::float8 as count`.execute(tx);
  return rows[0]?.count ?? 0;
}
