import type pg from 'pg';
import { accountUuidSql, customerUuidSql } from './account-ids.ts';
import { withoutSecondaryIndexes } from './secondary-indexes.ts';

/** 10,000.00: more than any account pays out in a run. */
export const OPENING_MINOR = 1_000_000n;
/** 100 billion: the hot account pays in every transfer, and the account of the long history a million times. */
export const HOT_OPENING_MINOR = 10_000_000_000_000n;

const TABLES = [
  'customers',
  'customer_words',
  'ledger_accounts',
  'accounts',
  'account_holders',
  'journal_entries',
  'postings',
  'transactions',
];

/**
 * Fills an opened book that is empty with customers, each with a current account in EUR and an opening deposit
 * in cash: `accounts` of them, and one more with HOT_OPENING_MINOR. Everything is as the API would have left it.
 * `openedAt`: an instant, ISO 8601. Without `isAnalysed` PostgreSQL knows nothing yet of what the tables hold.
 */
export async function fillBank(
  client: pg.Client,
  accounts: number,
  openedAt: string,
  { isAnalysed = true }: { readonly isAnalysed?: boolean } = {},
): Promise<void> {
  const statements = [...customerStatements(accounts), ...openingStatements(accounts, openedAt)];
  await client.query('begin');
  await withoutSecondaryIndexes(client, TABLES, async () => {
    for (const statement of statements) await client.query(statement);
  });
  await client.query('commit');
  if (isAnalysed) await client.query('vacuum (analyze)');
}

function customerStatements(accounts: number): string[] {
  const numbers = `generate_series(1, ${accounts + 1}) as n`;
  const customer = customerUuidSql('n');
  const account = accountUuidSql('n');
  // Country code DE is 1314 in digits; the check digits make the whole divisible by 97 with remainder 1 (ISO 7064).
  const bban = `b.bank_code || lpad((1000000000 + n)::text, 10, '0')`;
  const check = `lpad((98 - (${bban} || '131400')::numeric % 97)::text, 2, '0')`;
  return [
    `insert into customers (book_id, customer_id, type, given_name, family_name, date_of_birth, email, phone,
       address_line1, city, postal_code, country, derived_version)
     select 1, ${customer}, 'person', 'Client', 'Number ' || n, date '1950-01-01' + n % 18000,
       'client' || n || '@example.com', '+4930' || (10000000 + n), 'Street ' || n % 300, 'Berlin', '10115', 'DE', 1
     from ${numbers}`,
    `insert into customer_words (book_id, customer_id, word)
     select 1, ${customer}, w.word from ${numbers}
     cross join lateral (values ('client'), ('number'), (n::text), ('client' || n), ('example'), ('com'),
       ('client' || n || '@example.com')) as w (word)`,
    `insert into accounts (book_id, account_id, customer_id, product_code, currency, number, iban, opened_on)
     select 1, ${account}, ${customer}, 'current', 'EUR', 1000000000 + n, 'DE' || ${check} || ${bban},
       b.business_date
     from ${numbers} join books b on b.book_id = 1`,
    `insert into account_holders (book_id, account_id, customer_id, role)
     select 1, ${account}, ${customer}, 'owner' from ${numbers}`,
    `update account_numbers set next_number = next_number + ${accounts + 1} where book_id = 1`,
  ];
}

/** The opening deposits: ledger accounts as these leave them, and entry, posting and transaction of each. */
function openingStatements(accounts: number, openedAt: string): string[] {
  const numbers = `generate_series(1, ${accounts + 1}) as n`;
  const amount = `case when n > ${accounts} then ${HOT_OPENING_MINOR} else ${OPENING_MINOR} end`;
  const date = `(timestamptz '${openedAt}' at time zone 'UTC')::date`;
  const account = accountUuidSql('n');
  // Openings come before everything else of the book, and so do their ids.
  const entry = `('01000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
  const cash = `(select ledger_account_id from ledger_accounts
    where book_id = 1 and gl_code = '1000' and currency = 'EUR' and kind = 'internal')`;
  return [
    `insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency, balance_minor, floor_minor,
       seq, last_business_date, last_posted_at)
     select 1, ${account}, 'customer', '2000', 'EUR', ${amount}, 0, 1, ${date}, '${openedAt}' from ${numbers}`,
    `insert into journal_entries (book_id, entry_id, kind, business_date, value_date, posted_at, actor)
     select 1, ${entry}, 'deposit', ${date}, ${date}, '${openedAt}', 'bench' from ${numbers}`,
    `insert into postings (book_id, entry_id, debit_account_id, credit_account_id, currency, amount_minor,
       business_date, credit_seq, credit_balance_minor)
     select 1, ${entry}, ${cash}, ${account}, 'EUR', ${amount}, ${date}, 1, ${amount} from ${numbers}`,
    `insert into transactions (book_id, transaction_id, account_id, type, mode, amount_minor)
     select 1, ${entry}, ${account}, 'deposit', 'cash', ${amount} from ${numbers}`,
  ];
}
