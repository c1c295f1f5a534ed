// node bench/growth.ts [--verify] [MILLIONS…]: what a transfer costs on ledgers of as many million postings (1, 5 and
// 20 unless told otherwise): bytes of tables and indexes, the log, pages that were not in PostgreSQL's memory. The last
// needs 25 GB and half an hour. Prints the tables of bench/notes/growth.md, with the sizes at 100 million that follow.
import { openFreshPostgres } from './bench.ts';
import { fillBank } from './data/bank.ts';
import { addHistory } from './data/history.ts';
import { type BenchPostgres, withClient } from './host/bench-postgres.ts';
import { FlorinServer } from './host/florin-server.ts';
import { LoadProcess } from './host/load-process.ts';
import { measureJob } from './host/measure.ts';
import type { HttpJob } from './load/protocol.ts';
import { verifyBooks } from './long-ledger.ts';
import { PLANS } from './plan.ts';

const CLIENTS = 64;
const WINDOW = { warmupMs: 5_000, measureMs: 30_000 };
/** Postings of a block of history, for each account. */
const POSTINGS_A_BLOCK = 5;
/** A block is some 108 days: the history ends before today. */
const DAYS_A_BLOCK = 108;
const DAY_MS = 86_400_000;
const WANTED = 100e6;
/** The states of customers and accounts are sealed while the server is young, whatever is posted. */
const CATCHING_UP = /^sealed_states/;
/** What takes less for each posting grows with something else. */
const LEAST_BYTES = 3;

/** What PostgreSQL has counted for a table or an index. */
type Counted = { readonly bytes: number; readonly reads: number };
type Snapshot = {
  readonly relations: ReadonlyMap<string, Counted>;
  readonly walBytes: number;
  readonly walPages: number;
};
/** Of a ledger: its size, and what a transfer added. */
type Grown = { readonly postings: number; readonly before: Snapshot; readonly windows: readonly Spent[] };
/** Of one transfer. */
type Spent = {
  readonly serverUs: number;
  readonly postgresUs: number;
  readonly walBytes: number;
  readonly walPages: number;
  readonly reads: number;
  readonly bytes: ReadonlyMap<string, number>;
};

const SNAPSHOT = `
  select relname as name, pg_table_size(oid) as bytes,
    coalesce(pg_stat_get_blocks_fetched(oid) - pg_stat_get_blocks_hit(oid), 0) as reads
  from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')`;

const isVerified = process.argv.includes('--verify');
const sizes = process.argv
  .slice(2)
  .map(Number)
  .filter((millions) => millions > 0);
const { accounts } = PLANS.full;
await using stack = new AsyncDisposableStack();
const { postgres } = await openFreshPostgres(stack, console.error);
const load = new LoadProcess<HttpJob>('load-generator.ts');
stack.defer(() => load.close());
const ledgers: Grown[] = [];
for (const millions of sizes.length === 0 ? [1, 5, 20] : sizes) ledgers.push(await grow(millions));
ledgers.sort((one, other) => one.postings - other.postings);
for (const line of render(ledgers)) console.log(line);

