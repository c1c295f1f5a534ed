/**
 * The scopes of API keys: to read or to change a resource, to reverse or to capture; write includes none of the others. The table of access says which
 * operations. Changes of users and keys have no scope: only people make them.
 */
export const SCOPES = [
  'bank:read',
  'bank:write',
  'customers:read',
  'customers:write',
  'products:read',
  'products:write',
  'accounts:read',
  'accounts:write',
  'transactions:read',
  'transactions:write',
  'transactions:reverse',
  'payments:read',
  'payments:write',
  'beneficiaries:read',
  'beneficiaries:write',
  'holds:read',
  'holds:write',
  'holds:capture',
  'limits:read',
  'limits:write',
  'standing-orders:read',
  'standing-orders:write',
  'loans:read',
  'loans:write',
  'accounting:read',
  'accounting:write',
  'accounting:post',
  'accounting:close',
  'calendar:read',
  'calendar:write',
  'end-of-day:read',
  'end-of-day:write',
  'users:read',
  'api-keys:read',
  'audit-log:read',
] as const;

export type Scope = (typeof SCOPES)[number];

export function parseScope(text: string): Scope | undefined {
  return SCOPES.find((scope) => scope === text);
}
