import { CompiledQuery, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { assert } from '#lib/assert.ts';
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

const SELECT_RECORDS = `
  select record_id as "recordId", content, customer_id as "customerId", account_id as "accountId"
  from imported_records
  where book_id = $1 and record_type = $2 and record_id = any($3::text[])`;

const INSERT_RECORDS = `
  insert into imported_records (book_id, import_id, record_type, record_id, line, content, customer_id, account_id)
  select $1, r.import_id, r.record_type, r.record_id, r.line, r.content::jsonb, r.customer_id, r.account_id
  from unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $6::text[], $7::uuid[], $8::uuid[])
    as r (import_id, record_type, record_id, line, content, customer_id, account_id)`;

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
    const query = CompiledQuery.raw(SELECT_RECORDS, [bookId, recordType, chunk]);
    const { rows } = await tx.executeQuery(query as CompiledQuery<StoredRecord>);
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
    const values = [
      bookId,
      chunk.map(({ importId }) => importId),
      chunk.map(({ recordType }) => recordType),
      chunk.map(({ recordId }) => recordId),
      chunk.map(({ line }) => line),
      chunk.map(({ content }) => content),
      chunk.map(({ customerId }) => customerId ?? null),
      chunk.map(({ accountId }) => accountId ?? null),
    ];
    const { numAffectedRows } = await tx.executeQuery(CompiledQuery.raw(INSERT_RECORDS, values));
    assert(numAffectedRows === BigInt(chunk.length), 'every record is stored');
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
