import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { AccountState } from './evaluate.ts';
import { lockAccounts } from './lock-accounts.ts';

/** A ledger account for a customer's account: which line of the chart it belongs to, and how far it may go. */
export type NewLedgerAccount = {
  readonly id: AccountId;
  readonly glCode: string;
  readonly currency: Currency;
  /** Zero, or minus the overdraft limit. */
  readonly floorMinor: bigint;
  /** By the terms of its product; zero where they say nothing. */
  readonly minimumMinor?: bigint;
  readonly openingDepositMinor?: bigint;
  /** Whether nothing moves it but its contract. */
  readonly isContract?: boolean;
};

/** Opens ledger accounts for customers' accounts, at zero. */
export async function openLedgerAccounts(
  tx: Tx,
  bookId: number,
  accounts: readonly NewLedgerAccount[],
): Promise<void> {
  if (accounts.length === 0) return;
  await tx
    .insertInto('ledger_accounts')
    .values(
      accounts.map(({ id, glCode, currency, floorMinor, minimumMinor, openingDepositMinor, isContract }) => ({
        book_id: bookId,
        ledger_account_id: id,
        kind: 'customer',
        gl_code: glCode,
        currency,
        floor_minor: floorMinor,
        minimum_minor: minimumMinor ?? 0n,
        opening_deposit_minor: openingDepositMinor ?? 0n,
        is_contract: isContract ?? false,
      })),
    )
    .execute();
  const ids = accounts.map(({ id }) => id);
  await noteChanged(tx, bookId, 'ledger_accounts', ids);
}

/** Locks one customer ledger account; undefined if there is none. */
export async function lockLedgerAccount(
  tx: Tx,
  bookId: number,
  id: AccountId,
): Promise<AccountState | undefined> {
  return (await lockAccounts(tx, bookId, [id])).states.get(id);
}

/** Makes accounts estates, from which nothing is paid but to the heirs, or ends that. Locks them, by ascending id. */
export async function markEstates(
  tx: Tx,
  bookId: number,
  ids: readonly AccountId[],
  is: boolean,
): Promise<void> {
  if (ids.length === 0) return;
  await lockAccounts(tx, bookId, ids);
  await tx
    .updateTable('ledger_accounts')
    .set({ is_estate: is })
    .where('book_id', '=', bookId)
    .where(sql<boolean>`ledger_account_id = any(${[...ids]}::uuid[])`)
    .execute();
  await noteChanged(tx, bookId, 'ledger_accounts', ids);
}

/** Ends what binds accounts to their contracts: what is on them is ordinary money. Locks them, by ascending id. */
export async function endContracts(tx: Tx, bookId: number, ids: readonly AccountId[]): Promise<void> {
  if (ids.length === 0) return;
  await lockAccounts(tx, bookId, ids);
  await tx
    .updateTable('ledger_accounts')
    .set({ is_contract: false })
    .where('book_id', '=', bookId)
    .where(sql<boolean>`ledger_account_id = any(${[...ids]}::uuid[])`)
    .execute();
  await noteChanged(tx, bookId, 'ledger_accounts', ids);
}

/** Closes accounts that this transaction has locked, with nothing on them. */
export async function closeLedgerAccounts(tx: Tx, bookId: number, ids: readonly AccountId[]): Promise<void> {
  const closed = await tx
    .updateTable('ledger_accounts')
    .set({ status: 'closed', frozen_what: null })
    .where('book_id', '=', bookId)
    .where(sql<boolean>`ledger_account_id = any(${[...ids]}::uuid[])`)
    .where('balance_minor', '=', 0n)
    .where('held_minor', '=', 0n)
    .executeTakeFirst();
  assert(closed.numUpdatedRows === BigInt(ids.length), 'accounts are empty when they are closed');
  await noteChanged(tx, bookId, 'ledger_accounts', ids);
}

/** Sets status and floor of an account that this transaction has locked. */
export async function updateLedgerAccount(
  tx: Tx,
  bookId: number,
  id: AccountId,
  change: {
    readonly status?: 'active' | 'dormant' | 'frozen' | 'closed';
    /** What of a frozen account is frozen. */
    readonly frozen?: 'debits' | 'all' | null;
    readonly floorMinor?: bigint;
    /** Whether all its owners have died. */
    readonly isEstate?: boolean;
  },
): Promise<void> {
  const { status, frozen, floorMinor, isEstate } = change;
  const updated = await tx
    .updateTable('ledger_accounts')
    .set({
      ...(status === undefined ? {} : { status }),
      ...(frozen === undefined ? {} : { frozen_what: frozen }),
      ...(floorMinor === undefined
        ? {}
        : {
            floor_minor: floorMinor,
            // What is arranged now is not unarranged any more.
            unarranged_minor: sql<bigint>`least(unarranged_minor,
              greatest(${floorMinor}::bigint - (balance_minor - held_minor), 0))`,
          }),
      ...(isEstate === undefined ? {} : { is_estate: isEstate }),
    })
    .where('book_id', '=', bookId)
    .where('ledger_account_id', '=', id)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked account is there to be changed');
  await noteChanged(tx, bookId, 'ledger_accounts', [id]);
}

/** Whether an account is closed: it stays so, and this takes no lock. */
export async function isClosed(db: Db, bookId: number, id: AccountId): Promise<boolean> {
  const row = await db
    .selectFrom('ledger_accounts')
    .select('status')
    .where('book_id', '=', bookId)
    .where('ledger_account_id', '=', id)
    .executeTakeFirst();
  return row?.status === 'closed';
}
