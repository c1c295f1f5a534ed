/** What an API key may be made for: a resource, to read it or to change it. The table of access says which operations. */
const RESOURCES = [
  'customers',
  'products',
  'accounts',
  'transactions',
  'accounting',
  'users',
  'api-keys',
  'audit-log',
] as const;
const RIGHTS = ['read', 'write'] as const;

export type Scope = `${(typeof RESOURCES)[number]}:${(typeof RIGHTS)[number]}`;

/** Every scope there is; to write does not include to read. */
export const SCOPES: readonly Scope[] = RESOURCES.flatMap((resource) =>
  RIGHTS.map((right): Scope => `${resource}:${right}`),
);

export function parseScope(text: string): Scope | undefined {
  return SCOPES.find((scope) => scope === text);
}
