/** Who owns a table: writes it, and decides what it means. Others read it where they are listed. */
export type Ownership = {
  readonly owner: string;
  readonly readers?: readonly string[];
  /** Rooms that write it beside the owner, with the reason. It only gets shorter. */
  readonly writers?: Readonly<Record<string, string>>;
};

const LEDGER_READERS = [
  'features/accounts',
  'features/audit',
  'features/beneficiaries',
  'features/end-of-day',
  'features/holds',
  'features/limits',
  'features/loans',
  'features/payments',
  'features/standing-orders',
  'features/transactions',
];

/** Every table of the schema. */
export const TABLE_OWNERS: Readonly<Record<string, Ownership>> = {
  account_holders: { owner: 'features/accounts', readers: ['features/beneficiaries'] },
  account_limits: { owner: 'features/limits' },
  account_numbers: {
    owner: 'features/accounts',
    writers: { 'features/books': 'a new book starts its row of numbers, below accounts' },
  },
  accounts: {
    owner: 'features/accounts',
    readers: ['features/beneficiaries', 'features/limits', 'features/loans', 'features/transactions'],
  },
  api_keys: { owner: 'identity/api-keys' },
  audit_blocks: { owner: 'features/audit' },
  audit_log: { owner: 'features/audit' },
  audit_sealing: { owner: 'features/audit' },
  beneficiaries: { owner: 'features/beneficiaries' },
  beneficiary_payments: { owner: 'features/beneficiaries', readers: ['features/limits'] },
  book_limits: { owner: 'features/limits' },
  books: {
    owner: 'features/books',
    readers: [
      'backup',
      'bank',
      'features/accounts',
      'features/beneficiaries',
      'features/end-of-day',
      'identity/users',
      'watch',
    ],
    writers: {
      ledger: 'the business date is in the row that postings lock',
      'features/calendar': 'the weekend and the time zone are columns of the same row',
    },
  },
  business_date_changes: { owner: 'ledger' },
  closing_requests: { owner: 'ledger' },
  currencies: { owner: 'ledger', readers: ['features/loans'] },
  customer_identifiers: { owner: 'features/customers' },
  customer_words: { owner: 'features/customers' },
  customers: { owner: 'features/customers' },
  data_keys: { owner: 'db', readers: ['backup'] },
  deleted_customers: { owner: 'features/customers', readers: ['identity/tokens'] },
  end_of_day_balances: { owner: 'ledger', readers: ['features/end-of-day'] },
  end_of_day_loans: { owner: 'features/loans' },
  end_of_day_runs: { owner: 'features/end-of-day' },
  end_of_day_steps: { owner: 'features/end-of-day', readers: ['features/loans'] },
  end_of_day_totals: { owner: 'ledger' },
  gl_accounts: { owner: 'features/books', readers: ['features/accounting', 'ledger'] },
  hold_captures: { owner: 'features/holds', readers: ['features/limits'] },
  holder_invitations: { owner: 'features/accounts' },
  holds: { owner: 'features/holds', readers: ['features/limits'] },
  holidays: { owner: 'features/calendar' },
  imported_records: { owner: 'examples/berka' },
  imports: { owner: 'examples/berka' },
  incoming_payments: { owner: 'features/payments', readers: ['features/transactions'] },
  incoming_references: { owner: 'features/payments' },
  journal_entries: { owner: 'ledger', readers: LEDGER_READERS },
  idempotency_keys: { owner: 'ledger' },
  known_devices: { owner: 'identity/users' },
  ledger_accounts: { owner: 'ledger', readers: LEDGER_READERS },
  limited_books: { owner: 'ledger' },
  loan_events: { owner: 'features/loans' },
  loan_products: { owner: 'features/loans' },
  loan_terms: { owner: 'features/loans' },
  loans: { owner: 'features/loans' },
  login_attempts: { owner: 'identity/users' },
  login_policies: { owner: 'identity/users' },
  payment_submissions: { owner: 'features/payments' },
  outgoing_payments: {
    owner: 'features/payments',
    writers: {
      'features/transactions':
        'a transfer that leaves the bank stores its payment with its row, in one trip, and payments rests on transactions',
    },
  },
  password_resets: { owner: 'identity/users' },
  postings: { owner: 'ledger', readers: LEDGER_READERS },
  product_limits: { owner: 'features/limits' },
  products: { owner: 'features/products', readers: ['features/accounts'] },
  recovery_codes: { owner: 'identity/users' },
  refresh_tokens: { owner: 'identity/users' },
  signing_keys: { owner: 'identity/tokens' },
  standing_order_executions: { owner: 'features/standing-orders' },
  standing_orders: { owner: 'features/standing-orders' },
  transaction_batches: { owner: 'features/transactions' },
  transactions: { owner: 'features/transactions', readers: ['features/payments'] },
  unsealed_rows: {
    owner: 'features/audit',
    readers: ['watch'],
    writers: { db: 'each transaction notes what it leaves to be sealed, below all features' },
  },
  user_sessions: { owner: 'identity/users', readers: ['identity/tokens'] },
  users: { owner: 'identity/users', readers: ['demo'] },
};
