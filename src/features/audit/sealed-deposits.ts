import type { SealedTable } from '#db/changed-rows.ts';
import { type SealedTableRules, STAMPS } from './sealed-table-rules.ts';

/** Deposits, what was agreed of their interest, and what happened to them. */
export const SEALED_DEPOSITS = {
  deposits: {
    keys: { account_id: 'uuid' },
    sealed: [
      'product_code',
      'currency',
      'terms_version',
      'principal_minor',
      'rate_ppm',
      'term_unit',
      'term_count',
      'opened_on',
      'matures_on',
      'notice_due_on',
      'pays_interest_out',
      'payout_account_id',
      'on_maturity',
      'renewal_product',
      'renewal_unit',
      'renewal_count',
      'status',
      'waits_for',
      'ended_on',
      'renews_id',
      'renewed_as_id',
      'collected_from_id',
      'instalment_minor',
      'instalment_frequency',
      'instalment_count',
      'instalments_settled',
      'instalments_missed',
      'next_instalment_on',
      'last_event_number',
      'created_by',
      'created_at',
    ],
    open: { version: STAMPS.version, updated_at: STAMPS.updated_at },
    parents: [['accounts', 'account_id']],
  },
  deposit_events: {
    keys: { account_id: 'uuid', event_number: 'integer' },
    sealed: ['kind', 'happened_on', 'amount_minor', 'entry_id', 'details', 'actor', 'created_at'],
    parents: [['accounts', 'account_id']],
  },
  interest_agreements: {
    keys: { account_id: 'uuid' },
    sealed: ['through_on', 'terms', 'settled_on'],
    parents: [['accounts', 'account_id']],
  },
} as const satisfies Readonly<Partial<Record<SealedTable, SealedTableRules>>>;
