import { type RawBuilder, sql } from 'kysely';
import { uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import { textBuilder } from '#db/constant-text.ts';
import type { Db, Tx } from '#db/database.ts';
import { lookUp } from '#db/look-ups.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { BOOK, rowsWith, rowWith } from '#db/row-with.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { customerDeath, customerName } from '#features/customers/contract.ts';
import { findProduct } from '#features/products/contract.ts';
import {
  createdBefore,
  createdPlace,
  isByCreation,
  type ListedRange,
  listedWithin,
} from '#ledger/created.ts';
import { assert } from '#lib/assert.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { Account, AccountState, AccountStatus, Holder } from './account.ts';
import { accountError } from './errors.ts';

const COLUMNS = [
  'a.account_id as id',
  'a.product_code as product',
  ...columns('a', [
    'customer_id',
    'currency',
    'number',
    'iban',
    'status_reason',
    'customer_reason',
    'opened_on',
    'closed_on',
    'reactivated_on',
    'closing_notice_on',
  ]),
  ...columns('a', ['external_id', 'metadata', 'version', 'created_at', 'updated_at']),
  ...columns('l', ['status', 'frozen_what', 'is_estate', 'balance_minor', 'held_minor', 'floor_minor']),
  'l.minimum_minor as minimumMinor',
  sql<Holder[]>`(
        select jsonb_agg(jsonb_strip_nulls(
            jsonb_build_object('customerId', h.customer_id, 'role', h.role, 'deceasedOn', ${customerDeath(sql`h`)}))
          order by h.created_at, h.role = 'owner' desc, h.customer_id)
        from ${rowsWith('account_holders', 'account_id', sql`a.account_id`, sql`a.book_id`)} h)`.as(
    'holders',
  ),
] as const;

/** An account with the instants of its row. */
export type StoredAccount = AccountState & { readonly createdAt: Date; readonly updatedAt: Date };

/** An account of a list, with its place where the list is ordered by creation. */
export type ListedAccount = StoredAccount & { readonly createdPlace?: string };

export type AccountFilter = ListedRange<AccountId> & {
  /** Held in any role. */
  readonly customerId?: CustomerId | undefined;
  /** Only those that this customer holds too: the caller is one. */
  readonly heldBy?: CustomerId | undefined;
  readonly status?: AccountStatus | undefined;
  /** Only those below their overdraft limit. */
  readonly isUnarranged?: boolean;
  readonly iban?: Iban | undefined;
  readonly number?: string | undefined;
  readonly externalId?: string | undefined;
  readonly after?: AccountId | undefined;
  /** When the account was created that the list goes on after, where it is ordered by that. */
  readonly afterCreated?: string | undefined;
  readonly limit: number;
};

export async function insertAccounts(tx: Tx, bookId: number, accounts: readonly Account[]): Promise<void> {
  if (accounts.length === 0) return;
  const states = accounts.map(({ state }) => state);
  await tx
    .insertInto('accounts')
    .values(
      states.map((state) => ({
        book_id: bookId,
        account_id: state.id,
        customer_id: state.customerId,
        product_code: state.product,
        currency: state.currency,
        number: state.number,
        iban: state.iban ?? null,
        external_id: state.externalId ?? null,
        opened_on: state.openedOn,
        metadata: JSON.stringify(state.metadata),
      })),
    )
    .execute();
  const ids = states.map(({ id }) => id);
  await noteChanged(tx, bookId, 'accounts', ids);
  await insertHolders(
    tx,
    bookId,
    states.flatMap(({ id, holders }) => holders.map((holder) => ({ accountId: id, ...holder }))),
  );
}

/** Stores the account's own row; status and overdraft limit are the ledger's. */
export async function updateAccount(tx: Tx, bookId: number, { state }: Account): Promise<void> {
  const updated = await tx
    .updateTable('accounts')
    .set({
      external_id: state.externalId ?? null,
      metadata: JSON.stringify(state.metadata),
      status_reason: state.statusReason ?? null,
      customer_reason: state.customerReason ?? null,
      closed_on: state.closedOn ?? null,
      reactivated_on: state.reactivatedOn ?? null,
      closing_notice_on: state.closingNoticeOn ?? null,
      version: state.version,
      updated_at: sql`now()`,
    })
    .where('book_id', '=', bookId)
    .where('account_id', '=', state.id)
    .where('version', '=', state.version - 1)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked account is there to be changed');
  await noteChanged(tx, bookId, 'accounts', [state.id]);
}

export async function insertHolders(
  tx: Tx,
  bookId: number,
  holders: readonly (Holder & { readonly accountId: AccountId })[],
): Promise<void> {
  if (holders.length === 0) return;
  await tx
    .insertInto('account_holders')
    .values(
      holders.map(({ accountId, customerId, role }) => ({
        book_id: bookId,
        account_id: accountId,
        customer_id: customerId,
        role,
      })),
    )
    .execute();
  const keys = holders.map(({ accountId, customerId }) => [accountId, customerId]);
  await noteChanged(tx, bookId, 'account_holders', keys);
}

export async function deleteHolder(
  tx: Tx,
  bookId: number,
  id: AccountId,
  customerId: CustomerId,
): Promise<void> {
  await tx
    .deleteFrom('account_holders')
    .where('book_id', '=', bookId)
    .where('account_id', '=', id)
    .where('customer_id', '=', customerId)
    .execute();
  await noteChanged(tx, bookId, 'account_holders', [[id, customerId]]);
}

/** Makes a holder the owner that the account is of. The one until now is still a holder. */
export async function setOwner(tx: Tx, bookId: number, id: AccountId, customerId: CustomerId): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({ customer_id: customerId })
    .where('book_id', '=', bookId)
    .where('account_id', '=', id)
    .execute();
  const { numUpdatedRows } = await tx
    .updateTable('account_holders')
    .set({ role: 'owner' })
    .where('book_id', '=', bookId)
    .where('account_id', '=', id)
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  assert(numUpdatedRows === 1n, 'the holder of a locked account is there');
  await noteChanged(tx, bookId, 'accounts', [id]);
  await noteChanged(tx, bookId, 'account_holders', [[id, customerId]]);
}

