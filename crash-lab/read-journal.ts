import pg from 'pg';
import type { Journal, LedgerAccountRow, PostingRow } from './records.ts';

const POSTINGS = `
  select e.entry_id as "entryId", e.kind, e.idempotency_key as key, e.reverses_entry_id as reverses,
    p.debit_account_id as debit, p.credit_account_id as credit, p.amount_minor as "amountMinor",
    p.debit_seq as "debitSeq", p.debit_balance_minor as "debitBalanceMinor",
    p.credit_seq as "creditSeq", p.credit_balance_minor as "creditBalanceMinor",
    case when e.kind = 'reversal' then t.description else t.reference end as mark
  from journal_entries e
  join postings p on p.book_id = e.book_id and p.entry_id = e.entry_id
  left join transactions t on t.book_id = e.book_id and t.transaction_id = e.entry_id
  order by e.entry_id, p.line`;

const ACCOUNTS = `
  select ledger_account_id as id, kind, balance_minor as "balanceMinor", floor_minor as "floorMinor", seq
  from ledger_accounts order by ledger_account_id`;

const INT8 = 20;

/** The whole journal as it stands in the database, on one state of it, by nobody's code but this. */
export async function readJournal(databaseUrl: string): Promise<Journal> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.setTypeParser(INT8, BigInt);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const postings = await client.query<PostingRow>(POSTINGS);
    const accounts = await client.query<LedgerAccountRow>(ACCOUNTS);
    await client.query('commit');
    return { postings: postings.rows, accounts: accounts.rows };
  } finally {
    await client.end();
  }
}
