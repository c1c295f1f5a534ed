import type pg from 'pg';

/** The table of migrations that have run; not a table of the bank. */
export const MIGRATIONS_TABLE = 'schema_migrations';

/** The migrations that have run, in their order; none where there is no schema. */
export async function listMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ exists: boolean }>(
    `select to_regclass('public.${MIGRATIONS_TABLE}') is not null as exists`,
  );
  if (rows[0]?.exists !== true) return [];
  const ran = await client.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE} order by id`);
  return ran.rows.map(({ name }) => name);
}
