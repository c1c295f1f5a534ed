import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { commonError } from '#lib/errors.ts';
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

/** Throws 403 `forbidden` for a customer's user: all transactions of the bank are not for it. */
export function assertReadsAll(caller: Caller): void {
  if (ownCustomerOf(caller) === undefined) return;
  const why = 'Only staff and API keys read in the order of commits: leave out `order` and `after`.';
  throw commonError('forbidden', { why });
}
