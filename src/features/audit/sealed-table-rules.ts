type KeyType = 'uuid' | 'text' | 'integer' | 'date' | 'hex';

/** What of a table's rows is sealed, in SQL on the row `t`. */
export type SealedTableRules = {
  /** The columns of the primary key behind the book, in its order, by type. Empty where a book has one row. */
  readonly keys: Readonly<Record<string, KeyType>>;
  /**
   * The columns that decide. A null is left out of the fingerprint, so that a nullable column may be added at any
   * time. One that is added with a default is written as `nullif(t.column, default)`.
   */
  readonly sealed: readonly string[];
  /** Columns that may change without a trace here, and why. */
  readonly open?: Readonly<Record<string, string>>;
  /** The rows that this one is deleted with, by table and column. */
  readonly parents?: readonly (readonly [ParentTable, string])[];
  /** The rows in question, where they are not all of the table. */
  readonly from?: string;
};

/** Tables whose rows take others along, with their key. */
export const PARENT_KEYS = {
  accounts: 'account_id',
  customers: 'customer_id',
  holds: 'hold_id',
  loans: 'loan_id',
  standing_orders: 'standing_order_id',
  users: 'user_id',
} as const;

type ParentTable = keyof typeof PARENT_KEYS;

/** Why columns are left open that many tables have. */
export const STAMPS = {
  created_at: 'when it was made',
  updated_at: 'when it was changed',
  version: 'how often',
};
/** What clients put on what they create. */
export const LABELS = { external_id: 'a name in another system', metadata: 'another system’s' };
export const VERSIONED = { ...STAMPS, ...LABELS };
export const BY_LAWS = 'the laws of `verify` hold it to the postings and events';
