import pg from 'pg';

type ForeignKey = { table: string; name: string; definition: string };
type Index = { name: string; definition: string };

/**
 * Runs work on tables without their foreign keys and indexes, and brings both back as they were: PostgreSQL checks
 * and sorts millions of rows at once many times faster than one by one. Primary keys and unique constraints stay.
 * Everything is checked again when it comes back.
 */
export async function withoutSecondaryIndexes(
  client: pg.Client,
  tables: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const foreignKeys = await client.query<ForeignKey>(
    `select conrelid::regclass::text as "table", conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and conrelid = any($1::regclass[]) order by conname`,
    [tables],
  );
  const indexes = await client.query<Index>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i
     where i.indrelid = any($1::regclass[])
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype <> 'f')
     order by name`,
    [tables],
  );
  for (const { table, name } of foreignKeys.rows) {
    await client.query(`alter table ${table} drop constraint ${pg.escapeIdentifier(name)}`);
  }
  for (const { name } of indexes.rows) await client.query(`drop index ${name}`);
  await work();
  for (const { definition } of indexes.rows) await client.query(definition);
  for (const { table, name, definition } of foreignKeys.rows) {
    await client.query(`alter table ${table} add constraint ${pg.escapeIdentifier(name)} ${definition}`);
  }
}