/**
 * Locks the account's own row for the rest of the transaction; the ledger account comes after it. Not against
 * references: a posting that holds the ledger account and stores its transaction row must not wait for us.
 */
export async function lockAccountRow(tx: Tx, bookId: number, id: AccountId): Promise<boolean> {
  const row = await tx
    .selectFrom('accounts')
    .select('account_id')
    .where('book_id', '=', bookId)
    .where('account_id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

export async function findAccount(db: Db, bookId: number, id: AccountId): Promise<StoredAccount | undefined> {
  const [found] = await lookUpAccount(db, bookId, id);
  if (found === undefined) return undefined;
  const { n: _, ...row } = found;
  return toStored(row);
}

/** Those of the ids that are accounts, whatever their status. */
export async function knownAccounts(
  db: Db,
  bookId: number,
  ids: readonly AccountId[],
): Promise<ReadonlySet<AccountId>> {
  const query = db.selectFrom('accounts').select('account_id').where('book_id', '=', bookId);
  const rows = await query.where(sql<boolean>`account_id = any(${ids}::uuid[])`).execute();
  return new Set(rows.map((row) => row.account_id));
}

/** The owner that each of some accounts was opened for. */
export function findOwners(
  db: Db,
  bookId: number,
  ids: readonly AccountId[],
): Promise<{ readonly id: AccountId; readonly customerId: CustomerId }[]> {
  return db
    .selectFrom('accounts')
    .select(['account_id as id', 'customer_id as customerId'])
    .where('book_id', '=', bookId)
    .where(sql<boolean>`account_id = any(${ids}::uuid[])`)
    .execute();
}

const lookUpAccount = lookUp<AccountId, Row & { readonly n: number }>({
  asks: { id: uuids((id) => id) },
  select: (asked) => sql`
    select asked.n::int, found.* from ${asked} cross join lateral (${selectAsked()}) found`,
});

/** The account behind an IBAN of this book. */
export async function findAccountIdByIban(
  db: Db,
  bookId: number,
  iban: Iban,
): Promise<AccountId | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select('account_id')
    .where('book_id', '=', bookId)
    .where('iban', '=', iban)
    .executeTakeFirst();
  return row?.account_id;
}

/** The account of this bank with a number, as it was given out. */
export async function findAccountIdByNumber(
  db: Db,
  bookId: number,
  number: string,
): Promise<AccountId | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select('account_id')
    .where('book_id', '=', bookId)
    .where('number', '=', number)
    .executeTakeFirst();
  return row?.account_id;
}

/** By how many per cent of a hold a capture may exceed it, as the account's product says. */
export async function findCaptureTolerance(db: Db, bookId: number, id: AccountId): Promise<number> {
  const row = await db
    .selectFrom('accounts')
    .select(['product_code as code', 'currency'])
    .where('book_id', '=', bookId)
    .where('account_id', '=', id)
    .executeTakeFirst();
  const product = row && (await findProduct(db, bookId, row));
  return product?.state.captureTolerancePercent ?? 0;
}

