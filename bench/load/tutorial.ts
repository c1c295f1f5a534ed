import pg from 'pg';
import { PreparingClient } from '#db/client.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { Random } from './random.ts';
import { runClients } from './recorder.ts';

type TutorialJob = Extract<DatabaseJob, { kind: 'tutorial' }>;

/**
 * Transfers the way a bank tutorial makes them: each a database transaction of its own over a pool with a
 * connection a client. It gets what Florin gives itself: the same driver, prepared statements, ordered locks.
 */
export async function runTutorialJob(job: TutorialJob, onWindow: OnWindow): Promise<LoadResult> {
  const pool = new pg.Pool({
    connectionString: job.databaseUrl,
    Client: PreparingClient,
    max: job.clients,
    min: job.clients,
  });
  try {
    const connected = await Promise.all(Array.from({ length: job.clients }, () => pool.connect()));
    for (const client of connected) client.release();
    const clients = Array.from({ length: job.clients }, (_, client) => {
      const random = new Random(client);
      return async () => {
        const [from, to] = random.pair(job.accounts);
        await transfer(pool, from, to, 1);
        return 1;
      };
    });
    return await runClients(job.window, clients, onWindow);
  } finally {
    await pool.end();
  }
}

async function transfer(pool: pg.Pool, from: number, to: number, amountMinor: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await moveMoney(client, from, to, amountMinor);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

async function moveMoney(
  client: pg.PoolClient,
  from: number,
  to: number,
  amountMinor: number,
): Promise<void> {
  const locked = await client.query<{ id: string; balance: string }>(
    'select id, balance from accounts where id in ($1, $2) order by id for update',
    [from, to],
  );
  const payer = locked.rows.find(({ id }) => id === String(from));
  if (payer === undefined || BigInt(payer.balance) < BigInt(amountMinor)) throw new Error('not enough money');
  const update = 'update accounts set balance = balance + $2 where id = $1';
  await client.query(update, [from, -amountMinor]);
  await client.query(update, [to, amountMinor]);
  const stored = await client.query<{ id: string }>(
    'insert into transfers (from_account_id, to_account_id, amount) values ($1, $2, $3) returning id',
    [from, to, amountMinor],
  );
  const entry = 'insert into entries (transfer_id, account_id, amount) values ($1, $2, $3)';
  await client.query(entry, [stored.rows[0]?.id, from, -amountMinor]);
  await client.query(entry, [stored.rows[0]?.id, to, amountMinor]);
}
