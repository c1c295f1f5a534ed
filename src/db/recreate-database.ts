import { runMigrations, withMigrationLock } from './migrate.ts';

/**
 * Drops everything in a database and creates this version's schema again. The database itself stays: a process that
 * starts at the same moment and is already connected to it waits, as for any migration.
 */
export async function recreateDatabase(databaseUrl: string): Promise<void> {
  await withMigrationLock(databaseUrl, async (client) => {
    await client.query('set lock_timeout = 0');
    await client.query('drop schema public cascade; create schema public');
    await client.query('reset lock_timeout');
    await runMigrations(client);
  });
}
