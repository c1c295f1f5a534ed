import pg from 'pg';
import { MIGRATIONS_TABLE } from '#db/list-migrations.ts';

/** A table and its columns in their order. */
export type Table = { readonly name: string; readonly columns: string[] };

const TABLES = `
  select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> '${MIGRATIONS_TABLE}'
    and a.attgenerated = ''
  group by c.relname order by c.relname`;

/** All tables that hold the bank. */
export async function listTables(client: pg.Client): Promise<Table[]> {
  return (await client.query<Table>(TABLES)).rows;
}

/** The target of COPY for all columns of a table. */
export function copyTarget({ name, columns }: Table): string {
  return `${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`;
}
