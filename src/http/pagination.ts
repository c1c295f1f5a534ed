import { type Static, type TProperties, Type } from 'typebox';
import { type FlorinError, validationFailed } from '#lib/errors.ts';
import type { Sought } from '#lib/sought.ts';
import { parseIsoDate } from '#lib/time/dates.ts';
import { isInstant } from '#lib/time/instants.ts';
import { isStorableText } from './json-body.ts';
import { closedObject } from './schemas.ts';

const DEFAULT_PAGE_LIMIT = 25;
/** Large enough to read a year of an account in a few calls, small enough to answer in milliseconds. */
const MAX_PAGE_LIMIT = 100;
/** A cursor holds the two or three values a list is ordered by. */
const MAX_CURSOR_LENGTH = 512;

const PAGE_PROPERTIES = {
  limit: Type.Optional(
    Type.Integer({
      description: `Rows on a page, ${DEFAULT_PAGE_LIMIT} if not given.`,
      minimum: 1,
      maximum: MAX_PAGE_LIMIT,
    }),
  ),
  cursor: Type.Optional(Type.String({ description: 'The `nextCursor` of the page before.' })),
};

/** The query of a list without filters. */
export const PageQuery = closedObject(PAGE_PROPERTIES);
export type PageQuery = Static<typeof PageQuery>;

/** The query of a list with filters of its own. */
export function pageQuery<Filters extends TProperties>(filters: Filters) {
  return closedObject({ ...PAGE_PROPERTIES, ...filters });
}

/** The number of rows a page should have. Read one more, for toPage. */
export function pageLimit(query: PageQuery): number {
  return query.limit ?? DEFAULT_PAGE_LIMIT;
}

/** The form of a value in a cursor before SQL may cast it. */
export type CursorValue = 'uuid' | 'integer' | 'date' | 'instant' | 'text';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** At most 18 digits: always a bigint. */
const INTEGER = /^-?(0|[1-9]\d{0,17})$/;

const CURSOR_CHECKS: Record<CursorValue, (text: string) => boolean> = {
  uuid: (text) => UUID.test(text),
  integer: (text) => INTEGER.test(text),
  date: (text) => parseIsoDate(text) !== undefined,
  instant: isInstant,
  text: isStorableText,
};

/** The place after a row as opaque text: the values of the row that the list is ordered by. */
export function encodeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/**
 * The values in a cursor, one of each kind in `shape`. Throws 400 `validation_failed` for any other text: a
 * cursor comes from outside, whoever made it first.
 */
export function decodeCursor(text: string, shape: readonly CursorValue[]): string[] {
  if (text.length > MAX_CURSOR_LENGTH) throw invalidCursor();
  const values = parseValues(Buffer.from(text, 'base64url').toString('utf8'));
  if (values.length !== shape.length) throw invalidCursor();
  return shape.map((kind, index) => {
    const value = values[index];
    if (typeof value !== 'string' || !CURSOR_CHECKS[kind](value)) throw invalidCursor();
    return value;
  });
}

function parseValues(json: string): unknown[] {
  try {
    const values: unknown = JSON.parse(json);
    return Array.isArray(values) ? values : [];
  } catch {
    throw invalidCursor();
  }
}

/** 400 `validation_failed` for a text that is not a cursor of the list. */
export function invalidCursor(): FlorinError<'validation_failed'> {
  return validationFailed({ path: 'cursor', message: 'is not a cursor of this list with these filters' });
}

/**
 * The page of the first `limit` rows, given one row more where there is one. `cursorOf` takes the last row shown. Where
 * only the rows through a place were looked at, the next page begins behind it, though this one may be short or empty.
 */
export function toPage<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => readonly string[],
  soughtThrough?: readonly string[],
): { data: Row[]; nextCursor: string | null } {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  if (hasMore) return { data, nextCursor: encodeCursor(cursorOf(last)) };
  return { data, nextCursor: soughtThrough === undefined ? null : encodeCursor(soughtThrough) };
}

/** How a list is read. */
export type ListSource<Row, Place extends string, View> = {
  /** The kind of the value that the list is ordered by. */
  readonly order: CursorValue;
  /** That value of a row. */
  readonly placeOf: (row: Row) => Place;
  /** At most `limit` rows after a place, or the first ones. */
  readonly read: (limit: number, after: Place | undefined) => Promise<readonly Row[] | Sought<Row, Place>>;
  readonly view: (row: Row) => View;
};

/** The id of a row, and when it was created where the list is ordered by it. */
export type CreatedPlace<Id> = { readonly id: Id; readonly createdPlace?: string | undefined };

/** How a list is read that is ordered by when its rows were created where it is asked for a range of that, else by id. */
export type CreatedSource<Row, Id extends string, View> = {
  readonly isByCreation: boolean;
  readonly placeOf: (row: Row) => CreatedPlace<Id>;
  /** At most `limit` rows after a row, or the first ones. */
  readonly read: (
    limit: number,
    after: { readonly after?: Id; readonly afterCreated?: string },
  ) => Promise<Sought<Row, CreatedPlace<Id>>>;
  readonly view: (row: Row) => View;
};

/** The page of such a list that a query names. Throws 400 `validation_failed` for a cursor of another list. */
export async function readCreatedPage<Row, Id extends string, View>(
  query: PageQuery,
  { isByCreation, placeOf, read, view }: CreatedSource<Row, Id, View>,
): Promise<{ data: View[]; nextCursor: string | null }> {
  const limit = pageLimit(query);
  const { rows, soughtThrough } = await read(limit + 1, afterOf<Id>(query, isByCreation));
  const through = soughtThrough && valuesOf(soughtThrough);
  const page = toPage(rows, limit, (row) => valuesOf(placeOf(row)), through);
  return { ...page, data: page.data.map(view) };
}

function valuesOf({ id, createdPlace }: CreatedPlace<string>): string[] {
  return createdPlace === undefined ? [id] : [id, createdPlace];
}

function afterOf<Id extends string>({ cursor }: PageQuery, isByCreation: boolean) {
  if (cursor === undefined) return {};
  const [after, afterCreated] = decodeCursor(cursor, isByCreation ? ['uuid', 'instant'] : ['uuid']);
  // They are of the shape that was asked for.
  return { after: after as Id, ...(afterCreated === undefined ? {} : { afterCreated }) };
}

/** The page of a list that a query names. Throws 400 `validation_failed` for a cursor of another list. */
export async function readPage<Row, Place extends string, View>(
  query: PageQuery,
  { order, placeOf, read, view }: ListSource<Row, Place, View>,
): Promise<{ data: View[]; nextCursor: string | null }> {
  const limit = pageLimit(query);
  const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, [order]);
  // It is of the order's kind, and so of the place's.
  const found = await read(limit + 1, after as Place | undefined);
  const { rows, soughtThrough } = 'rows' in found ? found : { rows: found, soughtThrough: undefined };
  const page = toPage(
    rows,
    limit,
    (row) => [placeOf(row)],
    soughtThrough === undefined ? undefined : [soughtThrough],
  );
  return { ...page, data: page.data.map(view) };
}

/** Parameters of a list that do not narrow it, or that leave so much of it that a page is soon full. */
const UNBOUND: ReadonlySet<string> = new Set(['limit', 'cursor', 'status']);

/** Whether the rows that a query asks for are found by an index, which the parameters of these names have, or are most of them. */
export function isFoundByIndex(query: object, indexed: readonly string[]): boolean {
  const given = Object.keys(query).filter((name) => !UNBOUND.has(name));
  return given.length === 0 || given.some((name) => indexed.includes(name));
}
