import { setTimeout as delay } from 'node:timers/promises';
import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import type pg from 'pg';
import { systemClock } from '#lib/time/clock.ts';
import { DatabaseStartError } from './check-server.ts';

/** Not noticed at a start, and next to nothing for the database. */
const LOOK_EVERY_MS = 50;
/** Building an index of hundreds of millions of rows takes no longer; what does is somebody's mistake. */
const MAX_WAIT_MS = 3_600_000;

/**
 * Takes the lock of migrations for the connection, which keeps it until it is closed: one migrates at a time. Looks
 * again and again: who waits in PostgreSQL has a snapshot all the while, for whose end `create index concurrently`
 * of the one who has the lock would wait in turn. Throws DatabaseStartError after MAX_WAIT_MS.
 */
export async function takeMigrationLock(client: pg.Client): Promise<void> {
  const deadlineMs = systemClock.monotonicMs() + MAX_WAIT_MS;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      PG_MIGRATE_LOCK_ID,
    ]);
    if (rows[0]?.taken === true) return;
    if (systemClock.monotonicMs() > deadlineMs) {
      throw new DatabaseStartError('another process has been migrating the database for an hour');
    }
    await delay(LOOK_EVERY_MS);
  }
}
