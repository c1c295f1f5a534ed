import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadResult, Window } from '../load/protocol.ts';
import { percentile } from '../statistics.ts';
import type { WindowWatch } from './load-process.ts';
import { ProcessTree } from './process-tree.ts';

const DEBIAN_VERSIONS = '/usr/lib/postgresql';
/** More threads than the cores that we count on would only take turns. */
const MAX_THREADS = 2;
const LOG_PREFIX = 'transactions';
/**
 * pgbench's duration includes the time it takes to connect: half a second for 64 clients, and several on a machine
 * that does other things. A run whose window is cut short is made again with more.
 */
const CONNECT_SECONDS = [1, 4, 16];
/** Connecting 64 clients takes half a second; half a minute is not worth waiting for. */
const LOG_RETRY_MS = 10;
const MAX_LOG_TRIES = 3_000;

/** pgbench's own TPC-B-like script, with the numbers of accounts and branches made variables. */
const SCRIPT = `\\set aid random(1, :accounts)
\\set bid random(1, :branches)
\\set tid random(1, :branches * 10)
\\set delta random(-5000, 5000)
BEGIN;
UPDATE pgbench_accounts SET abalance = abalance + :delta WHERE aid = :aid;
SELECT abalance FROM pgbench_accounts WHERE aid = :aid;
UPDATE pgbench_tellers SET tbalance = tbalance + :delta WHERE tid = :tid;
UPDATE pgbench_branches SET bbalance = bbalance + :delta WHERE bid = :bid;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (:tid, :bid, :aid, :delta, CURRENT_TIMESTAMP);
END;
`;

export type Pgbench = { readonly program: string; readonly version: string };

export type PgbenchJob = {
  readonly databaseUrl: string;
  readonly clients: number;
  readonly accounts: number;
  readonly branches: number;
  readonly window: Window;
};

/** The pgbench on the PATH, else the newest of Debian's packages, else undefined. */
export function findPgbench(): Pgbench | undefined {
  for (const program of ['pgbench', ...debianPrograms()]) {
    const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    if (status === 0) return { program, version: stdout.trim() };
  }
  return undefined;
}

function debianPrograms(): string[] {
  try {
    const versions = readdirSync(DEBIAN_VERSIONS).toSorted((one, other) => Number(other) - Number(one));
    return versions.map((version) => join(DEBIAN_VERSIONS, version, 'bin', 'pgbench'));
  } catch {
    // No Debian, or no PostgreSQL of its.
    return [];
  }
}

/** Runs pgbench for the warm-up and the window, and counts from its log what ended in the window. */
export async function runPgbench(
  { program }: Pgbench,
  job: PgbenchJob,
  watch: WindowWatch,
): Promise<LoadResult> {
  for (const connectSeconds of CONNECT_SECONDS) {
    const directory = mkdtempSync(join(tmpdir(), 'florin-pgbench-'));
    try {
      const cpuSeconds = await runLogged(program, job, directory, connectSeconds, watch);
      const result = countLogged(readLogs(directory), job.window, cpuSeconds);
      if (result !== undefined) return result;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  throw new Error('pgbench takes too long to connect its clients');
}

/** Resolves when all clients are connected and have begun: that is when something is logged. */
async function firstLogged(directory: string): Promise<void> {
  const isLogged = (file: string): boolean =>
    file.startsWith(LOG_PREFIX) && statSync(join(directory, file)).size > 0;
  for (let tries = 0; tries < MAX_LOG_TRIES && !readdirSync(directory).some(isLogged); tries++) {
    await delay(LOG_RETRY_MS);
  }
}

/** Returns the CPU seconds that pgbench took in the window; 0 where they are unknown. */
async function runLogged(
  program: string,
  job: PgbenchJob,
  directory: string,
  connectSeconds: number,
  watch: WindowWatch,
): Promise<number> {
  const { warmupMs, measureMs } = job.window;
  writeFileSync(join(directory, 'script.sql'), SCRIPT);
  const seconds = Math.ceil((warmupMs + measureMs) / 1_000) + connectSeconds;
  const child = spawn(program, argumentsOf(job, directory, seconds), {
    env: { ...process.env, PGPASSWORD: new URL(job.databaseUrl).password, PGSSLMODE: 'disable' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const exit = once(child, 'exit');
  const tree = new ProcessTree(child.pid ?? 0);
  await Promise.race([firstLogged(directory), exit]);
  await delay(warmupMs);
  const before = tree.cpuSeconds() ?? 0;
  watch.onOpened();
  await Promise.race([delay(measureMs), exit]);
  watch.onClosed();
  const after = tree.cpuSeconds() ?? before;
  await exit;
  if (child.exitCode !== 0) throw new Error(`pgbench failed: ${said}`);
  return after - before;
}

function argumentsOf(job: PgbenchJob, directory: string, seconds: number): string[] {
  const { hostname, port, username, pathname } = new URL(job.databaseUrl);
  return [
    ['-h', hostname, '-p', port, '-U', username],
    // Statements are prepared once a connection, as everything else here does.
    ['-M', 'prepared', '-c', String(job.clients), '-j', String(Math.min(job.clients, MAX_THREADS))],
    ['-T', String(seconds), '-f', join(directory, 'script.sql')],
    ['-D', `accounts=${job.accounts}`, '-D', `branches=${job.branches}`],
    ['-l', `--log-prefix=${join(directory, LOG_PREFIX)}`, pathname.slice(1)],
  ].flat();
}

type Logged = { readonly endUs: number; readonly latencyUs: number };

/** Lines are `client transaction latency_us script epoch_s epoch_us`. In no order. */
function readLogs(directory: string): Logged[] {
  const logged: Logged[] = [];
  for (const name of readdirSync(directory).filter((file) => file.startsWith(LOG_PREFIX))) {
    for (const line of readFileSync(join(directory, name), 'utf8').split('\n')) {
      const [, , latency, , seconds, micros] = line.split(' ');
      if (micros === undefined) continue;
      logged.push({ endUs: Number(seconds) * 1e6 + Number(micros), latencyUs: Number(latency) });
    }
  }
  return logged;
}

/** The window follows the warm-up, which begins with what was logged first; undefined if it ended before its end. */
function countLogged(
  logged: readonly Logged[],
  { warmupMs, measureMs }: Window,
  cpuSeconds: number,
): LoadResult | undefined {
  const ends = logged.map(({ endUs }) => endUs).toSorted((one, other) => one - other);
  const openedUs = (ends[0] ?? 0) + warmupMs * 1_000;
  const closedUs = openedUs + measureMs * 1_000;
  if ((ends.at(-1) ?? 0) < closedUs) return undefined;
  const counted = logged.filter(({ endUs }) => endUs > openedUs && endUs <= closedUs);
  const ascending = Float64Array.from(counted, ({ latencyUs }) => latencyUs).sort();
  return {
    operations: counted.length,
    elapsedSeconds: measureMs / 1_000,
    windowSeconds: measureMs / 1_000,
    latency: {
      p50Ms: percentile(ascending, 50) / 1_000,
      p95Ms: percentile(ascending, 95) / 1_000,
      p99Ms: percentile(ascending, 99) / 1_000,
    },
    cpuSeconds,
  };
}