/** Newest first: by creation where a range of it is given, else by id. */
export async function listAccounts(db: Db, bookId: number, filter: AccountFilter): Promise<ListedAccount[]> {
  const { after: id, afterCreated: createdAt, limit } = filter;
  if (!isByCreation(filter)) {
    let query = narrowed(db, bookId, filter);
    if (id !== undefined) query = query.where('a.account_id', '<', id);
    return (await query.orderBy('a.account_id', 'desc').limit(limit).execute()).map(toStored);
  }
  let query = narrowed(db, bookId, filter).select(createdPlace('a').as('createdPlace'));
  if (id !== undefined && createdAt !== undefined) {
    query = query.where(createdBefore('a', 'account_id', { id, createdAt }));
  }
  query = query.orderBy('a.created_at', 'desc').orderBy('a.account_id', 'desc').limit(limit);
  const rows = await query.execute();
  return rows.map(({ createdPlace: place, ...row }) => ({ ...toStored(row), createdPlace: place }));
}

function narrowed(db: Db, bookId: number, filter: AccountFilter) {
  let query = selectRows(db, bookId);
  const { customerId, heldBy, status, isUnarranged, iban, number, externalId } = filter;
  if (heldBy !== undefined) {
    query = query.where(sql<boolean>`a.account_id in ${heldAccounts(bookId, heldBy)}`);
  }
  if (customerId !== undefined) {
    query = query.where((eb) =>
      eb.exists(
        eb
          .selectFrom('account_holders as h')
          .select('h.account_id')
          .where('h.book_id', '=', bookId)
          .where('h.customer_id', '=', customerId)
          .whereRef('h.account_id', '=', 'a.account_id'),
      ),
    );
  }
  if (status !== undefined) query = query.where('l.status', '=', status);
  if (isUnarranged === true) {
    query = query
      .where('l.unarranged_minor', '>', 0n)
      .where(sql<boolean>`l.balance_minor - l.held_minor < l.floor_minor`);
  }
  if (iban !== undefined) query = query.where('a.iban', '=', iban);
  if (number !== undefined) query = query.where('a.number', '=', number);
  if (externalId !== undefined) query = query.where('a.external_id', '=', externalId.normalize('NFC'));
  for (const condition of listedWithin(bookId, ['a', 'account_id'], filter)) query = query.where(condition);
  return query;
}

/** A subquery: the ids of the accounts that a customer holds, in any role. Every list for customers rests on it. */
export function heldAccounts(
  bookId: number,
  customerId: CustomerId | RawBuilder<CustomerId>,
): RawBuilder<unknown> {
  return sql`(select account_id from account_holders where book_id = ${bookId} and customer_id = ${customerId})`;
}

/** The role of a customer as a holder of an account, in a look-up: null without one. Both are values in SQL. */
export function holderRole(account: RawBuilder<unknown>, customer: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select h.role from account_holders h
    where h.book_id = ${BOOK} and h.account_id = ${account} and h.customer_id = ${customer})`;
}

/** The name of whom the account of a row belongs to; null where the row has no account. `row` names the row in SQL. */
export function ownerName(row: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql`(
    select ${customerName(sql`own`)}
    from ${rowWith('accounts', 'account_id', sql`${row}.account_id`, sql`${row}.book_id`)} own)`;
}

function selectRows(db: Db, bookId: number) {
  return db
    .selectFrom('accounts as a')
    .innerJoin('ledger_accounts as l', (join) =>
      join.onRef('l.book_id', '=', 'a.book_id').onRef('l.ledger_account_id', '=', 'a.account_id'),
    )
    .where('a.book_id', '=', bookId)
    .select(COLUMNS);
}

function selectAsked() {
  const account = rowWith('accounts', 'account_id', sql`asked.id`);
  const ledgerAccount = rowWith('ledger_accounts', 'ledger_account_id', sql`a.account_id`);
  return textBuilder
    .selectFrom(account.as('a'))
    .innerJoinLateral(ledgerAccount.as('l'), (join) => join.onTrue())
    .select(COLUMNS);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

function toStored({
  status,
  frozenWhat,
  isEstate,
  balanceMinor,
  heldMinor,
  floorMinor,
  minimumMinor,
  ...row
}: Row): StoredAccount {
  const frozen = status === 'frozen' ? (frozenWhat ?? 'all') : undefined;
  const funds = {
    status,
    frozen,
    isEstate,
    postedMinor: balanceMinor,
    heldMinor,
    overdraftLimitMinor: -(floorMinor ?? 0n),
    minimumMinor,
  };
  return { ...withoutNulls(row), funds };
}

/** 409 `account_exists` when the database refused a second account with this external id; else the error. */
export function asAccountError(error: unknown): unknown {
  if (violatedUnique(error) !== 'accounts_book_id_external_id_key') return error;
  return accountError('account_exists', {
    fields: [{ path: 'externalId', message: 'belongs to another account' }],
  });
}
