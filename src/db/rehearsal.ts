import type pg from 'pg';
import { UnjudgedError } from '#lib/unjudged.ts';
import { isRehearsed, withConnectionsOf } from './ambient-connection.ts';
import { rollBackOn } from './commit.ts';
import { type Db, poolOf } from './database.ts';
import { UnitConnection } from './unit-connection.ts';

/** A statement that writes. One that locks (`for update`) is sent: what is judged is what the request would find. */
const WRITES = /\b(?:insert\s+into|delete\s+from|merge\s+into)\b|(?<!\bfor\s|\bkey\s)\bupdate\b/i;

/**
 * Runs work up to its first write, which is not sent: it throws an UnjudgedError. What was read and locked until then was
 * in one transaction, and is rolled back. So the handler of a request that was refused already can say what else is wrong
 * with it, and nothing is stored. Throws what the work throws.
 */
export async function rehearse(db: Db, work: () => Promise<unknown>): Promise<void> {
  const pool = poolOf(db);
  const client = await pool.connect();
  let uses = 0;
  // What the work has begun and did not wait for may ask afterwards.
  let isOver = false;
  const check = (text: string): void => {
    if (isOver || WRITES.test(text)) refuse();
  };
  const connectionFor = (asked: object): pg.PoolClient => {
    if (isOver || asked !== pool) refuse();
    uses += 1;
    return new UnitConnection(client, `work_${uses}`, check).asPoolClient();
  };
  try {
    await client.query('begin');
    await withConnectionsOf({ connectionFor, isRehearsal: true }, work);
  } finally {
    isOver = true;
    await rollBackOn(client);
  }
}

/** Throws an UnjudgedError in a rehearsal: for work that is handed to others, who do it on connections of their own. */
export function refuseInRehearsal(): void {
  if (isRehearsed()) refuse();
}

function refuse(): never {
  throw new UnjudgedError('Nothing is done in a rehearsal.');
}
