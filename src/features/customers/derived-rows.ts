import { sql } from 'kysely';
import { bulkInsert, byteStrings, texts, uuids } from '#db/bulk-rows.ts';
import type { Context } from '#db/context.ts';
import type { Db, Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import type { CustomerId } from '#lib/ids.ts';

import { type CustomerNumber, type CustomerState, numbersOf } from './customer.ts';
import { customerError } from './errors.ts';
import { type Identifier, identityOf } from './identifiers.ts';
import type { Vault } from './national-id.ts';
import { wordsOf } from './search-words.ts';

type NumberRow = CustomerNumber & {
  readonly customerId: CustomerId;
  readonly hash: Buffer;
  readonly sealed: Buffer;
};
type WordRow = { readonly customerId: CustomerId; readonly word: string };

const insertWords = bulkInsert('customer_words').of<WordRow>({
  customer_id: uuids(({ customerId }) => customerId),
  word: texts(({ word }) => word),
});

const insertNumbers = bulkInsert('customer_identifiers').of<NumberRow>({
  value_hash: byteStrings(({ hash }) => hash),
  customer_id: uuids(({ customerId }) => customerId),
  field: texts(({ field }) => field),
  type: texts(({ identifier }) => identifier.type),
  country: texts(({ identifier }) => identifier.country),
  value_sealed: byteStrings(({ sealed }) => sealed),
});

/** What is sealed for one customer does not open in another's row; what is hashed is unique in the book. */
export function identifierContexts(bookId: number, customerId: string): { seal: string; index: string } {
  const index = `customer_identifiers.value/${bookId}`;
  return { seal: `${index}/${customerId}`, index };
}

/**
 * Stores the numbers and words of new customers. Throws 409 `customer_exists` for a number that belongs to another
 * customer; a writer of the same number that is under way is waited for.
 */
export async function insertDerivedRows(
  tx: Tx,
  vault: Vault,
  states: readonly CustomerState[],
): Promise<void> {
  const { bookId } = vault;
  const numbers = states.flatMap((state) => numberRows(vault, state));
  const unplaced = states
    .filter(({ address }) => address === undefined)
    .flatMap((state) => withoutCountry(vault, state));
  await refuseTaken(tx, bookId, [...numbers, ...unplaced]);
  await insertNumbers(tx, { book_id: bookId }, numbers);
  await insertWords(
    tx,
    { book_id: bookId },
    states.flatMap((state) => wordsOf(state).map((word) => ({ customerId: state.id, word }))),
  );
}

/** Replaces the numbers and words of a locked customer. Throws as insertDerivedRows. */
export async function replaceDerivedRows(tx: Tx, vault: Vault, state: CustomerState): Promise<void> {
  for (const table of ['customer_identifiers', 'customer_words'] as const) {
    await tx
      .deleteFrom(table)
      .where('book_id', '=', vault.bookId)
      .where('customer_id', '=', state.id)
      .execute();
  }
  await insertDerivedRows(tx, vault, [state]);
}

/** As versions before stored the numbers of a customer without an address. */
function withoutCountry(vault: Vault, state: CustomerState): NumberRow[] {
  return numberRows(vault, {
    ...state,
    identifiers: [],
    nationalIdCountry: undefined,
    registrationCountry: undefined,
  });
}

function numberRows(vault: Vault, state: CustomerState): NumberRow[] {
  const contexts = identifierContexts(vault.bookId, state.id);
  return numbersOf(state).map((number) => ({
    ...number,
    customerId: state.id,
    hash: vault.dataKey.blindIndex(identityOf(number.identifier), contexts.index),
    sealed: vault.dataKey.encrypt(number.identifier.value, contexts.seal),
  }));
}

/** Names the field. Two at once get past this, and the key of the table refuses the second. */
async function refuseTaken(tx: Tx, bookId: number, numbers: readonly NumberRow[]): Promise<void> {
  const taken = await findTaken(tx, bookId, numbers);
  const paths = [
    ...new Set(numbers.filter(({ hash }) => taken.has(hash.toString('hex'))).map(({ path }) => path)),
  ];
  const [path] = paths;
  if (path === undefined) return;
  throw customerError('customer_exists', {
    path,
    fields: paths.map((one) => ({ path: one, message: 'belongs to another customer' })),
  });
}

async function findTaken(
  tx: Tx,
  bookId: number,
  numbers: readonly NumberRow[],
): Promise<ReadonlySet<string>> {
  if (numbers.length === 0) return new Set();
  const { rows } = await sql<{ hash: Buffer }>`
    select value_hash as hash from customer_identifiers
    where book_id = ${bookId} and value_hash = any(${numbers.map(({ hash }) => hash)}::bytea[])`.execute(tx);
  return new Set(rows.map(({ hash }) => hash.toString('hex')));
}

/** Numbers as they are stored of a customer, opened. */
export type StoredNumbers = Pick<CustomerState, 'identifiers' | 'nationalIdCountry' | 'registrationCountry'>;

/** The numbers of some customers. One whose numbers were never stored is not among them. */
export async function findNumbers(
  db: Db,
  vault: Vault,
  ids: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, StoredNumbers>> {
  if (ids.length === 0) return new Map();
  const { bookId, dataKey } = vault;
  const { rows } = await sql<{
    id: CustomerId;
    field: CustomerNumber['field'];
    type: Identifier['type'];
    country: string | null;
    sealed: Buffer;
  }>`
    select customer_id as id, field, type, country, value_sealed as sealed from customer_identifiers
    where book_id = ${bookId} and customer_id = any(${ids}::uuid[])
    order by customer_id, type, country, value_hash`.execute(db);
  const numbers = new Map<CustomerId, StoredNumbers>();
  for (const [id, own] of Map.groupBy(rows, (row) => row.id)) {
    const countryOf = (field: CustomerNumber['field']) =>
      own.find((row) => row.field === field)?.country ?? undefined;
    const identifiers = own
      .filter(({ field }) => field === 'identifiers')
      .map(({ type, country, sealed }) => ({
        type,
        country: country ?? undefined,
        value: dataKey.decrypt(sealed, identifierContexts(bookId, id).seal).toString('utf8'),
      }));
    numbers.set(id, {
      identifiers,
      nationalIdCountry: countryOf('nationalId'),
      registrationCountry: countryOf('registrationNumber'),
    });
  }
  return numbers;
}

/** Customers that are done in one transaction, so that nobody waits long for one of them. */
const DERIVE_BATCH = 500;

/**
 * Makes the numbers and words of customers that a version before this one wrote, and returns how many. A number that
 * belongs to another customer in the normal form, but was another before, stays with that customer. Each batch is a
 * transaction of its own: cut off, it goes on at the next start. Locks the customers of a batch in ascending id.
 */
export async function deriveRows(
  context: Context,
  lockStates: (tx: Tx, limit: number) => Promise<readonly CustomerState[]>,
): Promise<number> {
  let derived = 0;
  for (;;) {
    const count = await inTransaction(context.db, async (tx) => {
      const states = await lockStates(tx, DERIVE_BATCH);
      await storeOld(tx, context, states);
      return states.length;
    });
    derived += count;
    // Ends: every batch takes rows away, and this version adds none.
    if (count === 0) return derived;
  }
}

async function storeOld(tx: Tx, context: Context, states: readonly CustomerState[]): Promise<void> {
  const { bookId } = context;
  const ids = states.map(({ id }) => id);
  if (ids.length === 0) return;
  for (const table of ['customer_identifiers', 'customer_words'] as const) {
    await tx.deleteFrom(table).where('book_id', '=', bookId).where('customer_id', 'in', ids).execute();
  }
  const numbers = new Map(
    states
      .flatMap((state) => numberRows(context, state))
      .toReversed()
      .map((row) => [row.hash.toString('hex'), row]),
  );
  const taken = await findTaken(tx, bookId, [...numbers.values()]);
  const free = [...numbers].filter(([hash]) => !taken.has(hash)).map(([, row]) => row);
  await insertNumbers(tx, { book_id: bookId }, free);
  await insertWords(
    tx,
    { book_id: bookId },
    states.flatMap((state) => wordsOf(state).map((word) => ({ customerId: state.id, word }))),
  );
  await sql`
    update customers set derived_version = version, has_spellings = true
    where book_id = ${bookId} and customer_id = any(${ids}::uuid[])`.execute(tx);
}
