import { sql } from 'kysely';
import { bulkUpdate, byteStrings, uuids } from '#db/bulk-rows.ts';
import type { Tx } from '#db/database.ts';
import { inBatches } from '#db/in-batches.ts';
import { type KeyChange, reindex, reseal } from '#lib/data-key.ts';
import type { CustomerId } from '#lib/ids.ts';
import { identifierContexts } from './derived-rows.ts';
import { type Identifier, identityOf } from './identifiers.ts';
import { nationalIdContexts } from './national-id.ts';

type NationalIdRow = { readonly id: CustomerId; readonly sealed: Buffer; readonly hash: Buffer };

const storeNationalIds = bulkUpdate('customers').of<NationalIdRow>({
  key: { customer_id: uuids(({ id }) => id) },
  set: {
    national_id_sealed: byteStrings(({ sealed }) => sealed),
    national_id_hash: byteStrings(({ hash }) => hash),
  },
});

/** Seals and indexes the national ids of a book under a new data key; returns how many. */
export function rotateNationalIds(tx: Tx, bookId: number, keys: KeyChange): Promise<number> {
  const query = sql<NationalIdRow & { ownCountry: string | null; country: string | null }>`
    select c.customer_id as id, c.national_id_sealed as sealed, c.national_id_hash as hash,
      i.country as "ownCountry", c.country
    from customers c
    left join customer_identifiers i
      on i.book_id = c.book_id and i.customer_id = c.customer_id and i.field = 'nationalId'
    where c.book_id = ${bookId} and c.national_id_sealed is not null`;
  return inBatches(tx, query, (rows) =>
    storeNationalIds(
      tx,
      { book_id: bookId },
      rows.map(({ id, sealed, hash, ownCountry, country }) => {
        const contexts = nationalIdContexts(bookId, id);
        const value = keys.from.decrypt(sealed, contexts.seal).toString('utf8');
        // A version before this one stored no country beside the number, or hashed the number alone.
        const written = [ownCountry, country, null].map((one) =>
          identityOf({ type: 'national_id', country: one ?? undefined, value }),
        );
        return {
          id,
          sealed: reseal(keys, sealed, contexts.seal),
          hash: reindex(keys, hash, [...written, value], contexts.index),
        };
      }),
    ),
  );
}

type IdentifierRow = {
  readonly id: CustomerId;
  readonly oldHash: Buffer;
  readonly hash: Buffer;
  readonly sealed: Buffer;
};

const storeIdentifiers = bulkUpdate('customer_identifiers').of<IdentifierRow>({
  key: { value_hash: byteStrings(({ oldHash }) => oldHash) },
  set: {
    value_hash: byteStrings(({ hash }) => hash),
    value_sealed: byteStrings(({ sealed }) => sealed),
  },
});

/** Seals and indexes the numbers of a book's customers under a new data key; returns how many. */
export function rotateIdentifiers(tx: Tx, bookId: number, keys: KeyChange): Promise<number> {
  const query = sql<{
    id: CustomerId;
    hash: Buffer;
    sealed: Buffer;
    type: Identifier['type'];
    country: string | null;
  }>`
    select customer_id as id, value_hash as hash, value_sealed as sealed, type, country
    from customer_identifiers where book_id = ${bookId}`;
  return inBatches(tx, query, (rows) =>
    storeIdentifiers(
      tx,
      { book_id: bookId },
      rows.map(({ id, hash: oldHash, sealed, type, country }) => {
        const contexts = identifierContexts(bookId, id);
        const value = keys.from.decrypt(sealed, contexts.seal).toString('utf8');
        const identity = identityOf({ type, country: country ?? undefined, value });
        return {
          id,
          oldHash,
          hash: reindex(keys, oldHash, [identity], contexts.index),
          sealed: reseal(keys, sealed, contexts.seal),
        };
      }),
    ),
  );
}
