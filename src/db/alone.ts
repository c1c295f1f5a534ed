import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { systemClock } from '#lib/time/clock.ts';
import { DatabaseStartError } from './check-server.ts';
import type { Tx } from './database.ts';

/** A connection that was closed is listed until its process in PostgreSQL has ended. */
const MAX_WAIT_MS = 5_000;
const LOOK_EVERY_MS = 50;

/**
 * Makes sure that nobody else is connected to the database, `ownPid` apart, and that no server of the bank can begin work
 * until the transaction ends: each new connection reads data_keys first (connection-verifier.ts). Throws DatabaseStartError
 * `database_in_use`.
 */
export async function takeDatabaseAlone(tx: Tx, ownPid?: number): Promise<void> {
  await assertAlone(tx, ownPid);
  // Held at most by somebody who connected this moment.
  await sql`set local lock_timeout = '5s'`.execute(tx);
  await sql`lock table data_keys in access exclusive mode`.execute(tx);
  await assertAlone(tx, ownPid);
}

async function assertAlone(tx: Tx, ownPid: number | undefined): Promise<void> {
  const deadlineMs = systemClock.monotonicMs() + MAX_WAIT_MS;
  for (;;) {
    const others = await countOthers(tx, ownPid);
    if (others === 0) return;
    if (systemClock.monotonicMs() > deadlineMs) {
      throw new DatabaseStartError(
        `the data key is rotated with all servers stopped, and other connections to the database are open (${others}): stop whoever uses it first`,
        { code: 'database_in_use' },
      );
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** The kind of another role's connection is hidden from an owner without rights to statistics; PostgreSQL's own have no role. */
async function countOthers(tx: Tx, ownPid = 0): Promise<number> {
  // What a transaction has seen of it once, it would see again.
  await sql`select pg_stat_clear_snapshot()`.execute(tx);
  const { rows } = await sql<{ others: number }>`
    select count(*)::int as others from pg_stat_activity
    where datname = current_database() and usesysid is not null
      and coalesce(backend_type, 'client backend') = 'client backend' and pid <> pg_backend_pid() and pid <> ${ownPid}`.execute(
    tx,
  );
  return rows[0]?.others ?? 0;
}
