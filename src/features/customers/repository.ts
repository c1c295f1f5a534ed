import { type Insertable, type RawBuilder, sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Context } from '#db/context.ts';
import type { Db, Tx } from '#db/database.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { rowWith } from '#db/row-with.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import type { Customers } from '#db/tables.ts';
import {
  createdBefore,
  createdPlace,
  isByCreation,
  type ListedRange,
  listedWithin,
} from '#ledger/created.ts';
import { assert } from '#lib/assert.ts';
import type { Address } from '#lib/contact.ts';
import type { CustomerId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import {
  Customer,
  type CustomerState,
  type CustomerStatus,
  type Organisation,
  type Person,
} from './customer.ts';
import {
  deriveRows,
  findNumbers,
  insertDerivedRows,
  replaceDerivedRows,
  type StoredNumbers,
} from './derived-rows.ts';
import { customerError } from './errors.ts';
import { openNationalId, sealedNationalId, type Vault } from './national-id.ts';
import { searchCustomers } from './search.ts';
import { searchedWords } from './search-words.ts';

/** A customer with the instants of its row. */
export type StoredCustomer = CustomerState & { readonly createdAt: Date; readonly updatedAt: Date };

/** A customer of a list, with its place where the list is ordered by creation. */
export type ListedCustomer = StoredCustomer & { readonly createdPlace?: string | undefined };

export type CustomerFilter = ListedRange<CustomerId> & {
  readonly status?: CustomerStatus | undefined;
  readonly email?: string | undefined;
  readonly externalId?: string | undefined;
  /** Beginnings of words of the name, e-mail address and external id, in any order, case and with or without accents. */
  readonly search?: string | undefined;
  /** Only this one: the caller is a customer. */
  readonly only?: CustomerId | undefined;
  readonly after?: CustomerId | undefined;
  /** When the customer was created that the list goes on after, where it is ordered by that. */
  readonly afterCreated?: string | undefined;
  readonly limit: number;
};

export async function insertCustomers(tx: Tx, vault: Vault, customers: readonly Customer[]): Promise<void> {
  if (customers.length === 0) return;
  await tx
    .insertInto('customers')
    .values(customers.map(({ state }) => ({ book_id: vault.bookId, ...toRow(vault, state) })))
    .execute();
  const states = customers.map(({ state }) => state);
  const ids = states.map(({ id }) => id);
  await noteChanged(tx, vault.bookId, 'customers', ids);
  await insertDerivedRows(tx, vault, states);
}

export async function updateCustomer(tx: Tx, vault: Vault, customer: Customer): Promise<void> {
  const updated = await tx
    .updateTable('customers')
    .set({ ...toRow(vault, customer.state), updated_at: sql`now()` })
    .where('book_id', '=', vault.bookId)
    .where('customer_id', '=', customer.state.id)
    .where('version', '=', customer.state.version - 1)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked customer is there to be changed');
  await noteChanged(tx, vault.bookId, 'customers', [customer.state.id]);
  await replaceDerivedRows(tx, vault, customer.state);
}

/** Deletes the customer and, by cascade, all that is about the person; notes the id, so that tokens end with it. */
export async function deleteCustomer(tx: Tx, bookId: number, id: CustomerId): Promise<void> {
  await tx.insertInto('deleted_customers').values({ book_id: bookId, customer_id: id }).execute();
  await noteChanged(tx, bookId, 'deleted_customers', [id]);
  await tx.deleteFrom('customers').where('book_id', '=', bookId).where('customer_id', '=', id).execute();
}

/** The customer, locked for the rest of the transaction. */
export async function lockCustomer(tx: Tx, vault: Vault, id: CustomerId): Promise<Customer | undefined> {
  const row = await selectRows(tx, vault.bookId)
    .where('customer_id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const [stored] = await toStored(tx, vault, [row]);
  assert(stored !== undefined, 'a row is a customer');
  const { createdAt: _, updatedAt: __, ...state } = stored;
  return new Customer(state);
}

/**
 * Makes the numbers and words of customers that a version before this one wrote; returns how many. Each batch is a
 * transaction of its own, and locks its customers in ascending id.
 */
export async function deriveCustomers(context: Context): Promise<number> {
  let count = 0;
  for (const isOld of [sql<boolean>`derived_version is distinct from version`, LACKS_SPELLINGS]) {
    count += await deriveRows(context, async (tx, limit) => {
      const rows = await selectRows(tx, context.bookId)
        .where(isOld)
        .orderBy('customer_id')
        .limit(limit)
        .forNoKeyUpdate()
        .execute();
      return toStored(tx, context, rows);
    });
  }
  return count;
}

/** Whose words were made before names were found by each spelling of their letters: as the index has it. */
const LACKS_SPELLINGS = sql<boolean>`has_spellings is null
  and (coalesce(given_name, '') || ' ' || coalesce(family_name, '') || ' ' || coalesce(legal_name, ''))
    ~* '(ae|oe|ue|aa|[æøåÆØÅ])'`;

export async function findCustomer(
  db: Db,
  vault: Vault,
  id: CustomerId,
): Promise<StoredCustomer | undefined> {
  const row = await selectRows(db, vault.bookId).where('customer_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : (await toStored(db, vault, [row]))[0];
}

/** Whether there is such a customer, without reading its details. */
export async function customerExists(db: Db, bookId: number, id: CustomerId): Promise<boolean> {
  const query = db.selectFrom('customers').select('customer_id').where('book_id', '=', bookId);
  return (await query.where('customer_id', '=', id).executeTakeFirst()) !== undefined;
}

/** Those of the ids that are customers. */
export async function knownCustomers(
  db: Db,
  bookId: number,
  ids: readonly CustomerId[],
): Promise<ReadonlySet<CustomerId>> {
  const query = db.selectFrom('customers').select('customer_id').where('book_id', '=', bookId);
  const rows = await query.where(sql<boolean>`customer_id = any(${ids}::uuid[])`).execute();
  return new Set(rows.map((row) => row.customer_id));
}

/** Newest first: by creation where a range of it is given, else by id; what is searched for always by id. */
export async function listCustomers(db: Db, vault: Vault, filter: CustomerFilter): Promise<ListedCustomer[]> {
  if (filter.search === undefined) {
    if (!isByCreation(filter)) return toStored(db, vault, await filtered(db, vault.bookId, filter).execute());
    const rows = await byCreation(db, vault.bookId, filter).execute();
    const stored = await toStored(db, vault, rows);
    return stored.map((customer, index) => ({ ...customer, createdPlace: rows[index]?.createdPlace }));
  }
  const words = searchedWords(filter.search);
  if (words.length === 0) return [];
  const { after, limit } = filter;
  const list = (conditions: readonly RawBuilder<boolean>[]) =>
    filtered(db, vault.bookId, filter, conditions).execute();
  return toStored(db, vault, await searchCustomers(db, vault.bookId, { words, after, limit, list }));
}

function filtered(
  db: Db,
  bookId: number,
  filter: CustomerFilter,
  conditions: readonly RawBuilder<boolean>[] = [],
) {
  let query = narrowed(db, bookId, filter);
  if (filter.after !== undefined) query = query.where('customer_id', '<', filter.after);
  for (const condition of conditions) query = query.where(condition);
  return query.orderBy('customer_id', 'desc').limit(filter.limit);
}

function byCreation(db: Db, bookId: number, filter: CustomerFilter) {
  const { after: id, afterCreated: createdAt, limit } = filter;
  let query = narrowed(db, bookId, filter).select(createdPlace('c').as('createdPlace'));
  if (id !== undefined && createdAt !== undefined) {
    query = query.where(createdBefore('c', 'customer_id', { id, createdAt }));
  }
  return query.orderBy('c.created_at', 'desc').orderBy('c.customer_id', 'desc').limit(limit);
}

function narrowed(db: Db, bookId: number, filter: CustomerFilter) {
  let query = selectRows(db, bookId);
  if (filter.only !== undefined) query = query.where('customer_id', '=', filter.only);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.email !== undefined) {
    query = query.where(sql<string>`lower(email)`, '=', filter.email.toLowerCase());
  }
  if (filter.externalId !== undefined)
    query = query.where('external_id', '=', filter.externalId.normalize('NFC'));
  for (const condition of listedWithin(bookId, ['c', 'customer_id'], filter)) query = query.where(condition);
  return query;
}

function selectRows(db: Db, bookId: number) {
  return db
    .selectFrom('customers as c')
    .select('c.customer_id as id')
    .select(
      columns('c', [
        'given_name',
        'family_name',
        'date_of_birth',
        'sex',
        'legal_name',
        'registration_number',
      ]),
    )
    .select(
      columns('c', [
        'status',
        'deceased_on',
        'email',
        'phone',
        'national_id_sealed',
        'external_id',
        'metadata',
        'version',
      ]),
    )
    .select(columns('c', ['address_line1', 'address_line2', 'city', 'postal_code', 'region', 'country']))
    .select(columns('c', ['created_at', 'updated_at']))
    .where('book_id', '=', bookId);
}

function toRow(vault: Vault, state: CustomerState): Omit<Insertable<Customers>, 'book_id'> {
  const person = state.identity.type === 'person' ? state.identity : undefined;
  const organisation = state.identity.type === 'organisation' ? state.identity : undefined;
  return {
    customer_id: state.id,
    type: state.identity.type,
    status: state.status,
    deceased_on: state.deceasedOn ?? null,
    given_name: person?.givenName ?? null,
    family_name: person?.familyName ?? null,
    date_of_birth: person?.dateOfBirth ?? null,
    sex: person?.sex ?? null,
    legal_name: organisation?.legalName ?? null,
    registration_number: organisation?.registrationNumber ?? null,
    ...sealedNationalId(vault, state),
    email: state.email ?? null,
    phone: state.phone ?? null,
    address_line1: state.address?.line1 ?? null,
    address_line2: state.address?.line2 ?? null,
    city: state.address?.city ?? null,
    postal_code: state.address?.postalCode ?? null,
    region: state.address?.region ?? null,
    country: state.address?.country ?? null,
    external_id: state.externalId ?? null,
    metadata: JSON.stringify(state.metadata),
    version: state.version,
    derived_version: state.version,
    has_spellings: true,
  };
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

async function toStored(db: Db, vault: Vault, rows: readonly Row[]): Promise<StoredCustomer[]> {
  const numbers = await findNumbers(
    db,
    vault,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    ...toState(vault, row, numbers.get(row.id)),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }));
}

function toState(vault: Vault, row: Row, numbers: StoredNumbers | undefined): CustomerState {
  const { id, status, deceasedOn, email, phone, externalId, metadata, version } = withoutNulls(row);
  const nationalId = openNationalId(vault, row);
  const [identity, address] = [toIdentity(row), toAddress(row)];
  const country = address?.country;
  const { identifiers = [], nationalIdCountry = country, registrationCountry = country } = numbers ?? {};
  const countries = { nationalIdCountry, registrationCountry };
  return {
    id,
    identity,
    status,
    deceasedOn,
    email,
    phone,
    address,
    nationalId,
    identifiers,
    ...countries,
    externalId,
    metadata,
    version,
  };
}

function toIdentity(row: Row): Person | Organisation {
  const { givenName, familyName, dateOfBirth, sex, legalName, registrationNumber } = withoutNulls(row);
  if (dateOfBirth !== undefined) return { type: 'person', givenName, familyName, dateOfBirth, sex };
  assert(legalName !== undefined, 'a customer is a person or an organisation');
  return { type: 'organisation', legalName, registrationNumber };
}

function toAddress(row: Row): Address | undefined {
  const { addressLine1: line1, addressLine2: line2, city, postalCode, region, country } = withoutNulls(row);
  if (line1 === undefined || city === undefined || country === undefined) return undefined;
  return {
    line1,
    ...(line2 === undefined ? {} : { line2 }),
    city,
    ...(postalCode === undefined ? {} : { postalCode }),
    ...(region === undefined ? {} : { region }),
    country,
  };
}

const UNIQUE_DETAILS: Readonly<Record<string, string>> = {
  customers_book_id_national_id_hash_key: 'nationalId',
  customer_identifiers_pkey: 'identifiers',
  customers_book_id_external_id_key: 'externalId',
};

/** 409 `customer_exists` when the database refused a unique detail of a customer; else the error itself. */
export function asCustomerError(error: unknown): unknown {
  const path = UNIQUE_DETAILS[violatedUnique(error) ?? ''];
  if (path === undefined) return error;
  return customerError('customer_exists', {
    path,
    fields: [{ path, message: 'belongs to another customer' }],
  });
}

/** When a row's customer died; null for one who is alive. `row` is the row's name in SQL. */
export function customerDeath(row: RawBuilder<unknown>): RawBuilder<IsoDate | null> {
  return sql`(
    select c.deceased_on from ${customerOf(row)} c)`;
}

/** The name of a row's customer, as written on a payment; null without a customer. `row` is the row's name in SQL. */
export function customerName(row: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql`(
    select coalesce(c.legal_name, concat_ws(' ', c.given_name, c.family_name)) from ${customerOf(row)} c)`;
}

function customerOf(row: RawBuilder<unknown>): RawBuilder<unknown> {
  return rowWith('customers', 'customer_id', sql`${row}.customer_id`, sql`${row}.book_id`);
}

/** The postal address of a row's customer, line by line; no line where the bank knows none. `row` is the row's name. */
export function customerAddress(row: RawBuilder<unknown>): RawBuilder<string[]> {
  return sql`coalesce((
    select array_remove(array[c.address_line1, c.address_line2,
      nullif(concat_ws(' ', c.postal_code, c.city), ''), c.region, c.country], null)
    from customers c
    where c.book_id = ${row}.book_id and c.customer_id = ${row}.customer_id and c.address_line1 is not null), '{}')`;
}

/** Where a customer lives, in the parts that a payment takes. */
export type PostalPlace = {
  /** Street and house, and what stands beside them. */
  readonly lines: readonly string[];
  readonly postalCode: string | null;
  readonly city: string;
  readonly country: string;
};

/** Where a row's customer lives; null where the bank does not know. `row` is the row's name in SQL. */
export function customerPlace(row: RawBuilder<unknown>): RawBuilder<PostalPlace | null> {
  return sql`(
    select json_build_object('lines', array_remove(array[c.address_line1, c.address_line2], null),
      'postalCode', c.postal_code, 'city', c.city, 'country', c.country)
    from ${customerOf(row)} c where c.address_line1 is not null)`;
}
