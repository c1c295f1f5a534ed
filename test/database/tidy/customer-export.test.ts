import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import { TITLES } from '#bank/customer-export/print-export.ts';
import { CustomerExportSchema } from '#bank/customer-export/schemas.ts';
import { createTestDatabase } from '#test/support/test-database.ts';

const { databaseUrl, drop } = await createTestDatabase();
const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();
after(async () => {
  await client.end();
  await drop();
});

/** The part of an export that has the rows of a table. */
const EXPORTED: Readonly<Record<string, string>> = {
  account_fees: 'fees',
  account_holders: 'accounts',
  account_limits: 'limits',
  account_statements: 'statements',
  accounts: 'accounts',
  attachments: 'attachments',
  beneficiaries: 'beneficiaries',
  customer_identifiers: 'customer',
  customers: 'customer',
  deposit_events: 'timeDepositHistories',
  deposits: 'timeDeposits',
  holder_invitations: 'invitations',
  holds: 'holds',
  incoming_payments: 'incomingPayments',
  loan_collateral: 'loanHistories',
  loan_events: 'loanHistories',
  loan_parties: 'securedLoans',
  loans: 'loans',
  outgoing_payments: 'outgoingPayments',
  standing_order_executions: 'standingOrderHistories',
  standing_orders: 'standingOrders',
  tax_exemptions: 'taxExemptions',
  transactions: 'transactions',
  user_sessions: 'sessions',
  users: 'users',
};

/** Tables that are about customers and are not exported, each with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  account_statement_pages: 'the transactions again, as numbered statements print them',
  beneficiary_payments: 'the transactions again, counted by payee',
  customer_words: 'the names again, cut up for the search',
  hold_captures: 'the transactions again, by the hold that they were taken from',
  imported_records: 'rows of a data set of an example',
  interest_agreements: 'terms of the product; the reckoning shows them',
  interest_positions: 'reckoned from the transactions and the terms',
  interest_postings: 'the transactions again, with their reckoning',
  known_devices: 'a hash that a browser is known by: nobody can read it',
  loan_terms: 'what the schedule of the loan is reckoned from',
  password_resets: 'a hash of a code',
  recovery_codes: 'hashes of codes',
  refresh_tokens: 'hashes of tokens',
};

/** Of a person, though no foreign key says so: the money of a payment outlives who paid it. */
const WITHOUT_KEY = ['outgoing_payments'];

test('every table with a customer, by itself or by an account, is exported or left out for a reason', async () => {
  const { rows } = await client.query<{ name: string }>(`
    with recursive about(relation) as (
      select 'customers'::regclass::oid
      union
      select conrelid from pg_constraint join about on confrelid = relation where contype = 'f')
    select relation::regclass::text as name from about`);
  const about = [...rows.map(({ name }) => name), ...WITHOUT_KEY].toSorted();
  assert.ok(about.length > 30);
  assert.deepEqual([...Object.keys(EXPORTED), ...Object.keys(LEFT_OUT)].toSorted(), about);
});

test('every part is of the schema and on paper', () => {
  const parts = Object.keys(CustomerExportSchema.properties);
  for (const part of Object.values(EXPORTED)) assert.ok(parts.includes(part), part);
  const printed = TITLES.map(([part]) => part);
  assert.deepEqual(
    parts.filter((part) => !['generatedAt', 'cutOff'].includes(part)),
    printed,
  );
});
