import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { asLabelError, hasMetadata, labelColumns } from '#db/labels.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId, BeneficiaryId, CustomerId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { accountColumns, accountOfRow } from './account-columns.ts';
import { Beneficiary, type BeneficiaryState } from './beneficiary.ts';
import { beneficiaryError } from './errors.ts';

/** A beneficiary, and the account of this bank that its IBAN belongs to, if it does. */
export type StoredBeneficiary = BeneficiaryState & { readonly accountId: AccountId | undefined };

export type BeneficiaryFilter = {
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  readonly after?: BeneficiaryId | undefined;
  readonly limit: number;
};

export async function insertBeneficiary(tx: Tx, bookId: number, { state }: Beneficiary): Promise<void> {
  await tx
    .insertInto('beneficiaries')
    .values({
      book_id: bookId,
      beneficiary_id: state.id,
      customer_id: state.customerId,
      name: state.name,
      nickname: state.nickname ?? null,
      ...accountColumns(state.account),
      currency: state.currency ?? null,
      limit_per_day_minor: state.limitPerDayMinor ?? null,
      ...labelColumns(state),
      usable_from: new Date(state.usableFromMs),
      created_at: new Date(state.createdAtMs),
      updated_at: new Date(state.updatedAtMs),
    })
    .execute();
  await noteChanged(tx, bookId, 'beneficiaries', [state.id]);
}

export async function updateBeneficiary(tx: Tx, bookId: number, { state }: Beneficiary): Promise<void> {
  const updated = await tx
    .updateTable('beneficiaries')
    .set({
      name: state.name,
      nickname: state.nickname ?? null,
      currency: state.currency ?? null,
      limit_per_day_minor: state.limitPerDayMinor ?? null,
      ...labelColumns(state),
      version: state.version,
      updated_at: new Date(state.updatedAtMs),
    })
    .where('book_id', '=', bookId)
    .where('beneficiary_id', '=', state.id)
    .where('version', '=', state.version - 1)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked beneficiary is there to be changed');
  await noteChanged(tx, bookId, 'beneficiaries', [state.id]);
}

export async function deleteBeneficiary(tx: Tx, bookId: number, id: BeneficiaryId): Promise<void> {
  await tx
    .deleteFrom('beneficiaries')
    .where('book_id', '=', bookId)
    .where('beneficiary_id', '=', id)
    .execute();
  await noteChanged(tx, bookId, 'beneficiaries', [id]);
}

/**
 * The beneficiary of a customer, locked for the rest of the transaction: before payments to it, or after. Locked to be
 * deleted, nothing refers to it again.
 */
export async function lockBeneficiary(
  tx: Tx,
  bookId: number,
  { customerId, id }: { readonly customerId: CustomerId; readonly id: BeneficiaryId },
  { toDelete = false }: { readonly toDelete?: boolean } = {},
): Promise<Beneficiary | undefined> {
  const query = tx
    .selectFrom('beneficiaries as b')
    .select(STATE)
    .where('book_id', '=', bookId)
    .where('customer_id', '=', customerId)
    .where('beneficiary_id', '=', id);
  const row = await (toDelete ? query.forUpdate() : query.forNoKeyUpdate()).executeTakeFirst();
  return row === undefined ? undefined : new Beneficiary(toState(row));
}

const ACCOUNT = columns('beneficiaries', ['iban', 'bank_code_scheme', 'bank_code', 'account_number']);

/** Who is paid, and what the customer calls them. */
export type SavedPayee = Pick<BeneficiaryState, 'account' | 'name'>;

/** The payees that are a customer's beneficiaries; locked to be deleted, nothing refers to them again. */
export async function listPayees(
  tx: Tx,
  bookId: number,
  customerId: CustomerId,
  { toDelete = false }: { readonly toDelete?: boolean } = {},
): Promise<ReadonlyMap<BeneficiaryId, SavedPayee>> {
  const query = tx
    .selectFrom('beneficiaries')
    .select(['beneficiary_id as id', 'name', ...ACCOUNT])
    .where('book_id', '=', bookId)
    .where('customer_id', '=', customerId)
    .orderBy('beneficiary_id');
  const rows = await (toDelete ? query.forUpdate() : query).execute();
  return new Map(rows.map(({ id, name, ...account }) => [id, { name, account: accountOfRow(account) }]));
}

