import { bigints, foundRows, recordSet, uuids } from '#db/bulk-rows.ts';
import { type AnyTx, run } from '#db/session.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Money } from '#lib/money/money.ts';
import type { RefusalCode } from './entry.ts';
import type { AccountState } from './evaluate.ts';

const CHANGES = recordSet<readonly [AccountId, bigint]>({
  ledger_account_id: uuids(([id]) => id),
  change_minor: bigints(([, changeMinor]) => changeMinor),
});

const CHANGE_HELD = `
  update ledger_accounts a set held_minor = a.held_minor + r.change_minor,
    unarranged_minor = case when a.unarranged_minor = 0 then 0 else
      least(a.unarranged_minor,
        greatest(a.floor_minor - (a.balance_minor - a.held_minor - r.change_minor), 0)) end
  from ${foundRows(CHANGES, 'ledger_accounts', ['t.ledger_account_id = r.ledger_account_id'])}
  where a.ctid = r.row_at`;

/**
 * Why an amount cannot be set aside on an account as it is locked; undefined if it can. Pure. Precedence as in
 * evaluateEntry: not_found, account_closed, customer_deceased, account_frozen, account_dormant,
 * currency_mismatch, insufficient_funds, below_minimum_balance.
 */
export function judgeHold(
  state: AccountState | undefined,
  { amountMinor, currency }: Money,
): RefusalCode | undefined {
  assert(amountMinor > 0n, 'a hold has a positive amount');
  if (state === undefined) return 'not_found';
  if (state.status === 'closed') return 'account_closed';
  if (state.status === 'estate') return 'customer_deceased';
  if (state.status === 'dormant') return 'account_dormant';
  if (state.status !== 'active') return 'account_frozen';
  if (state.currency !== currency) return 'currency_mismatch';
  const availableAfter = state.balanceMinor - state.heldMinor - amountMinor;
  if (availableAfter < state.floorMinor) return 'insufficient_funds';
  return state.minimumMinor > 0n && availableAfter < state.minimumMinor ? 'below_minimum_balance' : undefined;
}

/** Changes what is held on accounts that this transaction has locked, each by an amount in minor units. */
export async function changeHeld(
  tx: AnyTx,
  bookId: number,
  changes: ReadonlyMap<AccountId, bigint>,
): Promise<void> {
  if (changes.size === 0) return;
  const { affectedRows } = await run(tx, CHANGE_HELD, [bookId, ...CHANGES.values([...changes])]);
  assert(affectedRows === changes.size, 'a locked account is there to be changed');
}
