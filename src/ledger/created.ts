import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { hasMetadata } from '#db/labels.ts';
import { KEYS, LOOKED_AT, lookBackFrom } from '#db/look-back.ts';
import type { Labels } from '#lib/labels.ts';
import { optional } from '#lib/text.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';

/** When rows were created: dates in the book's time zone, both included. */
export type CreatedRange = {
  readonly createdFrom?: IsoDate | undefined;
  readonly createdTo?: IsoDate | undefined;
};

/** The place after a row in a list by creation. */
export type CreatedAfter<Id> = { readonly createdAt: string; readonly id: Id };

/** The range that a query asks for. */
export function createdOf({
  createdFrom,
  createdTo,
}: {
  readonly createdFrom?: string;
  readonly createdTo?: string;
}): CreatedRange {
  return { createdFrom: optional(createdFrom, isoDate), createdTo: optional(createdTo, isoDate) };
}

/** Whether a list is asked for what was created in a range: its order is then that of the index of creation. */
export function isByCreation({ createdFrom, createdTo }: CreatedRange): boolean {
  return (createdFrom ?? createdTo) !== undefined;
}

/** The conditions of a range on rows that a query calls `row`. */
function createdWithin(
  bookId: number,
  row: string,
  { createdFrom, createdTo }: CreatedRange,
): RawBuilder<boolean>[] {
  const createdAt = sql.ref(`${row}.created_at`);
  const zone = sql`(select time_zone from books where book_id = ${bookId})`;
  return [
    ...(createdFrom === undefined
      ? []
      : [sql<boolean>`${createdAt} >= ${createdFrom}::date::timestamp at time zone ${zone}`]),
    ...(createdTo === undefined
      ? []
      : [sql<boolean>`${createdAt} < (${createdTo}::date + 1)::timestamp at time zone ${zone}`]),
  ];
}

/** When a row was created, to the microsecond: what a cursor is made of. */
export function createdPlace(row: string): RawBuilder<string> {
  return sql<string>`to_char(${sql.ref(`${row}.created_at`)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** What comes after a place, the newest first. `key` names the id's column. */
export function createdBefore<Id>(row: string, key: string, place: CreatedAfter<Id>): RawBuilder<boolean> {
  return sql<boolean>`(${sql.ref(`${row}.created_at`)}, ${sql.ref(`${row}.${key}`)}) < (${place.createdAt}::timestamptz, ${place.id}::uuid)`;
}

/** A row of a list by id, or by creation where it is ordered by that. */
export type Through<Id> = { readonly id: Id; readonly createdPlace?: string | undefined };

/**
 * The last row that a page looks at, in the order of such a list (see lookBackFrom); undefined where the list ends
 * before.
 */
export async function lookBackCreated<Id extends string>(
  db: Db,
  bookId: number,
  table: 'accounts' | 'customers' | 'loans',
  filter: CreatedRange & { readonly after?: Id | undefined; readonly afterCreated?: string | undefined },
  count = LOOKED_AT,
): Promise<Through<Id> | undefined> {
  const { after, afterCreated: createdAt } = filter;
  if (!isByCreation(filter)) {
    const id = await lookBackFrom(db, bookId, table, after, count);
    return id && { id };
  }
  const key = KEYS[table];
  const isAfter =
    after !== undefined && createdAt !== undefined
      ? [createdBefore(table, key, { id: after, createdAt })]
      : [];
  const where = [sql`book_id = ${bookId}`, ...createdWithin(bookId, table, filter), ...isAfter];
  const { rows } = await sql<Through<Id>>`
    select ${sql.ref(key)} as "id", ${createdPlace(table)} as "createdPlace" from ${sql.table(table)}
    where ${sql.join(where, sql` and `)}
    order by created_at desc, ${sql.ref(key)} desc offset ${count - 1} limit 1`.execute(db);
  return rows[0];
}

/** What such a list is narrowed to: when its rows were created, their metadata, and the last one that a page looks at. */
export type ListedRange<Id> = CreatedRange & {
  readonly metadata?: Labels['metadata'];
  readonly through?: Through<Id> | undefined;
};

/** The conditions of that on rows, by the name that a query has for them and their id's column. */
export function listedWithin<Id>(
  bookId: number,
  [row, key]: readonly [row: string, key: string],
  filter: ListedRange<Id>,
): RawBuilder<boolean>[] {
  const { through } = filter;
  return [
    ...createdWithin(bookId, row, filter),
    ...hasMetadata(row, filter),
    ...(through === undefined ? [] : [isThrough(row, key, through)]),
  ];
}

function isThrough<Id>(
  row: string,
  key: string,
  { id, createdPlace: createdAt }: Through<Id>,
): RawBuilder<boolean> {
  const own = sql.ref(`${row}.${key}`);
  if (createdAt === undefined) return sql<boolean>`${own} >= ${id}::uuid`;
  return sql<boolean>`(${sql.ref(`${row}.created_at`)}, ${own}) >= (${createdAt}::timestamptz, ${id}::uuid)`;
}
