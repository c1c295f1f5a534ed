import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, toIsoInstant } from '#lib/time/clock.ts';
import { fillBank } from './data/bank.ts';
import { fillTpcb, fillTutorial } from './data/baselines.ts';
import { BenchPostgres, withClient } from './host/bench-postgres.ts';
import { CheckoutServer } from './host/checkout-server.ts';
import { FlorinServer } from './host/florin-server.ts';
import { LoadProcess } from './host/load-process.ts';
import { describeMachine, type Machine, refuseMemory } from './host/machine.ts';
import { findPgbench, type Pgbench } from './host/pgbench.ts';
import type { DatabaseJob, HttpJob } from './load/protocol.ts';
import { type LongLedger, openLongLedger } from './long-ledger.ts';
import type { Plan } from './plan.ts';

/** Branches of the baseline: enough that clients do not wait for each other's branch, and one for its hot variant. */
export const WIDE_BRANCHES = 1_000;
export const HOT_BRANCHES = 1;

/** Everything that rows are measured with. */
export type Bench = {
  readonly plan: Plan;
  /** Thrown away after the run. */
  readonly folder: string;
  readonly machine: Machine;
  readonly pgbench: Pgbench | undefined;
  /** The fresh server with the databases of all rows but those on the long ledger. */
  readonly postgres: BenchPostgres;
  readonly longLedger: LongLedger;
  readonly http: LoadProcess<HttpJob>;
  readonly database: LoadProcess<DatabaseJob>;
  /** The server of the HTTP rows; the one on a ledger that has just its openings; the one on the long ledger. */
  readonly bank: FlorinServer;
  readonly shortBank: FlorinServer;
  readonly longBank: FlorinServer;
  /** The server of another checkout, if the run is held against one. */
  readonly other: CheckoutServer | undefined;
};

/** The databases on the fresh server. */
export const DATABASES = {
  emptyBook: 'empty_book',
  newBank: 'new_bank',
  filledBook: 'filled_book',
  bank: 'bank',
  shortBank: 'short_bank',
  tutorial: 'tutorial',
  tpcbWide: 'tpcb_wide',
  tpcbHot: 'tpcb_hot',
  berka: 'berka',
  endOfDay: 'end_of_day',
  customers: 'customers',
  interest: 'interest',
  charges: 'charges',
  restored: 'restored',
  loans: 'loans',
} as const;

/**
 * Starts everything. What was started goes on the stack, also when this throws: disposing of it stops all
 * processes and removes the folder.
 */
export async function openBench(
  plan: Plan,
  stack: AsyncDisposableStack,
  onProgress: (line: string) => void,
  against?: string,
): Promise<Bench> {
  const { folder, machine, postgres } = await openFreshPostgres(stack, onProgress);
  const longLedger = await openLongLedger(plan, postgres, stack, onProgress);
  await fillDatabases(plan, postgres, onProgress);
  onProgress('starting the servers and the load processes');
  const startServer = async (databaseUrl: string): Promise<FlorinServer> => {
    const server = await FlorinServer.start(databaseUrl);
    // The run was interrupted during the start: the stack is disposed and takes nothing more.
    if (stack.disposed) await server.close();
    else stack.defer(() => server.close());
    return server;
  };
  const http = new LoadProcess<HttpJob>('load-generator.ts');
  stack.defer(() => http.close());
  const database = new LoadProcess<DatabaseJob>('database-load.ts');
  stack.defer(() => database.close());
  const [bank, shortBank, longBank] = await Promise.all([
    startServer(postgres.urlOf(DATABASES.bank)),
    startServer(postgres.urlOf(DATABASES.shortBank)),
    startServer(longLedger.databaseUrl),
  ]);
  const pgbench = findPgbench();
  const other = against === undefined ? undefined : await CheckoutServer.start(against);
  if (other !== undefined) stack.defer(() => other.close());
  return {
    plan,
    folder,
    machine,
    pgbench,
    postgres,
    longLedger,
    http,
    database,
    bank,
    shortBank,
    longBank,
    other,
  };
}

/** Starts a PostgreSQL in a folder of its own, which goes with it. Its machine is described before it works. */
export async function openFreshPostgres(
  stack: AsyncDisposableStack,
  onProgress: (line: string) => void,
): Promise<Pick<Bench, 'folder' | 'machine' | 'postgres'>> {
  const folder = mkdtempSync(join(tmpdir(), 'florin-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  refuseMemory(folder);
  const machine = describeMachine(folder);
  // The folder itself: PostgreSQL's account can pass through it, and through nothing below it that is ours.
  const postgres = await BenchPostgres.open(folder, onProgress);
  stack.defer(() => postgres.close());
  onProgress(`PostgreSQL ${postgres.version}: ${describeSettings(postgres.settings)}`);
  return { folder, machine, postgres };
}

export function describeSettings(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

async function fillDatabases(
  { accounts }: Plan,
  postgres: BenchPostgres,
  onProgress: (line: string) => void,
): Promise<void> {
  onProgress(`filling a bank with ${accounts} customers and their accounts`);
  const { emptyBook, filledBook, bank, shortBank, tutorial, tpcbWide, tpcbHot } = DATABASES;
  await postgres.createBook(emptyBook);
  const openedAt = toIsoInstant(systemClock.nowMs());
  const filledUrl = await postgres.createDatabase(filledBook, emptyBook);
  await withClient(filledUrl, (client) => fillBank(client, accounts, openedAt));
  onProgress('filling the tables of the baselines');
  const tutorialUrl = await postgres.createDatabase(tutorial);
  await withClient(tutorialUrl, (client) => fillTutorial(client, accounts));
  for (const [name, branches] of [
    [tpcbWide, WIDE_BRANCHES],
    [tpcbHot, HOT_BRANCHES],
  ] as const) {
    const databaseUrl = await postgres.createDatabase(name);
    await withClient(databaseUrl, (client) => fillTpcb(client, accounts, branches));
  }
  // Last, so that what was written until now is on disk before anything is measured.
  for (const copy of [bank, shortBank]) await postgres.copyDatabase(copy, filledBook);
}
