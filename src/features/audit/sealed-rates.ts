import type { SealedTableRules } from './sealed-table-rules.ts';

/** Rates by date, of interest and of currencies with the lines of their equivalents; and what is exempt from tax. */
export const SEALED_RATES = {
  currency_positions: { keys: { currency: 'text' }, sealed: ['equivalent_gl_code'] },
  exchange_rates: {
    keys: { currency: 'text', valid_on: 'date' },
    sealed: ['is_direct', 'bid_e10', 'ask_e10', 'mid_e10', 'set_by', 'set_at'],
  },
  reference_rates: {
    keys: { reference_code: 'text', valid_from: 'date' },
    sealed: ['rate_ppm', 'set_by', 'set_at'],
  },
  tax_exemptions: {
    keys: { customer_id: 'uuid', revision: 'integer' },
    sealed: ['exemptions', 'set_by', 'set_at'],
    parents: [['customers', 'customer_id']],
  },
} as const satisfies Readonly<Record<string, SealedTableRules>>;
