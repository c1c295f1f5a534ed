import { type RawBuilder, sql } from 'kysely';
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
export function createdWithin(
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
