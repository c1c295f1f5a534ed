import type { Context } from '#db/context.ts';
import type { Holdings } from '#features/customers/contract.ts';
import { depositError } from './errors.ts';
import { servesDepositOfOthers } from './repository.ts';

/** Whether deposits keep a customer from leaving: an account that another’s deposit names does not go. */
export function depositHoldings({ bookId }: Pick<Context, 'bookId'>): Holdings {
  return {
    countOpenAccounts: () => Promise.resolve(0),
    findReasonToKeep: async (tx, customerId) =>
      (await servesDepositOfOthers(tx, bookId, customerId))
        ? depositError('account_serves_deposit_of_others')
        : undefined,
    release: () => Promise.resolve(),
  };
}
