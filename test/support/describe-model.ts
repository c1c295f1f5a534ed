import assert from 'node:assert/strict';
import pg from 'pg';

type Group = { readonly title: string; readonly about: string; readonly tables: readonly string[] };

/** Tables that are looked at together. Each table of the schema stands in one group. */
const GROUPS: readonly Group[] = [
  {
    title: 'The ledger',
    about:
      'A journal entry has postings; each debits one ledger account and credits another by the same amount. The application inserts and reads entries and postings, and can do nothing else to them. A ledger account is a customer’s, or one of the bank’s own of a line of the chart.',
    tables: [
      'books',
      'currencies',
      'gl_accounts',
      'ledger_accounts',
      'journal_entries',
      'postings',
      'manual_entries',
      'accounting_periods',
      'accounting_period_balances',
      'accounting_years',
      'report_layouts',
      'exchange_rates',
      'currency_conversions',
      'currency_positions',
      'currency_revaluations',
    ],
  },
  {
    title: 'Customers, accounts, transactions',
    about:
      'Data about a person is deleted with the person: everything here refers to its customer or account `on delete cascade`. An account and its ledger account share an id, a transaction and its journal entry too; deleting the one leaves the other, so that the books stay whole.',
    tables: [
      'customer_identifiers',
      'customer_words',
      'customers',
      'deleted_customers',
      'products',
      'product_terms',
      'reference_rates',
      'tax_exemptions',
      'interest_agreements',
      'interest_positions',
      'interest_postings',
      'account_fees',
      'fee_lines',
      'account_numbers',
      'accounts',
      'account_holders',
      'holder_invitations',
      'transactions',
      'transaction_batches',
      'account_statements',
      'account_statement_pages',
      'imports',
      'imported_records',
    ],
  },
  {
    title: 'Payments, holds, limits',
    about: 'Data around a movement: its payee, what it waits for, and its limits.',
    tables: [
      'beneficiaries',
      'beneficiary_payments',
      'outgoing_payments',
      'payment_submissions',
      'incoming_payments',
      'incoming_references',
      'holds',
      'hold_captures',
      'attachments',
      'capture_settlements',
      'settled_captures',
      'role_limits',
      'role_limit_uses',
      'limited_books',
      'charged_books',
      'book_limits',
      'product_limits',
      'account_limits',
    ],
  },
  {
    title: 'Standing orders and the day',
    about:
      'Payments that fall due, and the runs that close a date. The steps of a run store their progress and continue from it.',
    tables: [
      'standing_orders',
      'standing_order_executions',
      'holidays',
      'business_date_changes',
      'closing_requests',
      'end_of_day_closings',
      'end_of_day_runs',
      'end_of_day_steps',
      'end_of_day_balances',
      'end_of_day_totals',
    ],
  },
  {
    title: 'Deposits',
    about:
      'A deposit for a term has the id of the account that holds its money. Its row is what was agreed, what is to happen at its maturity, and where it stands; its events are what happened, and the row follows from them. That of a recurring deposit says what its instalments are and how far they are.',
    tables: ['deposits', 'deposit_events'],
  },
  {
    title: 'Loans',
    about:
      'A loan is the terms that it was given on and the events that befell it; what stands in its row follows from both, and is compared with them.',
    tables: [
      'loan_parties',
      'loan_products',
      'loans',
      'loan_terms',
      'loan_collateral',
      'loan_events',
      'end_of_day_loans',
    ],
  },
  {
    title: 'Users and the audit trail',
    about:
      'Users, their sessions and keys; the trail of what was done, and the blocks that seal it. The trail has no reference to people’s rows, so it stays when they are deleted.',
    tables: [
      'users',
      'user_sessions',
      'refresh_tokens',
      'recovery_codes',
      'known_devices',
      'password_resets',
      'login_policies',
      'login_attempts',
      'api_keys',
      'idempotency_keys',
      'signing_keys',
      'data_keys',
      'former_data_keys',
      'audit_log',
      'unsealed_rows',
      'changed_rows',
      'state_sheets',
      'sealed_states',
      'state_sealing',
      'audit_blocks',
      'audit_sealing',
      'sequenced_entries',
    ],
  },
];

type Reference = {
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly isOne: boolean;
  readonly isOptional: boolean;
};

const TABLES = `
  select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'schema_migrations' order by c.relname`;

// By all columns but the book's, which leads every key; `isOne` where the same columns are unique.
const REFERENCES = `
  select f.conrelid::regclass::text as "from", f.confrelid::regclass::text as "to",
    coalesce((select string_agg(a.attname, ', ' order by a.attname) from pg_attribute a
      where a.attrelid = f.conrelid and a.attnum = any (f.conkey) and a.attname <> 'book_id'), 'book_id') as "by",
    exists (select from pg_constraint u where u.conrelid = f.conrelid and u.contype in ('p', 'u')
      and u.conkey <@ f.conkey) as "isOne",
    exists (select from pg_attribute a where a.attrelid = f.conrelid and a.attnum = any (f.conkey)
      and not a.attnotnull) as "isOptional"
  from pg_constraint f where f.contype = 'f' and f.connamespace = 'public'::regnamespace
  order by 1, 2, 3`;

/** Diagrams of the schema (Mermaid), group by group. Throws when a table stands in no group, or in two. */
export async function describeModel(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables = (await client.query<{ name: string }>(TABLES)).rows.map(({ name }) => name);
    const grouped = GROUPS.flatMap((group) => group.tables).toSorted();
    assert.deepEqual(grouped, tables, 'test/support/describe-model.ts puts each table into one group');
    const { rows: references } = await client.query<Reference>(REFERENCES);
    return GROUPS.map((group) => describeGroup(group, references)).join('\n');
  } finally {
    await client.end();
  }
}

function describeGroup({ title, about, tables }: Group, references: readonly Reference[]): string {
  // That everything is of a book needs no arrow.
  const shown = references.filter(
    ({ from, to }) => tables.includes(from) && to !== 'books' && to !== 'currencies',
  );
  const entities = tables.map((table) => `  ${table}`);
  return [
    `## ${title}\n`,
    `${about}\n`,
    '```mermaid',
    'erDiagram',
    ...entities,
    ...shown.map(arrow),
    '```',
    '',
  ].join('\n');
}

function arrow({ from, to, by, isOne, isOptional }: Reference): string {
  return `  ${from} ${isOne ? '|o' : '}o'}--${isOptional ? 'o|' : '||'} ${to} : "${by}"`;
}
