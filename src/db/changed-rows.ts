import { randomIds } from '#lib/ids.ts';
import { textArray } from './binary-array.ts';
import { type AnyTx, run } from './session.ts';

/**
 * The tables whose rows decide about money and access: after every change the sealer takes a fingerprint
 * of the row. What is sealed of each, and which tables are left out for what reason: features/audit/sealed-tables.ts.
 */
export type SealedTable =
  | 'account_fees'
  | 'account_holders'
  | 'account_limits'
  | 'accounting_periods'
  | 'accounting_years'
  | 'accounts'
  | 'api_keys'
  | 'attachments'
  | 'beneficiaries'
  | 'book_limits'
  | 'books'
  | 'capture_settlements'
  | 'charged_books'
  | 'currency_positions'
  | 'customers'
  | 'deleted_customers'
  | 'deposit_events'
  | 'deposits'
  | 'exchange_rates'
  | 'gl_accounts'
  | 'hold_captures'
  | 'holder_invitations'
  | 'holds'
  | 'holidays'
  | 'incoming_payments'
  | 'incoming_references'
  | 'interest_agreements'
  | 'ledger_accounts'
  | 'limited_books'
  | 'manual_entries'
  | 'loan_collateral'
  | 'loan_events'
  | 'loan_parties'
  | 'loan_products'
  | 'loan_terms'
  | 'loans'
  | 'login_policies'
  | 'outgoing_payments'
  | 'password_resets'
  | 'payment_submissions'
  | 'product_limits'
  | 'product_terms'
  | 'products'
  | 'recovery_codes'
  | 'reference_rates'
  | 'role_limits'
  | 'settled_captures'
  | 'signing_keys'
  | 'standing_order_executions'
  | 'standing_orders'
  | 'tax_exemptions'
  | 'transaction_batches'
  | 'transactions'
  | 'users';

/** The primary key of a row without the book; a value for each column where there are several. */
export type RowKey = string | readonly (string | number)[];

/** Half of what one sheet holds. */
const MAX_KEYS_A_ROW = 2_000;

const INSERT = `insert into changed_rows (book_id, change_id, table_name, row_keys) values ($1, $2, $3, $4)`;

/**
 * Notes rows that this transaction has inserted, changed or deleted, after it did, so that their fingerprints are taken
 * again. A row that is changed without it is named by `audit verify`. What goes by cascade needs no note. Takes no lock.
 */
export async function noteChanged(
  tx: AnyTx,
  bookId: number,
  table: SealedTable,
  keys: readonly RowKey[],
): Promise<void> {
  const texts = keys.map((key) => (typeof key === 'string' ? key : key.join(' ')));
  const notes: Promise<unknown>[] = [];
  for (let start = 0; start < texts.length; start += MAX_KEYS_A_ROW) {
    const part = textArray(texts.slice(start, start + MAX_KEYS_A_ROW));
    // Never ids from the context's source: the demo counts those it gives out.
    notes.push(run(tx, INSERT, [bookId, randomIds.next(), table, part]));
  }
  await Promise.all(notes);
}
