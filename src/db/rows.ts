/** A column's name as the code has it: `openedOn` for `opened_on`. */
type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;
type Selection<Table extends string, Column extends string> = {
  [Name in Column]: `${Table}.${Name} as ${CamelCase<Name>}`;
}[Column];
type WithoutNulls<Row> = {
  [Name in keyof Row]: null extends Row[Name] ? Exclude<Row[Name], null> | undefined : Row[Name];
};

/**
 * Columns of a table, or of its alias, to be selected under the names that the code has for them:
 * `columns('a', ['opened_on'])` is `['a.opened_on as openedOn']`. So PostgreSQL names the values, and no row has to be
 * made again: Kysely's plugin for it takes half as long again as the whole query of a page of 50 rows without it.
 */
export function columns<Table extends string, Column extends string>(
  table: Table,
  names: readonly Column[],
): Selection<Table, Column>[] {
  return names.map((name) => `${table}.${name} as ${camelCase(name)}`) as Selection<Table, Column>[];
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A row as the code has it: undefined where the table has null. */
export function withoutNulls<Row extends Record<string, unknown>>(row: Row): WithoutNulls<Row> {
  const copy: Record<string, unknown> = { ...row };
  for (const name in copy) if (copy[name] === null) copy[name] = undefined;
  return copy as WithoutNulls<Row>;
}
