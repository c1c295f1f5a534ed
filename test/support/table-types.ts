/** How kysely-codegen writes src/db/tables.ts: the types that the driver's parsers give. */
export const TABLE_TYPES_ARGUMENTS = [
  '--dialect',
  'postgres',
  '--exclude-pattern',
  'schema_migrations',
  '--type-mapping',
  JSON.stringify({ int8: 'bigint', date: 'string', timestamptz: 'Date' }),
];
