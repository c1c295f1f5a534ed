import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';

/**
 * Whose transactions a caller sees, where it does not see all: the accounts, and those that the customers hold. `isStaff`:
 * an API key that is bound to them. It works for the bank, and reads why staff acted.
 */
export type Viewer = {
  readonly customers: readonly CustomerId[];
  readonly accounts: readonly AccountId[];
  readonly isStaff: boolean;
};

/** Throws as ownCustomerOf. */
export function viewerOf(caller: Caller): Viewer | undefined {
  const own = ownCustomerOf(caller);
  if (own !== undefined) return { customers: [own], accounts: [], isStaff: false };
  const { customers = [], accounts = [] } = caller.bounds ?? {};
  return customers.length + accounts.length === 0 ? undefined : { customers, accounts, isStaff: true };
}
