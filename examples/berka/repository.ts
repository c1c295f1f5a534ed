import { sql } from 'kysely';
import { bulkInsert, integers, jsons, texts, uuids } from '#db/bulk-rows.ts';
import type { Tx } from '#db/database.ts';
import type { AccountId, CustomerId, Id, IdSource } from '#lib/ids.ts';

export type ImportId = Id<'import'>;

/** A file that is loaded. */
export type ImportedFile = {
  /** Without its folder. */
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly rowCount: number;
};

/** A row of another system's file, and whom it is about: with that customer or account it goes. */
export type ImportedRecord = {
  readonly importId: ImportId;
  readonly recordType: string;
  readonly recordId: string;
  readonly line: number;
  /** A JSON object. */
  readonly content: string;
  readonly customerId: CustomerId | undefined;
  readonly accountId: AccountId | undefined;
};

export type StoredRecord = {
  readonly recordId: string;
  readonly content: unknown;
  readonly customerId: CustomerId | null;
  readonly accountId: AccountId | null;
};

/** Rows a statement: some megabytes of parameters, and a progress bar that moves. */
const CHUNK = 5_000;

const storeRecords = bulkInsert('imported_records').of<ImportedRecord>({
  import_id: uuids(({ importId }) => importId),
  record_type: texts(({ recordType }) => recordType),
  record_id: texts(({ recordId }) => recordId),
  line: integers(({ line }) => line),
  content: jsons(({ content }) => content),
  customer_id: uuids(({ customerId }) => customerId),
  account_id: uuids(({ accountId }) => accountId),
});

/**
 * Lets one import at a time into a book, so that what it has looked up stays true: locks the counter of account
 * numbers, which an import with new accounts holds to its end anyway.
 */
export async function lockImports(tx: Tx, bookId: number): Promise<void> {
  await tx
    .selectFrom('account_numbers')
    .select('next_number')
    .where('book_id', '=', bookId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
}

/** Notes a file as loaded; undefined if one with the same content was loaded before. */
export async function insertImport(
  tx: Tx,
  bookId: number,
  ids: IdSource,
  source: string,
  file: ImportedFile,
): Promise<ImportId | undefined> {
  const id = ids.next() as ImportId;
  const { fileName, sha256, rowCount } = file;
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('imports')
    .values({ book_id: bookId, import_id: id, source, file_name: fileName, sha256, row_count: rowCount })
    .onConflict((conflict) => conflict.columns(['book_id', 'source', 'sha256']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n ? id : undefined;
}

/** The records of a type with these ids, by id. */
export async function selectRecords(
  tx: Tx,
  bookId: number,
  recordType: string,
  recordIds: readonly string[],
): Promise<Map<string, StoredRecord>> {
  const found = new Map<string, StoredRecord>();
  for (let start = 0; start < recordIds.length; start += CHUNK) {
    const chunk = recordIds.slice(start, start + CHUNK);
    const { rows } = await sql<StoredRecord>`
      select record_id as "recordId", content, customer_id as "customerId", account_id as "accountId"
      from imported_records
      where book_id = ${bookId} and record_type = ${recordType} and record_id = any(${chunk}::text[])`.execute(
      tx,
    );
    for (const row of rows) found.set(row.recordId, row);
  }
  return found;
}

/** Stores records; `onStored` hears how many are. */
export async function insertRecords(
  tx: Tx,
  bookId: number,
  records: readonly ImportedRecord[],
  onStored: (count: number) => void = () => undefined,
): Promise<void> {
  for (let start = 0; start < records.length; start += CHUNK) {
    const chunk = records.slice(start, start + CHUNK);
    await storeRecords(tx, { book_id: bookId }, chunk);
    onStored(start + chunk.length);
  }
}

/** Of these external ids those that a customer or an account has already. */
export async function selectTakenExternalIds(
  tx: Tx,
  bookId: number,
  table: 'customers' | 'accounts' | 'loans',
  externalIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ externalId: string }>`
    select external_id as "externalId" from ${sql.table(table)}
    where book_id = ${bookId} and external_id = any(${externalIds}::text[])`.execute(tx);
  return new Set(rows.map(({ externalId }) => externalId));
}

/**
 * Locks accounts' own rows in ascending id, before the book and their ledger accounts: whoever changes an
 * account locks its row first too, and stored transactions and records point to it.
 */
export async function lockAccountRows(tx: Tx, bookId: number, ids: readonly AccountId[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    select account_id from accounts where book_id = ${bookId} and account_id = any(${ids}::uuid[])
    order by account_id for no key update`.execute(tx);
}
