/**
 * How the sealer hashes, as SQL: PostgreSQL hashes its own rows, and this process's event loop stays free. The
 * format is docs/audit-format.md; `verify-encoding.ts` is written from that document and shares nothing with this.
 */

/** A field: its length in four bytes, then its bytes; length -1 for null. */
function field(bytes: string): string {
  return `coalesce(int4send(octet_length(${bytes})) || ${bytes}, '\\xffffffff'::bytea)`;
}

const text = (column: string): string => field(`convert_to(${column}, 'UTF8')`);
const uuid = (column: string): string => field(`uuid_send(${column})`);
const int8 = (column: string): string => field(`int8send(${column})`);
const int4 = (column: string): string => field(`int4send(${column})`);
const date = (column: string): string => field(`date_send(${column})`);
const instant = (column: string): string => field(`timestamptz_send(${column})`);
const tag = (name: string): string => text(`'${name}'`);

/** RFC 6962, 2.1: a leaf can never be read as a node. */
const leaf = (fields: readonly string[]): string => `sha256('\\x00'::bytea || ${fields.join(' || ')})`;

const AUDIT_LEAF = leaf([
  tag('florin/audit-row/1'),
  int4('a.book_id'),
  uuid('a.audit_id'),
  instant('a.at'),
  text('a.actor'),
  text('a.role'),
  uuid('a.session_id'),
  text('a.address'),
  text('a.operation'),
  text('a.resource_type'),
  text('a.resource_id'),
  text('a.before::text'),
  text('a.after::text'),
  text('a.request_id'),
  text('a.outcome'),
  text('a.outcome_code'),
]);

const POSTING = [
  int4('p.line'),
  uuid('p.debit_account_id'),
  uuid('p.credit_account_id'),
  text('p.currency'),
  int8('p.amount_minor'),
  date('p.business_date'),
  int8('p.debit_seq'),
  int8('p.debit_balance_minor'),
  int8('p.credit_seq'),
  int8('p.credit_balance_minor'),
].join(' || ');

const ENTRY_LEAF = leaf([
  tag('florin/journal-entry/1'),
  int4('e.book_id'),
  uuid('e.entry_id'),
  text('e.kind'),
  date('e.business_date'),
  date('e.value_date'),
  instant('e.posted_at'),
  text('e.actor'),
  text('e.idempotency_key'),
  field('e.request_hash'),
  uuid('e.reverses_entry_id'),
  int4('lines.count'),
  `coalesce(lines.fields, ''::bytea)`,
]);

// Rows are fetched one by one from the primary key: `limit` keeps the planner, whose statistics may be old, from
// hashing the postings of a whole book for the rows of a block.

/** Seals the audit rows $3 in their order from position $2 + 1 on; answers their hashes in one value. */
export const SEAL_AUDIT_ROWS = `
  with sealed as (
    insert into audit_sealed_rows (book_id, position, row_kind, row_id, row_hash)
    select $1, $2::bigint + ids.ordinal, 'audit', a.audit_id, ${AUDIT_LEAF}
    from unnest($3::uuid[]) with ordinality as ids (id, ordinal)
    cross join lateral (select * from audit_log where book_id = $1 and audit_id = ids.id limit 1) as a
    returning position, row_hash
  )
  select string_agg(row_hash, ''::bytea order by position) as hashes from sealed`;

/** The same for journal entries, each with its postings. */
export const SEAL_ENTRIES = `
  with sealed as (
    insert into audit_sealed_rows (book_id, position, row_kind, row_id, row_hash)
    select $1, $2::bigint + ids.ordinal, 'entry', e.entry_id, ${ENTRY_LEAF}
    from unnest($3::uuid[]) with ordinality as ids (id, ordinal)
    cross join lateral (select * from journal_entries where book_id = $1 and entry_id = ids.id limit 1) as e
    cross join lateral (
      select count(*)::int as count, string_agg(${POSTING}, ''::bytea order by p.line) as fields
      from postings p where p.book_id = $1 and p.entry_id = e.entry_id
    ) as lines
    returning position, row_hash
  )
  select string_agg(row_hash, ''::bytea order by position) as hashes from sealed`;
