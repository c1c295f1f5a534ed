import type { SealedTableRules } from './sealed-table-rules.ts';

/** What lets somebody in, and how much a role may move. */
export const SEALED_ACCESS = {
  recovery_codes: {
    keys: { user_id: 'uuid', code_hash: 'hex' },
    sealed: ['created_at'],
    parents: [['users', 'user_id']],
  },
  role_limits: {
    keys: { role: 'text', currency: 'text', valid_from: 'date' },
    sealed: ['per_transaction_minor', 'per_day_minor', 'set_by', 'set_at'],
  },
  signing_keys: {
    keys: { kid: 'text' },
    sealed: ['number', 'public_jwk', 'private_key', 'created_at', 'active_from', 'retires_at'],
  },
} as const satisfies Readonly<Record<string, SealedTableRules>>;
