import { runMigrations, withMigrationLock } from './migrate.ts';

/**
 * Throws away everything in a database, and makes it anew at this version's schema. The database itself stays: a
 * process that starts at the same moment and is connected to it already waits, as for any migration.
 */
export async function recreateDatabase(databaseUrl: string): Promise<void> {
  await withMigrationLock(databaseUrl, async (client) => {
    await client.query('set lock_timeout = 0');
    await client.query('drop schema public cascade; create schema public');
    await client.query('reset lock_timeout');
    await runMigrations(client);
  });
}
