/**
 * How the sealer hashes, as SQL: PostgreSQL hashes its own rows, in the form in which it would send them
 * (`record_send`), and this process's event loop stays free. An audit row takes 4 to 5 µs, an entry with its posting
 * 6; put together field by field an audit row took 8. The format is docs/audit-format.md; `verify-encoding.ts` is
 * written from that document and shares nothing with this.
 */

/** RFC 6962, 2.1: a leaf can never be read as a node. */
const message = (records: string): string => `'\\x00'::bytea || ${records}`;
const leaf = (records: string): string => `sha256(${message(records)})`;

const record = (fields: readonly string[]): string => `record_send(row(${fields.join(', ')}))`;

const AUDIT_ROW = record([
  `'florin/audit-row/1'::text`,
  'a.book_id',
  'a.audit_id',
  'a.at',
  'a.actor',
  'a.role',
  'a.session_id',
  'a.address',
  'a.operation',
  'a.resource_type',
  'a.resource_id',
  'a.before',
  'a.after',
  'a.request_id',
  'a.outcome',
  'a.outcome_code',
]);

/** The bytes that are hashed of an audit row $2. */
export const READ_AUDIT_MESSAGE = `
  select ${message(AUDIT_ROW)} as leaf from audit_log a where a.book_id = $1 and a.audit_id = $2::uuid`;

const ENTRY = record([
  `'florin/journal-entry/1'::text`,
  'e.book_id',
  'e.entry_id',
  'e.kind',
  'e.business_date',
  'e.value_date',
  'e.posted_at',
  'e.actor',
  'e.idempotency_key',
  'e.request_hash',
  'e.reverses_entry_id',
]);

const POSTING = record([
  'p.line',
  'p.debit_account_id',
  'p.credit_account_id',
  'p.currency',
  'p.amount_minor',
  'p.business_date',
  'p.debit_seq',
  'p.debit_balance_minor',
  'p.credit_seq',
  'p.credit_balance_minor',
]);

const ENTRY_LEAF = leaf(`${ENTRY} || lines.records`);

/** The ids that rows $2 of unsealed_rows say: each row is one probe of its primary key. */
const WAITING = `
  unsealed_rows u cross join unnest(u.row_ids) as waiting (id)`;
const OF_BLOCK = `u.book_id = $1 and u.unsealed_id = any($2::uuid[])`;

/**
 * For the transaction: rows are fetched one by one by their primary keys. The planner, who does not know how few of a
 * large table wait, would read all of it.
 */
export const FETCH_BY_KEY = `
  select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`;

/** Ids and leaves of the audit rows that wait in the rows $2 of unsealed_rows, by ascending id, in one value each. */
export const HASH_AUDIT_ROWS = `
  select count(*)::int as count, coalesce(array_agg(id order by id), '{}')::text as ids,
    coalesce(string_agg(leaf, ''::bytea order by id), ''::bytea) as leaves
  from (
    select a.audit_id as id, ${leaf(AUDIT_ROW)} as leaf
    from ${WAITING}
    join audit_log a on a.book_id = $1 and a.audit_id = waiting.id
    where ${OF_BLOCK} and u.row_kind = 'audit'
  ) as sealed`;

/** The same for journal entries, each with its postings. */
export const HASH_ENTRIES = `
  select count(*)::int as count, coalesce(array_agg(id order by id), '{}')::text as ids,
    coalesce(string_agg(leaf, ''::bytea order by id), ''::bytea) as leaves
  from (
    select e.entry_id as id, ${ENTRY_LEAF} as leaf
    from (
      select p.entry_id, string_agg(${POSTING}, ''::bytea order by p.line) as records
      from ${WAITING}
      join postings p on p.book_id = $1 and p.entry_id = waiting.id
      where ${OF_BLOCK} and u.row_kind = 'entry'
      group by p.entry_id
    ) as lines
    join journal_entries e on e.book_id = $1 and e.entry_id = lines.entry_id
  ) as sealed`;