export async function findBeneficiary(
  db: Db,
  bookId: number,
  customerId: CustomerId,
  id: BeneficiaryId,
): Promise<StoredBeneficiary | undefined> {
  const row = await selectRows(db, bookId, customerId).where('b.beneficiary_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toStored(row);
}

/** Newest first. */
export async function listBeneficiaries(
  db: Db,
  bookId: number,
  customerId: CustomerId,
  { externalId, metadata, after, limit }: BeneficiaryFilter,
): Promise<StoredBeneficiary[]> {
  let query = selectRows(db, bookId, customerId);
  if (externalId !== undefined) query = query.where('b.external_id', '=', externalId.normalize('NFC'));
  for (const condition of hasMetadata('b', { metadata })) query = query.where(condition);
  if (after !== undefined) query = query.where('b.beneficiary_id', '<', after);
  const rows = await query.orderBy('b.beneficiary_id', 'desc').limit(limit).execute();
  return rows.map(toStored);
}

/** The currency of the first account that a customer holds. */
export async function findFirstCurrency(
  db: Db,
  bookId: number,
  customerId: CustomerId,
): Promise<Currency | undefined> {
  const { rows } = await sql<{ currency: Currency }>`
    select a.currency from account_holders h
    join accounts a on a.book_id = h.book_id and a.account_id = h.account_id
    where h.book_id = ${bookId} and h.customer_id = ${customerId}
    order by a.account_id limit 1`.execute(db);
  return rows[0]?.currency;
}

const STATE = [
  'b.beneficiary_id as id' as const,
  ...columns('b', ['customer_id', 'name', 'nickname', 'currency', 'limit_per_day_minor', 'version']),
  ...columns('b', ['iban', 'bank_code_scheme', 'bank_code', 'account_number']),
  ...columns('b', ['usable_from', 'external_id', 'metadata', 'created_at', 'updated_at']),
];

function selectRows(db: Db, bookId: number, customerId: CustomerId) {
  return db
    .selectFrom('beneficiaries as b')
    .leftJoin('accounts as a', (join) =>
      join.onRef('a.book_id', '=', 'b.book_id').on((on) =>
        on.or([
          on('a.iban', '=', on.ref('b.iban')),
          on.and([
            on('a.number', '=', on.ref('b.account_number')),
            sql<boolean>`exists (select from books k where k.book_id = b.book_id and k.country = 'US'
                and b.bank_code_scheme = 'us_aba' and b.bank_code = k.bank_code)`,
          ]),
        ]),
      ),
    )
    .select([...STATE, 'a.account_id as accountId'])
    .where('b.book_id', '=', bookId)
    .where('b.customer_id', '=', customerId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

function toStored({ accountId, ...row }: Row): StoredBeneficiary {
  return { ...toState(row), accountId: accountId ?? undefined };
}

function toState({ usableFrom, createdAt, updatedAt, ...row }: Omit<Row, 'accountId'>): BeneficiaryState {
  const { iban, bankCodeScheme, bankCode, accountNumber, ...rest } = row;
  return {
    ...withoutNulls(rest),
    account: accountOfRow({ iban, bankCodeScheme, bankCode, accountNumber }),
    usableFromMs: usableFrom.getTime(),
    createdAtMs: createdAt.getTime(),
    updatedAtMs: updatedAt.getTime(),
  };
}

const HOUR_MS = 3_600_000;

/** How long new beneficiaries of the book are in their cooling-off period. */
export async function selectCoolingOffMs(db: Db, bookId: number): Promise<number> {
  const { hours } = await db
    .selectFrom('books')
    .select('beneficiary_cooling_off_hours as hours')
    .where('book_id', '=', bookId)
    .executeTakeFirstOrThrow();
  return hours * HOUR_MS;
}

/**
 * 409 `beneficiary_exists` when the database refused the same payee twice, or `external_id_exists`; else the error.
 * `path` is the field that named the payee by its account here.
 */
export function asBeneficiaryError(error: unknown, path: 'iban' | 'accountId'): unknown {
  switch (violatedUnique(error)) {
    case 'beneficiaries_payee_once':
      return existsAlready(path);
    case 'beneficiaries_bank_account_once':
      return existsAlready('account');
    default:
      return asLabelError(error);
  }
}

function existsAlready(path: string): unknown {
  return beneficiaryError('beneficiary_exists', {
    fields: [{ path, message: 'belongs to another beneficiary' }],
  });
}
