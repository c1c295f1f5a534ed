import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import pg from 'pg';

/** Where the types of columns are that are not PostgreSQL's own. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  kysely: ['ColumnType', 'JSONColumnType'],
  '#lib/iban.ts': ['Iban'],
  '#lib/ids.ts': [
    'AccountId',
    'ApiKeyId',
    'AttachmentId',
    'BatchId',
    'BeneficiaryId',
    'CaptureSettlementId',
    'CustomerId',
    'FeeId',
    'HoldId',
    'IncomingPaymentId',
    'InvitationId',
    'LedgerAccountId',
    'LoanId',
    'LoanProductId',
    'SessionId',
    'StandingOrderId',
    'StatementId',
    'SubmissionId',
    'TransactionId',
    'UserId',
  ],
  '#lib/money/currencies.ts': ['Currency'],
  '#lib/time/dates.ts': ['IsoDate'],
};

/** The type of a column, by its name in every table. */
const BY_NAME: Readonly<Record<string, string>> = {
  account_id: 'AccountId',
  account_ids: 'AccountId[]',
  as_received: 'JSONColumnType<Record<string, string>>',
  api_key_id: 'ApiKeyId',
  batch_id: 'BatchId',
  beneficiary_id: 'BeneficiaryId',
  client_id: 'ApiKeyId',
  counts: 'JSONColumnType<Record<string, number>>',
  credit_account_id: 'LedgerAccountId',
  bought_currency: 'Currency',
  currency: 'Currency',
  sold_currency: 'Currency',
  customer_id: 'CustomerId',
  customer_ids: 'CustomerId[]',
  debit_account_id: 'LedgerAccountId',
  debtor_iban: 'Iban',
  credit_entry_id: 'TransactionId',
  debit_entry_id: 'TransactionId',
  ending_entry_id: 'TransactionId',
  tax_entry_id: 'TransactionId',
  entry_id: 'TransactionId',
  fee_id: 'FeeId',
  hold_id: 'HoldId',
  iban: 'Iban',
  incoming_payment_id: 'IncomingPaymentId',
  invitation_id: 'InvitationId',
  largest_currency: 'Currency',
  ledger_account_id: 'LedgerAccountId',
  loan_id: 'LoanId',
  loan_product_id: 'LoanProductId',
  first_labels: 'JSONColumnType<{ externalId?: string; metadata?: Record<string, string> }>',
  metadata: 'JSONColumnType<Record<string, string>>',
  payment_entry_id: 'TransactionId',
  refund_entry_id: 'TransactionId',
  returned_payment_id: 'TransactionId',
  payout_account_id: 'AccountId',
  collected_from_id: 'AccountId',
  renewed_as_id: 'AccountId',
  renews_id: 'AccountId',
  return_entry_id: 'TransactionId',
  reverses_entry_id: 'TransactionId',
  session_id: 'SessionId',
  settlement_id: 'CaptureSettlementId',
  attachment_id: 'AttachmentId',
  standing_order_id: 'StandingOrderId',
  statement_id: 'StatementId',
  submission_id: 'SubmissionId',
  to_account_id: 'AccountId',
  to_beneficiary_id: 'BeneficiaryId',
  to_iban: 'Iban',
  transaction_id: 'TransactionId',
  transaction_ids: '(TransactionId | null)[]',
  refusal_codes: '(string | null)[]',
  required_details: "('email' | 'phone' | 'address')[]",
  user_id: 'UserId',
};

type Column = {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
  /** The texts that its CHECK lets through, if it is of that kind. */
  readonly values: readonly string[] | null;
};

// A CHECK as PostgreSQL writes it back: `status = ANY (ARRAY['a'::text, 'b'::text])` or `… ANY ('{a,b}'::text[])`.
const COLUMNS = `
  select c.relname as "table", a.attname as "column", t.typname as "type", not a.attnotnull as "isNullable",
    a.atthasdef as "hasDefault",
    (select array_agg(word[1] order by place) from pg_constraint k,
       regexp_matches(pg_get_constraintdef(k.oid), '''?([a-zA-Z_0-9-]+)''?(?:::text)?(?=[,}\\]])', 'g')
         with ordinality as words (word, place)
     where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
       and pg_get_constraintdef(k.oid) ~ ('^CHECK \\(\\(' || a.attname || ' = ANY \\(')
    ) as "values"
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  order by c.relname, a.attnum`;

/**
 * Writes src/db/tables.ts from the schema of a database: the types that the driver's parsers give, with the brands of
 * ids, dates and currencies, and with the texts that a CHECK lists.
 */
export async function writeTableTypes(databaseUrl: string, file: string): Promise<void> {
  const codegen = new URL('../../node_modules/kysely-codegen/dist/cli/bin.js', import.meta.url).pathname;
  await promisify(execFile)(process.execPath, [
    codegen,
    '--dialect',
    'postgres',
    '--exclude-pattern',
    'schema_migrations',
    '--type-mapping',
    JSON.stringify({ int8: 'bigint' }),
    '--overrides',
    JSON.stringify({ columns: await readOverrides(databaseUrl) }),
    '--url',
    databaseUrl,
    '--out-file',
    file,
  ]);
  // The generator finds the names in an override with an API that this TypeScript no longer has.
  const text = await readFile(file, 'utf8');
  const imports = Object.entries(MODULES).map(
    ([path, names]) => `import type { ${names.join(', ')} } from "${path}";`,
  );
  await writeFile(file, text.replace(/^import type \{ ColumnType \}.*$/m, imports.join('\n')));
}

async function readOverrides(databaseUrl: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Column>(COLUMNS);
    return Object.fromEntries(
      rows.flatMap((column) => {
        const type = typeOf(column);
        return type === undefined ? [] : [[`${column.table}.${column.column}`, type]];
      }),
    );
  } finally {
    await client.end();
  }
}

/** The whole type of a column that is not left to the generator. */
function typeOf({ column, type, isNullable, hasDefault, values }: Column): string | undefined {
  const own =
    BY_NAME[column] ?? (type === 'date' ? 'IsoDate' : values?.map((text) => `'${text}'`).join(' | '));
  if (own === undefined) return undefined;
  const whole = isNullable ? `${own} | null` : own;
  return hasDefault ? `Generated<${whole}>` : whole;
}
