import { uuidArray } from '#db/binary-array.ts';
import type { Db } from '#db/database.ts';
import { type AnyTx, run, type SqlSession } from '#db/session.ts';
import type { AccountId } from '#lib/ids.ts';
import type { AccountState } from './evaluate.ts';

/**
 * A look-up for each id, in the order of the ids. A list of ids (`= any`) is planned by PostgreSQL 16 in an empty bank to
 * read all accounts of the book, and that plan is kept while the bank grows.
 */
const selectEach = (lock: string): string => `
  select account.* from unnest($2::uuid[]) as wanted (id)
  cross join lateral (
    select ledger_account_id as "id", currency,
      case when status = 'frozen' and frozen_what = 'debits' then 'debits_frozen'
        when status in ('active', 'dormant') and is_estate then 'estate' else status end as "status",
      is_contract as "isContract",
      balance_minor as "balanceMinor", held_minor as "heldMinor",
      floor_minor as "floorMinor", unarranged_minor as "unarrangedMinor",
      minimum_minor as "minimumMinor", opening_deposit_minor as "openingDepositMinor", seq,
      last_business_date as "lastBusinessDate", last_posted_at as "lastPostedAt"
    from ledger_accounts
    where book_id = $1 and ledger_account_id = wanted.id and kind = 'customer' limit 1 ${lock}
  ) as account`;

const READ_ACCOUNTS = selectEach('');
const LOCK_ACCOUNTS = selectEach('for no key update');

type AccountRow = AccountState & { readonly lastPostedAt: Date | null };

/** A ledger account as it was read, and the instant of its last posting in ms since 1970; 0 before the first. */
export type ReadAccount = AccountState & { readonly lastPostedAtMs: number };

/** Customer ledger accounts as they were read, and the latest instant any of them was posted to. */
export type ReadAccounts = {
  readonly states: Map<AccountId, ReadAccount>;
  readonly lastPostedAtMs: number;
};

/**
 * Locks customer ledger accounts for the rest of the transaction, in ascending id: all transactions lock them in this
 * order, so that no two wait for each other. Absent ids are left out.
 */
export function lockAccounts(tx: AnyTx, bookId: number, ids: Iterable<AccountId>): Promise<ReadAccounts> {
  return selectAccounts(tx, LOCK_ACCOUNTS, bookId, [...new Set(ids)].toSorted());
}

/** Reads customer ledger accounts without a lock: they may change at once. Absent ids are left out. */
export function readAccounts(
  db: Db | SqlSession,
  bookId: number,
  ids: Iterable<AccountId>,
): Promise<ReadAccounts> {
  return selectAccounts(db, READ_ACCOUNTS, bookId, [...new Set(ids)]);
}

async function selectAccounts(
  db: Db | SqlSession,
  text: string,
  bookId: number,
  ids: readonly AccountId[],
): Promise<ReadAccounts> {
  const states = new Map<AccountId, ReadAccount>();
  let latestMs = 0;
  if (ids.length === 0) return { states, lastPostedAtMs: latestMs };
  const { rows } = await run<AccountRow>(db, text, [bookId, uuidArray(ids)]);
  for (const { lastPostedAt, ...row } of rows) {
    const lastPostedAtMs = lastPostedAt?.getTime() ?? 0;
    states.set(row.id, { ...row, lastBusinessDate: row.lastBusinessDate ?? undefined, lastPostedAtMs });
    latestMs = Math.max(latestMs, lastPostedAtMs);
  }
  return { states, lastPostedAtMs: latestMs };
}
