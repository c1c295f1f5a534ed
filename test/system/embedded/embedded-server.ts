import { type ChildProcess, fork } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '#db/database.ts';

/** Quick and small, for tests that do not ask what survives a power cut. */
export const FAST_SETTINGS = { fsync: 'off', shared_buffers: '16MB' };

/** What another process that opened the server says about it. */
export type Opened =
  | { readonly startedHere: boolean; readonly firstStart: boolean; readonly port: number }
  | { readonly error: string };

/** A temporary data directory that does not exist yet; afterwards its server is ended and everything removed. */
export function makeDataDir(
  t: { after: (end: () => Promise<void>) => void },
  options: { parentMode?: number } = {},
): string {
  const parentDir = mkdtempSync(path.join(tmpdir(), 'florin-embedded-'));
  chmodSync(parentDir, options.parentMode ?? 0o755);
  const dataDir = path.join(parentDir, 'data');
  t.after(async () => {
    const clusterDir = path.join(dataDir, 'postgres');
    await killPostmaster(dataDir);
    const homeDir = existsSync(clusterDir) ? path.dirname(realpathSync(clusterDir)) : dataDir;
    for (const directory of [parentDir, homeDir]) rmSync(directory, { recursive: true, force: true });
  });
  return dataDir;
}

/** Process id of the server that runs on a data directory, undefined when none does. */
export function postmasterPid(dataDir: string): number | undefined {
  const file = path.join(dataDir, 'postgres', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

/** Ends the server of a test's own data directory as a power cut would, leaving its pid file behind. */
export async function killPostmaster(dataDir: string): Promise<void> {
  const pid = postmasterPid(dataDir);
  if (pid === undefined || !serves(pid, dataDir)) return;
  process.kill(pid, 'SIGKILL');
  await waitUntil(() => !serves(pid, dataDir));
}

/** A pid file may name a process that never was ours. */
function serves(pid: number, dataDir: string): boolean {
  const file = `/proc/${pid}/cmdline`;
  const clusterDir = realpathSync(path.join(dataDir, 'postgres'));
  return existsSync(file) && readFileSync(file, 'utf8').includes(clusterDir);
}

/** Runs statements on a database, each on a connection that is closed afterwards; answers the last one's rows. */
export async function query(
  databaseUrl: string,
  ...statements: string[]
): Promise<readonly Record<string, unknown>[]> {
  const { pool } = openDatabase({ databaseUrl, asApplication: false, poolSize: 1, statementTimeoutMs: 0 });
  try {
    let rows: readonly Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await pool.query(statement)).rows;
    return rows;
  } finally {
    await pool.end();
  }
}

/** Another process that opens the server; ended with the test if it still runs. */
export class OtherProcess {
  readonly #child: ChildProcess;

  constructor(t: TestContext, dataDir: string) {
    const script = fileURLToPath(new URL('./open-server.ts', import.meta.url));
    this.#child = fork(script, [dataDir], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    t.after(() => this.kill());
  }

  /** What it answers when the server is open. */
  opened(): Promise<Opened> {
    return this.#nextMessage();
  }

  /** Lets it close the server and waits for its end. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.send('close');
    await ended;
  }

  /** Ends it with kill -9. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  #nextMessage(): Promise<Opened> {
    return new Promise((resolve, reject) => {
      this.#child.once('exit', (code) => reject(new Error(`the other process ended with ${code}`)));
      this.#child.once('message', (message) => resolve(message as Opened));
    });
  }
}

/** Waits for a state that nothing announces; fails after a minute. */
export async function waitUntil(condition: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${condition.toString()}`);
    await sleep(2);
  }
}
