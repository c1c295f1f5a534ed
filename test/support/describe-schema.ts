import pg from 'pg';

const TABLES = `
  select c.oid::int as oid, c.relname as name, c.reloptions as options from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'schema_migrations'
  order by c.relname`;

const COLUMNS = `
  select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
  from pg_attribute a
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = $1::int and a.attnum > 0 and not a.attisdropped
  order by a.attnum`;

// PostgreSQL 18 lists NOT NULL as constraints too; they stand with their columns already.
const CONSTRAINTS = `
  select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid, true) as line from pg_constraint
  where conrelid = $1::int and contype <> 'n'
  order by array_position(array['p','u','f','c'], contype::text), conname`;

const INDEXES = `
  select pg_get_indexdef(i.indexrelid) as line from pg_index i
  join pg_class c on c.oid = i.indexrelid
  where i.indrelid = $1::int and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p','u'))
  order by c.relname`;

const GRANTS = `
  select lower(string_agg(distinct privilege_type, ', ' order by privilege_type)) as line
  from information_schema.role_table_grants
  where grantee = 'florin_app' and table_schema = 'public' and table_name = $1`;

const COLUMN_GRANTS = `
  select 'update (' || string_agg(column_name, ', ' order by column_name) || ')' as line
  from information_schema.column_privileges c
  where grantee = 'florin_app' and table_schema = 'public' and table_name = $1 and privilege_type = 'UPDATE'
    and not exists (select from information_schema.role_table_grants g where g.grantee = 'florin_app'
      and g.table_schema = 'public' and g.table_name = c.table_name and g.privilege_type = 'UPDATE')`;

const POLICIES = `
  select 'create policy ' || policyname || ' on ' || tablename || ' for ' || lower(cmd) || ' to '
    || array_to_string(roles, ', ') || ' using (' || qual || ')' as line
  from pg_policies where schemaname = 'public' and tablename = $1 order by policyname`;

/** The schema as one reads it: every table with columns, constraints, indexes and what the application may do. */
export async function describeSchema(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables = (await client.query<{ oid: number; name: string; options: string[] | null }>(TABLES)).rows;
    const parts: string[] = [];
    for (const table of tables) parts.push(await describeTable(client, table));
    return `-- The schema after all migrations, for reading and review. Generated: npm run generate.\n\n${parts.join('\n')}`;
  } finally {
    await client.end();
  }
}

async function describeTable(
  client: pg.Client,
  { oid, name, options }: { oid: number; name: string; options: string[] | null },
): Promise<string> {
  const lines = async (query: string, parameter: number | string): Promise<string[]> =>
    (await client.query<{ line: string | null }>(query, [parameter])).rows.flatMap(({ line }) => line ?? []);
  const body = [...(await lines(COLUMNS, oid)), ...(await lines(CONSTRAINTS, oid))];
  const storage = options === null ? '' : ` with (${options.join(', ')})`;
  const indexes = await lines(INDEXES, oid);
  const grants = [...(await lines(GRANTS, name)), ...(await lines(COLUMN_GRANTS, name))];
  const policies = await lines(POLICIES, name);
  return [
    `create table ${name} (`,
    body.map((line) => `  ${line}`).join(',\n'),
    `)${storage};`,
    ...indexes.map((line) => `${line};`),
    ...(grants.length === 0 ? [] : [`grant ${grants.join(', ')} on ${name} to florin_app;`]),
    ...policies.map((line) => `${line.replaceAll(/\s+/g, ' ')};`),
    '',
  ].join('\n');
}