async function grow(millions: number): Promise<Grown> {
  const blocks = Math.max(1, Math.round((millions * 1e6) / accounts / POSTINGS_A_BLOCK));
  const openedAt = new Date(Date.now() - (blocks * DAYS_A_BLOCK + 30) * DAY_MS).toISOString();
  const name = `growth_${blocks}`;
  const databaseUrl = await postgres.createBook(name);
  const tell = (line: string): void =>
    console.error(`${new Date().toISOString()} ${millions} million: ${line}`);
  await withClient(databaseUrl, async (client) => {
    await fillBank(client, accounts, openedAt);
    await addHistory(client, { accounts, blocks, openedAt }, tell);
  });
  // A copy of files comes with a checkpoint, which this role may not ask for.
  await postgres.copyDatabase('checkpointed', 'template1');
  const before = await snapshot(databaseUrl);
  const windows = await post(postgres, databaseUrl);
  if (isVerified) {
    const startedAt = performance.now();
    await verifyBooks(databaseUrl, () => undefined);
    tell(`verified in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  }
  for (const { bytes: _, ...spent } of windows) tell(JSON.stringify(spent));
  await postgres.dropDatabase(name);
  return { postings: accounts * (1 + POSTINGS_A_BLOCK * blocks), before, windows };
}

/** Posts right after a checkpoint, when the first change of a page writes all of it to the log, and after that. */
async function post(postgres: BenchPostgres, databaseUrl: string): Promise<Spent[]> {
  const server = await FlorinServer.start(databaseUrl);
  try {
    const windows: Spent[] = [];
    for (let round = 0; round < 2; round++) windows.push(await postOnce(postgres, server, databaseUrl));
    return windows;
  } finally {
    await server.close();
  }
}

async function postOnce(postgres: BenchPostgres, server: FlorinServer, databaseUrl: string): Promise<Spent> {
  const { url, token } = server;
  const scenario = { name: 'transfers' } as const;
  const job = { kind: 'http', url, token, scenario, clients: CLIENTS, accounts, window: WINDOW } as const;
  let opened: Promise<Snapshot> | undefined;
  let closed: Promise<Snapshot> | undefined;
  const measured = await measureJob({ postgres, server }, (watch) =>
    load.run(job, {
      onOpened: () => {
        watch.onOpened();
        opened = snapshot(databaseUrl);
      },
      onClosed: () => {
        watch.onClosed();
        closed = snapshot(databaseUrl);
      },
    }),
  );
  const [first, last] = [await opened, await closed];
  if (first === undefined || last === undefined) throw new Error('the window did not open and close');
  const { operations, cpuSeconds } = measured;
  const bytes = new Map<string, number>();
  let reads = 0;
  for (const [relation, now] of last.relations) {
    const then = first.relations.get(relation);
    bytes.set(relation, (now.bytes - (then?.bytes ?? 0)) / operations);
    reads += now.reads - (then?.reads ?? 0);
  }
  return {
    serverUs: (1e6 * (cpuSeconds.server ?? Number.NaN)) / operations,
    postgresUs: (1e6 * (cpuSeconds.postgres ?? Number.NaN)) / operations,
    walBytes: (last.walBytes - first.walBytes) / operations,
    walPages: (last.walPages - first.walPages) / operations,
    reads: reads / operations,
    bytes,
  };
}

async function snapshot(databaseUrl: string): Promise<Snapshot> {
  return withClient(databaseUrl, async (client) => {
    const relations = await client.query<{ name: string; bytes: string; reads: string }>(SNAPSHOT);
    const wal = await client.query<{ bytes: string; pages: string }>(
      'select wal_bytes as bytes, wal_fpi as pages from pg_stat_wal',
    );
    return {
      relations: new Map(
        relations.rows.map(({ name, bytes, reads }) => [
          name,
          { bytes: Number(bytes), reads: Number(reads) },
        ]),
      ),
      walBytes: Number(wal.rows[0]?.bytes),
      walPages: Number(wal.rows[0]?.pages),
    };
  });
}

function render(grown: readonly Grown[]): string[] {
  const last = grown.at(-1);
  if (last === undefined) return [];
  const heads = ['', ...grown.map(({ postings }) => `${(postings / 1e6).toFixed(1)} million`)];
  const spent = (title: string, value: (one: Spent) => number, digits = 0): string[] => [
    title,
    ...grown.map(({ windows }) => windows.map((one) => value(one).toFixed(digits)).join(' / ')),
  ];
  const costs = [
    spent('Node, µs', ({ serverUs }) => serverUs),
    spent('PostgreSQL, µs', ({ postgresUs }) => postgresUs),
    spent('bytes of log', ({ walBytes }) => walBytes),
    spent('whole pages in the log', ({ walPages }) => walPages, 2),
    spent('pages not in memory', ({ reads }) => reads, 2),
  ];
  return [
    'A transfer, right after a checkpoint / half a minute later:',
    '',
    ...table(heads, costs),
    '',
    ...renderSizes(grown, last),
  ];
}

/** Bytes a posting: of what the history filled, by its size; of the rest, by what a transfer added. */
function renderSizes(grown: readonly Grown[], last: Grown): string[] {
  const rows = [...last.before.relations.keys()].flatMap((name) => {
    const each = grown.map(({ before, windows, postings }) => {
      const bytes = before.relations.get(name)?.bytes ?? 0;
      return Math.max(bytes / postings, windows.at(-1)?.bytes.get(name) ?? 0);
    });
    const largest = each.at(-1) ?? 0;
    return largest < LEAST_BYTES || CATCHING_UP.test(name) ? [] : [{ name, each, largest }];
  });
  const sorted = rows.toSorted((one, other) => other.largest - one.largest);
  const gib = (bytes: number): string => ((bytes * WANTED) / 2 ** 30).toFixed(1);
  const total = grown.map((_, index) => sorted.reduce((sum, { each }) => sum + (each[index] ?? 0), 0));
  const heads = ['bytes a posting', ...grown.map(({ postings }) => `${(postings / 1e6).toFixed(1)} million`)];
  return table(
    [...heads, 'GiB at 100 million'],
    [
      ...sorted.map(({ name, each, largest }) => [name, ...each.map((one) => one.toFixed(0)), gib(largest)]),
      ['all', ...total.map((one) => one.toFixed(0)), gib(total.at(-1) ?? 0)],
    ],
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)];
}
