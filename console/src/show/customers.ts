import type { Customer } from '#sdk/index.ts';

export function nameOf({ givenName, familyName, legalName, id }: Customer): string {
  return legalName ?? ([givenName, familyName].filter((part) => part !== null).join(' ') || id);
}
