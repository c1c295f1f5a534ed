import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { DB } from './tables.ts';

/** The book of a look-up's statement. */
export const BOOK = sql`$1`;

/**
 * SQL: the rows of a table with a value in a column, as a subquery. In a table that nobody has analysed all indexes that
 * begin with the book cost the same, and the planner takes any of them: it would read all rows of the book to find one.
 * The order, which is that of the column's own index, makes it the cheapest.
 */
export function rowsWith<Table extends keyof DB>(
  table: Table,
  column: string,
  value: RawBuilder<unknown>,
  book: RawBuilder<unknown> = BOOK,
): RawBuilder<Selectable<DB[Table]>> {
  return sql`(${ordered(table, column, value, book)})`;
}

/** SQL: the one row with a value in a column that no two rows of a book share, as `rowsWith` finds it. */
export function rowWith<Table extends keyof DB>(
  table: Table,
  column: string,
  value: RawBuilder<unknown>,
  book: RawBuilder<unknown> = BOOK,
): RawBuilder<Selectable<DB[Table]>> {
  return sql`(${ordered(table, column, value, book)} limit 1)`;
}

function ordered(
  table: keyof DB,
  column: string,
  value: RawBuilder<unknown>,
  book: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const name = sql.ref(column);
  return sql`
    select * from ${sql.table(table)}
    where book_id = ${book} and ${name} between ${value} and ${value} order by ${name}`;
}
