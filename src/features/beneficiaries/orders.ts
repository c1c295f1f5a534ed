import type { Tx } from '#db/database.ts';
import type { Caller } from '#lib/caller.ts';
import type { BeneficiaryId } from '#lib/ids.ts';
import type { SavedPayee } from './repository.ts';

/** What pays beneficiaries again and again, as far as it decides whether one may go. */
export type OrdersToBeneficiary = {
  /** Locks all orders that name the beneficiary: how many there are, and how many of them would still pay it. */
  lock(tx: Tx, id: BeneficiaryId): Promise<{ readonly total: number; readonly live: number }>;
  /** How many orders name the beneficiary, which is locked so that none is added. */
  count(tx: Tx, id: BeneficiaryId): Promise<number>;
  /**
   * Has the orders, which are locked, name the payee's account and name in place of the beneficiary, and cancels those that would
   * still pay it. Throws 403 `forbidden` and 404 `not_found` for a caller who may not do that on each account.
   */
  cancel(tx: Tx, caller: Caller, payee: SavedPayee & { readonly id: BeneficiaryId }): Promise<void>;
};
