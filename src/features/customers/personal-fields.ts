import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Db } from '#db/database.ts';
import { listFormerDataKeys } from '#db/former-data-keys.ts';
import { type OpenPersonalFields, type PersonalSeal, sealedAddress } from '#features/audit/contract.ts';
import type { SealAddress } from '#lib/caller.ts';
import { type CustomerId, parseTypeId, toTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import type { Vault } from './national-id.ts';

/**
 * Seals for the audit trail, which is permanently, what it says of a person: with a key of the customer's, which goes
 * with the customer. Undefined where there is no such customer.
 */
export async function personalSeal(db: Db, vault: Vault, id: CustomerId): Promise<PersonalSeal | undefined> {
  const key = (await findTrailKeys(db, vault.bookId, [id])).get(id);
  if (key === undefined) return undefined;
  const context = contextOf(vault.bookId, id, key);
  return {
    personId: toTypeId('customer', id),
    seal: (fields) => vault.dataKey.encrypt(JSON.stringify(fields), context).toString('base64'),
  };
}

/** Seals for the trail where the requests of a customer's users came from. */
export async function addressSeal(db: Db, vault: Vault, id: CustomerId): Promise<SealAddress> {
  const seal = await personalSeal(db, vault, id);
  return (address) => optional(seal, (one) => sealedAddress(one, address));
}

/**
 * Opens what was sealed of the customers who are still there, under the data key in use or a former one: the trail is
 * never written again. Throws WrongDataKeyError, DamagedDataError.
 */
export function personalFieldsOpener(context: Context): OpenPersonalFields {
  return async (personIds) => {
    const ids = personIds.flatMap((personId) => parseTypeId('customer', personId) ?? []);
    const keys = await findTrailKeys(context.db, context.bookId, ids);
    const former = keys.size === 0 ? [] : await listFormerDataKeys(context.db, context);
    return ({ of, sealed }) => {
      const id = parseTypeId('customer', of);
      const key = id === undefined ? undefined : keys.get(id);
      if (id === undefined || key === undefined) return undefined;
      const bytes = Buffer.from(sealed, 'base64');
      const dataKey = former.find((one) => one.key.hasSealed(bytes))?.key ?? context.dataKey;
      const text = dataKey.decrypt(bytes, contextOf(context.bookId, id, key));
      return Object(JSON.parse(text.toString('utf8')));
    };
  };
}

async function findTrailKeys(
  db: Db,
  bookId: number,
  ids: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, Buffer>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: CustomerId; key: Buffer }>`
    select customer_id as id, trail_key as key from customers
    where book_id = ${bookId} and customer_id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, key }) => [id, key]));
}

/** With the customer's key in it: the data key alone opens nothing. */
function contextOf(bookId: number, id: CustomerId, key: Buffer): string {
  return `audit_log.personal/${bookId}/${id}/${key.toString('hex')}`;
}
