import type pg from 'pg';
import { PreparingClient } from '#db/client.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { Random } from './random.ts';
import { runClients } from './recorder.ts';

type TpcbJob = Extract<DatabaseJob, { kind: 'tpcb' }>;

/** pgbench's own ratio of tellers to branches. */
const TELLERS_A_BRANCH = 10;
/** pgbench draws -5000 to 5000. */
const MAX_DELTA = 5_000;

/** The statements of pgbench's TPC-B-like transaction, one connection a client: where there is no pgbench. */
export async function runTpcbJob(job: TpcbJob, onWindow: OnWindow): Promise<LoadResult> {
  const connections = Array.from({ length: job.clients }, () => {
    return new PreparingClient({ connectionString: job.databaseUrl });
  });
  try {
    await Promise.all(connections.map((connection) => connection.connect()));
    const clients = connections.map((connection, client) => {
      const random = new Random(client);
      return async () => {
        await runTransaction(connection, random, job);
        return 1;
      };
    });
    return await runClients(job.window, clients, onWindow);
  } finally {
    await Promise.all(connections.map((connection) => connection.end()));
  }
}

async function runTransaction(
  client: pg.Client,
  random: Random,
  { accounts, branches }: TpcbJob,
): Promise<void> {
  const account = random.below(accounts) + 1;
  const branch = random.below(branches) + 1;
  const teller = random.below(branches * TELLERS_A_BRANCH) + 1;
  const delta = random.below(2 * MAX_DELTA + 1) - MAX_DELTA;
  await client.query('begin');
  await client.query('update pgbench_accounts set abalance = abalance + $1 where aid = $2', [delta, account]);
  await client.query('select abalance from pgbench_accounts where aid = $1', [account]);
  await client.query('update pgbench_tellers set tbalance = tbalance + $1 where tid = $2', [delta, teller]);
  await client.query('update pgbench_branches set bbalance = bbalance + $1 where bid = $2', [delta, branch]);
  await client.query(
    'insert into pgbench_history (tid, bid, aid, delta, mtime) values ($1, $2, $3, $4, current_timestamp)',
    [teller, branch, account, delta],
  );
  await client.query('end');
}
