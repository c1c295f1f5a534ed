import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import type { RowKind } from './verify-rows.ts';

/** A row by itself, with where it is listed if that is what is wrong. */
export type Stray = {
  readonly rowId: string;
  readonly blockNumber?: string;
  readonly position?: string;
};

const TABLES = {
  audit: { table: 'audit_log', id: 'audit_id', list: 'audit_ids', first: 'first_position' },
  entry: {
    table: 'journal_entries',
    id: 'entry_id',
    list: 'entry_ids',
    // Entries stand behind the block's audit rows.
    first: 'first_position + cardinality(audit_ids)',
  },
} as const;

// Each of these reads every id of the book once and sorts them, on the disk if need be: some seconds for ten million.

/** The first place in which a row is listed again. */
export async function findSealedTwice(tx: Tx, bookId: number, kind: RowKind): Promise<Stray | undefined> {
  const { list, first } = TABLES[kind];
  const { rows } = await sql<{ id: string; block: string; position: string }>`
    select id, block_number::text as block, position::text from (
      select b.block_number, ids.id, b.first + ids.ordinal - 1 as position,
        row_number() over (partition by ids.id order by b.block_number, ids.ordinal) as times
      from (
        select block_number, ${sql.raw(list)} as list, ${sql.raw(first)} as first from audit_blocks
        where book_id = ${bookId}
      ) as b cross join unnest(b.list) with ordinality as ids (id, ordinal)
    ) as listed
    where times > 1 order by listed.position limit 1`.execute(tx);
  const [found] = rows;
  return found && { rowId: found.id, blockNumber: found.block, position: found.position };
}

/** The first row that no block lists and that does not wait to be sealed: it was not written by the bank. */
export async function findNeverListed(tx: Tx, bookId: number, kind: RowKind): Promise<Stray | undefined> {
  const { table, id, list } = TABLES[kind];
  const { rows } = await sql<{ id: string }>`
    select id from (
      select ${sql.raw(id)} as id from ${sql.raw(table)} where book_id = ${bookId}
      except (
        select unnest(${sql.raw(list)}) from audit_blocks where book_id = ${bookId}
        union all
        select unnest(row_ids) from unsealed_rows where book_id = ${bookId} and row_kind = ${kind}
      )
    ) as strays
    order by id limit 1`.execute(tx);
  const [found] = rows;
  return found && { rowId: found.id };
}

/** The first row that waits to be sealed and is not there. */
export async function findMissingWaiting(tx: Tx, bookId: number, kind: RowKind): Promise<Stray | undefined> {
  const { table, id } = TABLES[kind];
  const { rows } = await sql<{ id: string }>`
    select waiting.id from unsealed_rows u cross join unnest(u.row_ids) as waiting (id)
    where u.book_id = ${bookId} and u.row_kind = ${kind} and not exists (
      select from ${sql.raw(table)} t where t.book_id = ${bookId} and t.${sql.raw(id)} = waiting.id)
    order by waiting.id limit 1`.execute(tx);
  const [found] = rows;
  return found && { rowId: found.id };
}

/** Rows that no block covers yet: a second's work of a bank that is in use, or all that a stopped one left. */
export async function countUnsealed(tx: Tx, bookId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(cardinality(row_ids)), 0)::float8 as count from unsealed_rows
    where book_id = ${bookId}`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** Rows that blocks cover: positions are given without a gap. */
export async function countSealed(db: Db, bookId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(max(last_position), 0)::float8 as count from audit_blocks
    where book_id = ${bookId}`.execute(db);
  return rows[0]?.count ?? 0;
}
