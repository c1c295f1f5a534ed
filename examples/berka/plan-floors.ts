import type { AccountState } from '#ledger/evaluate.ts';
import type { Row } from './rows/row-type.ts';
import type { BankTransaction } from './rows/transaction.ts';

/**
 * How far below zero each account's available balance goes while its transactions are booked in this order, in minor
 * units by the account's id in the files. Accounts that stay above zero are left out. `states` holds the ledger
 * accounts that exist already.
 */
export function planFloors(
  ordered: readonly Row<BankTransaction>[],
  states: ReadonlyMap<string, AccountState>,
): Map<string, bigint> {
  const available = new Map<string, bigint>();
  const floors = new Map<string, bigint>();
  for (const { value } of ordered) {
    const { accountId, signedMinor } = value;
    const state = states.get(accountId);
    const before =
      available.get(accountId) ?? (state === undefined ? 0n : state.balanceMinor - state.heldMinor);
    const after = before + signedMinor;
    available.set(accountId, after);
    if (after < (floors.get(accountId) ?? 0n)) floors.set(accountId, after);
  }
  return floors;
}
