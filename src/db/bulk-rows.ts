import type { InsertType } from 'kysely';
import { assert } from '#lib/assert.ts';
import {
  bigintArray,
  booleanArray,
  bytesArray,
  dateArray,
  integerArray,
  jsonArray,
  textArray,
  uuidArray,
} from './binary-array.ts';
import { type AnyTx, run } from './session.ts';
import type { DB } from './tables.ts';

/*
 * Statements that write many rows at once, made from one list of columns: each column stands beside the getter of its
 * value, so that no value can reach the column of another. The text is made once, when its module is loaded, so that a
 * connection prepares it once; the values of a column travel as one binary array.
 */

/** One column of many rows: its type in SQL, and the array of its values. */
export type BulkColumn<Row, Value> = {
  readonly type: string;
  readonly toArray: (rows: readonly Row[]) => Buffer;
  /** Never present: only a type, so that the getter's result must suit the column of the table. */
  readonly value?: Value;
};

export const uuids = kindOf('uuid', uuidArray);
export const texts = kindOf('text', textArray);
export const bigints = kindOf('bigint', bigintArray);
export const integers = kindOf('int', integerArray);
export const booleans = kindOf('boolean', booleanArray);
/** Dates as YYYY-MM-DD. */
export const dates = kindOf('date', dateArray);
export const byteStrings = kindOf('bytea', bytesArray);
/** Texts of JSON, for columns of type jsonb. */
export const jsons = kindOf('jsonb', jsonArray);

/** A kind of column, made by a getter. Where that returns undefined, null is sent. */
function kindOf<Wire extends {}>(type: string, toArray: (values: readonly (Wire | null)[]) => Buffer) {
  return <Row, Value extends Wire | null | undefined>(get: (row: Row) => Value): BulkColumn<Row, Value> => ({
    type,
    toArray: (rows) => toArray(rows.map((row): Wire | null => get(row) ?? null)),
  });
}

type Table = keyof DB;
type ColumnOf<T extends Table> = keyof DB[T] & string;
/** A value to send for a column: undefined stands for null. */
type Sent<Column> =
  null extends InsertType<Column> ? InsertType<Column> | undefined : Exclude<InsertType<Column>, undefined>;
type Columns<T extends Table, Row> = { readonly [C in ColumnOf<T>]?: BulkColumn<Row, Sent<DB[T][C]>> };
/** Columns that have neither a default nor null. */
type Needed<T extends Table> = {
  [C in ColumnOf<T>]: undefined extends InsertType<DB[T][C]>
    ? never
    : null extends InsertType<DB[T][C]>
      ? never
      : C;
}[ColumnOf<T>];

/** The values that all rows share, the book among them; an array may be a binary one. */
type Same<T extends Table, C extends ColumnOf<T>> = { readonly book_id: number } & {
  readonly [Column in C]:
    | Sent<DB[T][Column]>
    | (Sent<DB[T][Column]> extends readonly unknown[] ? Buffer : never);
};
/**
 * Writes rows with one statement, or none for no rows. Any other number of written rows is a bug, and rolls back: one
 * was missing, or was there already.
 */
type WriteRows<T extends Table, C extends ColumnOf<T>, Row> = (
  tx: AnyTx,
  same: Same<T, C>,
  rows: readonly Row[],
) => Promise<void>;

/**
 * Inserts into a table. `same` names the columns, besides `book_id`, in which all rows have one value; `onConflict` is
 * the text after those words where a row may be there already.
 */
export function bulkInsert<T extends Table, C extends ColumnOf<T> = never>(
  table: T,
  { same = [], onConflict }: { readonly same?: readonly C[]; readonly onConflict?: string } = {},
) {
  return {
    of<Row>(
      each: Columns<T, Row> & Required<Pick<Columns<T, Row>, Exclude<Needed<T>, C | 'book_id'>>>,
    ): WriteRows<T, C, Row> {
      const set = recordSet<Row>(each, same.length + 2);
      const text = `insert into ${table} (${['book_id', ...same, ...set.names].join(', ')})
        select ${['$1', ...same.map((_, index) => `$${index + 2}`), ...set.names].join(', ')} from ${set.from}
        ${onConflict === undefined ? '' : `on conflict ${onConflict}`}`;
      return writerOf(table, text, same, set);
    },
  };
}

