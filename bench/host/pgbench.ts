import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadResult, Window } from '../load/protocol.ts';
import { percentile } from '../statistics.ts';
import type { WindowWatch } from './load-process.ts';
import { ProcessTree } from './process-tree.ts';

const DEBIAN_VERSIONS = '/usr/lib/postgresql';
/** More threads than the cores that we count on would only take turns. */
const MAX_THREADS = 2;
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
  const directory = mkdtempSync(join(tmpdir(), 'florin-pgbench-'));
  try {
    const script = join(directory, 'script.sql');
    writeFileSync(script, SCRIPT);
    const cpuSeconds = await runLogged(program, job, script, join(directory, 'log'), watch);
    return readLogs(directory, job.window, cpuSeconds);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Resolves when all clients are connected and have begun: that is when something is logged. */
async function firstLogged(directory: string): Promise<void> {
  const isLogged = (file: string): boolean =>
    file.startsWith('log') && statSync(join(directory, file)).size > 0;
  for (let tries = 0; tries < MAX_LOG_TRIES && !readdirSync(directory).some(isLogged); tries++) {
    await delay(LOG_RETRY_MS);
  }
}

/** Returns the CPU seconds that pgbench took in the window; 0 where they cannot be told. */
async function runLogged(
  program: string,
  job: PgbenchJob,
  script: string,
  log: string,
  watch: WindowWatch,
): Promise<number> {
  const { window } = job;
  const seconds = Math.ceil((window.warmupMs + window.measureMs) / 1_000);
  const child = spawn(program, argumentsOf(job, script, log, seconds), {
    env: { ...process.env, PGPASSWORD: new URL(job.databaseUrl).password, PGSSLMODE: 'disable' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const exit = once(child, 'exit');
  const tree = new ProcessTree(child.pid ?? 0);
  await Promise.race([firstLogged(dirname(log)), exit]);
  await delay(window.warmupMs);
  const before = tree.cpuSeconds() ?? 0;
  watch.onOpened();
  await Promise.race([delay(window.measureMs), exit]);
  watch.onClosed();
  const after = tree.cpuSeconds() ?? before;
  await exit;
  if (child.exitCode !== 0) throw new Error(`pgbench failed: ${said}`);
  return after - before;
}

function argumentsOf(job: PgbenchJob, script: string, log: string, seconds: number): string[] {
  const { hostname, port, username, pathname } = new URL(job.databaseUrl);
  return [
    ['-h', hostname, '-p', port, '-U', username],
    // Statements are prepared once a connection, as everything else here does.
    ['-M', 'prepared', '-c', String(job.clients), '-j', String(Math.min(job.clients, MAX_THREADS))],
    ['-T', String(seconds), '-f', script],
    ['-D', `accounts=${job.accounts}`, '-D', `branches=${job.branches}`],
    ['-l', `--log-prefix=${log}`, pathname.slice(1)],
  ].flat();
}

/** Lines are `client transaction latency_us script epoch_s epoch_us`; the window is the end of the run. */
function readLogs(directory: string, { measureMs }: Window, cpuSeconds: number): LoadResult {
  const ended: { readonly endUs: number; readonly latencyUs: number }[] = [];
  for (const name of readdirSync(directory).filter((file) => file.startsWith('log'))) {
    for (const line of readFileSync(join(directory, name), 'utf8').split('\n')) {
      const [, , latency, , seconds, micros] = line.split(' ');
      if (micros !== undefined) {
        ended.push({ endUs: Number(seconds) * 1e6 + Number(micros), latencyUs: Number(latency) });
      }
    }
  }
  const closedUs = ended.reduce((latest, { endUs }) => Math.max(latest, endUs), 0);
  const counted = ended.filter(({ endUs }) => endUs > closedUs - measureMs * 1_000);
  const ascending = Float64Array.from(counted, ({ latencyUs }) => latencyUs).sort();
  return {
    operations: counted.length,
    elapsedSeconds: measureMs / 1_000,
    latency: {
      p50Ms: percentile(ascending, 50) / 1_000,
      p95Ms: percentile(ascending, 95) / 1_000,
      p99Ms: percentile(ascending, 99) / 1_000,
    },
    cpuSeconds,
  };
}
