import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import type { SealedTable } from '#db/changed-rows.ts';
import { SEALED_TABLES } from '#features/audit/sealed-tables.ts';
import { createTestDatabase } from '#test/support/test-database.ts';
import { TABLE_OWNERS } from '#test/unit/tidy/table-owners.ts';

const { databaseUrl, drop } = await createTestDatabase();
const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();
after(async () => {
  await client.end();
  await drop();
});

const tables = Object.keys(SEALED_TABLES) as SealedTable[];

/** Tables of which no row is sealed, and why nothing is decided by them alone. */
const NOT_SEALED: Readonly<Record<string, string>> = {
  account_statement_pages: 'what the chain and the sealed tables said then; the server may not change it',
  account_statements: 'held to the postings by laws; the server may not change them',
  account_numbers: 'the next number; numbers that are given are unique',
  accounting_period_balances: 'held to the postings by a law',
  audit_blocks: 'the chain itself',
  audit_log: 'in the chain',
  audit_sealing: 'a lock',
  beneficiary_payments: 'counts of a day, one for each entry in the chain',
  business_date_changes: 'one change of date that may be taken back; every change is in the trail',
  changed_rows: 'what waits for the sealer',
  closing_requests: 'a request that expires in seconds',
  currencies: 'of the whole server; a column of every amount',
  currency_conversions: 'held to the journal by laws; the server may not change them',
  currency_revaluations: 'held to the journal by laws; the server may not change them',
  customer_identifiers: 'who somebody is; sealed with the data key',
  customer_words: 'of the search',
  data_keys: 'a value that only the data key has',
  end_of_day_balances: 'held to the postings by laws',
  end_of_day_closings: 'how far a closing has come',
  end_of_day_loans: 'a report of a closed date',
  end_of_day_runs: 'how far a closing has come',
  end_of_day_steps: 'how far a closing has come',
  end_of_day_totals: 'held to the postings by laws',
  fee_lines: 'held to the journal and to the fees by a law',
  former_data_keys: 'opens nothing that was changed: each is sealed with the data key',
  idempotency_keys: 'answers that are given again; what they did is in the chain',
  imported_records: 'another system’s rows as they were',
  imports: 'which files were read',
  interest_positions: 'what follows from entries and terms, and `verify` recomputes it',
  interest_postings: 'held to the journal by laws',
  journal_entries: 'in the chain',
  known_devices: 'spares nobody a password',
  login_attempts: 'counts of minutes',
  postings: 'in the chain',
  refresh_tokens: 'of sessions of hours',
  report_layouts: 'how figures are shown',
  role_limit_uses: 'counts of a day, each use in the trail',
  sealed_states: 'the fingerprints themselves, in the chain',
  sequenced_entries: 'held to the journal by laws',
  state_sealing: 'how far the sealer has come',
  state_sheets: 'in the chain',
  unsealed_rows: 'what waits for the sealer',
  user_sessions: 'of hours; each login is in the trail',
};

test('every table is sealed or says why not, and every column of those that are', async () => {
  const all = Object.keys(TABLE_OWNERS);
  assert.deepEqual([...tables, ...Object.keys(NOT_SEALED)].toSorted(), all.toSorted());
  const { rows } = await client.query<{ table: SealedTable; columns: string[] }>(
    `select table_name as table, array_agg(column_name::text) as columns from information_schema.columns
     where table_name = any($1) and table_schema = 'public' group by 1`,
    [tables],
  );
  for (const { table, columns } of rows) {
    const { keys, sealed, open = {} } = SEALED_TABLES[table];
    const named = sealed.map((column) => /^nullif\(t\.(\w+)/.exec(column)?.[1] ?? column);
    const listed = ['book_id', ...Object.keys(keys), ...named, ...Object.keys(open)];
    assert.deepEqual(
      columns.toSorted(),
      listed.toSorted(),
      `${table}: seal the column, or say why it is open`,
    );
  }
});
