import type { SealedTableRules } from './sealed-table-rules.ts';

/** What accounts were charged, owe and got back, and whether payments are asked what they cost. */
export const SEALED_FEES = {
  account_fees: {
    keys: { fee_id: 'uuid' },
    sealed: [
      'account_id',
      'product_code',
      'currency',
      'terms_version',
      'fee_code',
      'event',
      'business_date',
      'month_on',
      'event_number',
      'due_on',
      'payment_entry_id',
      'about',
      'facts',
      'fee_minor',
      'tax_minor',
      'status',
      'not_charged',
      'entry_id',
      'refund_entry_id',
      'decided_by',
      'decided_at',
      'reason',
    ],
    open: { name: 'a text', tax_name: 'a text', customer_reason: 'a text' },
    parents: [['accounts', 'account_id']],
  },
  charged_books: { keys: {}, sealed: [] },
} as const satisfies Readonly<Record<string, SealedTableRules>>;
