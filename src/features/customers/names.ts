import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { CustomerId } from '#lib/ids.ts';
import { customerName } from './repository.ts';

/** What customers are called, by their ids. */
export async function findCustomerNames(
  db: Db,
  bookId: number,
  ids: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: CustomerId; name: string }>`
    select own.customer_id as id, ${customerName(sql`own`)} as name from customers own
    where own.book_id = ${bookId} and own.customer_id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