/** Updates rows of a table that are found by the columns of `key`, as they were before. */
export function bulkUpdate<T extends Table, C extends ColumnOf<T> = never>(
  table: T,
  { same = [] }: { readonly same?: readonly C[] } = {},
) {
  return {
    of<Row>(columns: { readonly key: Columns<T, Row>; readonly set: Columns<T, Row> }): WriteRows<T, C, Row> {
      const key = prefixed<Row>('old_', columns.key);
      const set = recordSet<Row>({ ...key, ...prefixed<Row>('new_', columns.set) }, same.length + 2);
      const changes = Object.keys(columns.set).map((column) => `${column} = r.new_${column}`);
      const conditions = Object.keys(columns.key).map((column) => `t.${column} = r.old_${column}`);
      const text = `update ${table} as t
        set ${[...changes, ...same.map((column, index) => `${column} = $${index + 2}`)].join(', ')}
        from ${foundRows(set, table, conditions)} where t.ctid = r.row_at`;
      return writerOf(table, text, same, set);
    },
  };
}

export type ColumnList<Row> = { readonly [column: string]: BulkColumn<Row, unknown> | undefined };
/** Rows as a table `r` of a statement: its text for the `from` clause, and its parameters. */
type RecordSet<Row> = {
  readonly names: readonly string[];
  /** The number of its first parameter. */
  readonly first: number;
  readonly unnested: string;
  readonly from: string;
  readonly values: (rows: readonly Row[]) => Buffer[];
};

/** Rows for a statement that does more than write them. They take its parameters from `$first` on. */
export function recordSet<Row>(columns: ColumnList<Row>, first = 2): RecordSet<Row> {
  const names = Object.keys(columns);
  const kinds = Object.values(columns).filter((column) => column !== undefined);
  const arrays = kinds.map(({ type }, index) => `$${first + index}::${type}[]`);
  const unnested = `unnest(${arrays.join(', ')})`;
  return {
    names,
    first,
    unnested,
    from: `${unnested} as r (${names.join(', ')})`,
    values: (rows) => kinds.map(({ toArray }) => toArray(rows)),
  };
}

/**
 * Rows as a table `r` that knows the place (`row_at`) of a row of `table` for each, found by conditions on `t` and `r`. To
 * be joined by that place: an update that joins by columns can be planned, in a bank without statistics, to read all
 * of the table for every row. The limit changes nothing but the estimate: one row, so that a look-up for each is best.
 */
export function foundRows<Row>(
  { from, names, first }: RecordSet<Row>,
  table: Table,
  conditions: readonly string[],
): string {
  return `(
          select r.*, found.row_at from (select * from ${from} limit cardinality($${first})) as r (${names.join(', ')})
          cross join lateral (
            select t.ctid as row_at from ${table} t where ${['t.book_id = $1', ...conditions].join(' and ')} limit 1
          ) found
        ) as r`;
}

function prefixed<Row>(prefix: string, columns: ColumnList<Row>): ColumnList<Row> {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [prefix + name, column]));
}

function writerOf<T extends Table, C extends ColumnOf<T>, Row>(
  table: T,
  text: string,
  columns: readonly C[],
  set: RecordSet<Row>,
): WriteRows<T, C, Row> {
  return async (tx, same, rows) => {
    if (rows.length === 0) return;
    const shared = columns.map((column) => same[column]);
    const { affectedRows } = await run(tx, text, [same.book_id, ...shared, ...set.values(rows)]);
    assert(affectedRows === rows.length, `expected ${rows.length} rows of ${table}, wrote ${affectedRows}`);
  };
}
