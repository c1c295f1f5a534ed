import { uuidArray } from '#db/binary-array.ts';
import { type AnyTx, run } from '#db/session.ts';
import type { AccountId } from '#lib/ids.ts';
import type { AccountState } from './evaluate.ts';

const LOCK_ACCOUNTS = `
  select ledger_account_id as "id", currency,
    case when status = 'frozen' and frozen_what = 'debits' then 'debits_frozen'
      when status = 'active' and is_estate then 'estate' else status end as "status",
    balance_minor as "balanceMinor", held_minor as "heldMinor",
    floor_minor as "floorMinor", unarranged_minor as "unarrangedMinor", seq, last_business_date as "lastBusinessDate",
    last_posted_at as "lastPostedAt"
  from ledger_accounts
  where book_id = $1 and ledger_account_id = any($2::uuid[]) and kind = 'customer'
  order by ledger_account_id
  for no key update`;

type LockedRow = AccountState & { readonly lastPostedAt: Date | null };

/** Customer ledger accounts locked by a transaction, and the latest instant any of them was posted to. */
export type LockedAccounts = {
  readonly states: Map<AccountId, AccountState>;
  readonly lastPostedAtMs: number;
};

/**
 * Locks customer ledger accounts for the rest of the transaction, in ascending id: all transactions lock them in this
 * order, so that no two wait for each other. Absent ids are left out.
 */
export async function lockAccounts(
  tx: AnyTx,
  bookId: number,
  ids: Iterable<AccountId>,
): Promise<LockedAccounts> {
  const states = new Map<AccountId, AccountState>();
  let lastPostedAtMs = 0;
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return { states, lastPostedAtMs };
  const { rows } = await run<LockedRow>(tx, LOCK_ACCOUNTS, [bookId, uuidArray(wanted)]);
  for (const row of rows) {
    states.set(row.id, { ...row, lastBusinessDate: row.lastBusinessDate ?? undefined });
    lastPostedAtMs = Math.max(lastPostedAtMs, row.lastPostedAt?.getTime() ?? 0);
  }
  return { states, lastPostedAtMs };
}
