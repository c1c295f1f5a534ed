import { setTimeout as delay } from 'node:timers/promises';
import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import type pg from 'pg';
import { systemClock } from '#lib/time/clock.ts';
import { DatabaseStartError } from './check-server.ts';

/** Not noticed at a start, and almost no load for the database. */
const LOOK_EVERY_MS = 50;
/** Building an index of hundreds of millions of rows takes no longer; anything longer is a mistake. */
const MAX_WAIT_MS = 3_600_000;

/**
 * Takes the lock of migrations for the connection, which keeps it until it is closed: one migrates at a time. Polls: a
 * session that waits in PostgreSQL holds a snapshot, and `create index concurrently` of the lock's holder would wait
 * for its end in turn. Throws DatabaseStartError after MAX_WAIT_MS.
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
