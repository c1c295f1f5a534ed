import type pg from 'pg';

type Constraint = { readonly table: string; readonly name: string; readonly definition: string };
type Index = { readonly name: string; readonly definition: string };

const CONSTRAINTS = `
  select conrelid::regclass::text as "table", quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
  from pg_constraint
  where contype = $1 and connamespace = 'public'::regnamespace and conparentid = 0
  order by conrelid::regclass::text, conname`;

/** Indexes of no constraint: the others are dropped and made with theirs. */
const INDEXES = `
  select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where c.relnamespace = 'public'::regnamespace
    and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x'))
  order by 1`;

/** Memory for sorting an index: enough for some million rows at once, and little beside the server's own. */
const SORT_MEMORY = '128MB';

/**
 * Runs work on a database without foreign keys, unique constraints and indexes, and then restores them all. Everything
 * is checked then: millions of rows at once are many times faster than one by one. Primary keys and checks stay. Within
 * the caller's transaction, so that nobody sees it.
 */
export async function withoutConstraints(client: pg.Client, work: () => Promise<void>): Promise<void> {
  const foreignKeys = (await client.query<Constraint>(CONSTRAINTS, ['f'])).rows;
  const uniques = (await client.query<Constraint>(CONSTRAINTS, ['u'])).rows;
  const indexes = (await client.query<Index>(INDEXES)).rows;
  for (const { table, name } of [...foreignKeys, ...uniques]) {
    await client.query(`alter table ${table} drop constraint ${name}`);
  }
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  await work();
  await client.query(`set local maintenance_work_mem = '${SORT_MEMORY}'`);
  for (const { definition } of indexes) await client.query(definition);
  for (const { table, name, definition } of [...uniques, ...foreignKeys]) {
    await client.query(`alter table ${table} add constraint ${name} ${definition}`);
  }
}
