import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { listCurrencies } from '#lib/money/currencies.ts';
import { describeSchema } from '#test/support/describe-schema.ts';
import { writeTableTypes } from '#test/support/table-types.ts';
import { createTestDatabase } from '#test/support/test-database.ts';

/** Lookups that the whole server shares. */
const WITHOUT_BOOK = ['currencies', 'schema_migrations'];

const { databaseUrl, drop } = await createTestDatabase();
const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();
after(async () => {
  await client.end();
  await drop();
});

async function names(query: string): Promise<string[]> {
  return (await client.query<{ name: string }>(query)).rows.map(({ name }) => name);
}

test('every table has a primary key, and book_id leads every key of every table', async () => {
  const tables = await names(`select relname as name from pg_class where relkind = 'r'
    and relnamespace = 'public'::regnamespace order by 1`);
  assert.ok(tables.length >= 13);
  const withKey = await names(`select conrelid::regclass::text as name from pg_constraint
    where contype = 'p' and connamespace = 'public'::regnamespace`);
  assert.deepEqual(
    tables.filter((table) => !withKey.includes(table)),
    [],
  );
  const broken = await names(`
    select c.conrelid::regclass || '.' || c.conname as name
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.connamespace = 'public'::regnamespace and c.contype in ('p', 'u', 'f') and a.attname <> 'book_id'
      and c.conrelid::regclass::text not in (${WITHOUT_BOOK.map((name) => `'${name}'`).join()})
      and coalesce(c.confrelid::regclass::text, '') <> 'currencies'`);
  assert.deepEqual(broken, []);
  const indexes = await names(`
    select i.indexrelid::regclass::text as name
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'public'::regnamespace and a.attname <> 'book_id'
      and c.relname not in (${WITHOUT_BOOK.map((name) => `'${name}'`).join()})`);
  assert.deepEqual(indexes, []);
});

test('nothing stands in the schema that could not be distributed', async () => {
  const triggers = await names(`select tgname as name from pg_trigger where not tgisinternal`);
  assert.deepEqual(triggers, []);
  const constraints = await names(`select conname as name from pg_constraint
    where connamespace = 'public'::regnamespace
      and (contype = 'x' or condeferrable or confdeltype in ('n', 'd') or confupdtype in ('n', 'd', 'c'))`);
  assert.deepEqual(constraints, []);
  const domains = await names(`select typname as name from pg_type
    where typtype = 'd' and typnamespace = 'public'::regnamespace`);
  assert.deepEqual(domains, []);
  const sequences = await names(`select relname as name from pg_class
    where relkind = 'S' and relnamespace = 'public'::regnamespace and relname not like 'schema_migrations%'`);
  assert.deepEqual(sequences, []);
});

test('the application is held to its own book in every table that has books, by one policy for everything', async () => {
  const unguarded = await names(`
    select c.relname as name from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'book_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not (c.relrowsecurity and exists (
      select from pg_policy p where p.polrelid = c.oid and p.polname = 'own_book' and p.polcmd = '*'
        and p.polpermissive and p.polroles = array['florin_app'::regrole::oid] and p.polwithcheck is null
        and regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\\s+', ' ', 'g') =
          '(book_id = ( SELECT (NULLIF(current_setting(''florin.book_id''::text, true), ''''::text))::integer AS "nullif"))'))`);
  assert.deepEqual(unguarded, []);
  // Policies that allow are added up: a second one would open what the first closes.
  const further = await names(`select tablename || '.' || policyname as name from pg_policies
    where schemaname = 'public' and policyname <> 'own_book'`);
  assert.deepEqual(further, []);
  const bypassing = await names(`select rolname as name from pg_roles
    where rolname = 'florin_app' and (rolbypassrls or rolsuper)`);
  assert.deepEqual(bypassing, []);
});

test('every cascading foreign key has an index that a delete can use', async () => {
  const missing = await names(`
    select c.conrelid::regclass || '.' || c.conname as name from pg_constraint c
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.confdeltype = 'c'
      and not exists (
        select from pg_index i where i.indrelid = c.conrelid
          and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)`);
  assert.deepEqual(missing, []);
});

/** What goes with what: a part with its whole, and what is about a person with the person or the person's account. */
const GOES_WITH: Readonly<Record<string, readonly string[]>> = {
  customers: [
    'account_holders',
    'accounts',
    'beneficiaries',
    'beneficiary_payments',
    'customer_identifiers',
    'customer_words',
    'holder_invitations',
    'imported_records',
    // Of loans that are over: a running one keeps whoever stands for it.
    'loan_parties',
    'loans',
    'tax_exemptions',
    'users',
  ],
  accounts: [
    'account_fees',
    'account_holders',
    'account_limits',
    'account_statements',
    'attachments',
    'deposits',
    'holder_invitations',
    'holds',
    'imported_records',
    'interest_agreements',
    'interest_positions',
    'interest_postings',
    'incoming_payments',
    'standing_orders',
    'transactions',
  ],
  account_statements: ['account_statement_pages'],
  deposits: ['deposit_events'],
  holds: ['hold_captures'],
  loans: ['loan_collateral', 'loan_events', 'loan_parties', 'loan_terms'],
  standing_orders: ['standing_order_executions'],
  users: ['known_devices', 'password_resets', 'recovery_codes', 'user_sessions'],
  user_sessions: ['refresh_tokens'],
};

test('nothing is deleted with a row but its own parts, and what is about the person who leaves', async () => {
  const cascades = await names(`
    select confrelid::regclass || ' > ' || conrelid::regclass as name from pg_constraint
    where contype = 'f' and confdeltype = 'c' and connamespace = 'public'::regnamespace order by 1`);
  const allowed = Object.entries(GOES_WITH).flatMap(([whole, parts]) =>
    parts.map((part) => `${whole} > ${part}`),
  );
  assert.deepEqual(
    cascades.filter((cascade) => !allowed.includes(cascade)),
    [],
    'whoever deletes the one is to be told of the other first',
  );
});

test('the application cannot change or delete what was posted', async () => {
  for (const table of ['journal_entries', 'postings', 'transactions']) {
    for (const right of ['update', 'delete', 'truncate']) {
      const { rows } = await client.query<{ may: boolean }>(
        `select has_table_privilege('florin_app', $1, $2) as may`,
        [table, right],
      );
      assert.equal(rows[0]?.may, false, `${right} on ${table}`);
    }
  }
  await client.query('set role florin_app');
  await assert.rejects(client.query('update postings set amount_minor = 1'), /permission denied/);
  await assert.rejects(client.query('delete from journal_entries'), /permission denied/);
  await assert.rejects(client.query('delete from ledger_accounts'), /permission denied/);
  await client.query('reset role');
});

test('the database and the code know the same currencies', async () => {
  const { rows } = await client.query('select currency, decimals from currencies order by currency');
  const known = listCurrencies().toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
  assert.deepEqual(rows, known);
});

test('db/schema.sql is what the migrations make', async () => {
  const committed = await readFile(new URL('../../../db/schema.sql', import.meta.url), 'utf8');
  assert.equal(committed, await describeSchema(databaseUrl), 'run npm run generate');
});

test('src/db/tables.ts is what the migrations make', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'florin-tables-'));
  try {
    const file = join(folder, 'tables.ts');
    await writeTableTypes(databaseUrl, file);
    const committed = await readFile(new URL('../../../src/db/tables.ts', import.meta.url), 'utf8');
    assert.ok(committed === (await readFile(file, 'utf8')), 'it is not: run npm run generate');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
