import type { SealedTableRules } from './sealed-table-rules.ts';

/** What interest is counted by, beside its rates. */
export const SEALED_INTEREST = {
  tax_exemptions: {
    keys: { customer_id: 'uuid', revision: 'integer' },
    sealed: ['exemptions', 'set_by', 'set_at'],
    parents: [['customers', 'customer_id']],
  },
} as const satisfies Readonly<Record<string, SealedTableRules>>;
