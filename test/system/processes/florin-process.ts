import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { TEST_DATA_KEY, TEST_DATA_KEY_TEXT } from '#test/support/data-key.ts';
import { copyPreparedCluster } from '#test/support/prepared-cluster.ts';
import { makeDataDir, postmasterPid } from '#test/system/embedded/embedded-server.ts';
import { makeApiKey } from '../../../bench/host/with-context.ts';
import { useToken } from './bank-client.ts';

const FLORIN = fileURLToPath(new URL('../../../bin/florin.mjs', import.meta.url));

/** What Node has compiled once: dozens of starts on two cores take half the time (0.65 s of CPU each without it). */
const COMPILE_CACHE = fileURLToPath(new URL('../../../node_modules/.cache/florin-test', import.meta.url));

/** Long enough for a first start, which prepares a database and a demo, on a machine with much other work. */
const READY_TIMEOUT_MS = 180_000;
const EXIT_TIMEOUT_MS = 90_000;

export type Ended = { readonly exitCode: number | null; readonly signal: NodeJS.Signals | null };

/** What a test hangs its clean-up on: itself, or the file it is in. */
export type Scope = { after: (end: () => Promise<void>) => void };

/** A `florin` process as a user would start it, in an environment that holds nothing but what is given. */
export class FlorinProcess {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;

  readonly #onReady: (url: string) => Promise<void>;

  constructor(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
    onReady: (url: string) => Promise<void> = async () => undefined,
  ) {
    this.#onReady = onReady;
    this.#child = spawn(process.execPath, [FLORIN, ...args], {
      cwd: tmpdir(),
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        // The embedded server makes its own.
        ...(environment.DATABASE_URL === undefined ? {} : { FLORIN_DATA_KEY: TEST_DATA_KEY_TEXT }),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.#ended = new Promise((resolve) => {
      // Not `exit`: what it said last may still be in the pipes.
      this.#child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
    });
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ids of the worker processes it has forked. */
  get workers(): number[] {
    // Not PostgreSQL.
    return childrenOf(this.#child.pid!).filter((pid) => readProcess(pid, 'cmdline').includes(FLORIN));
  }

  /** Waits for what a server says when it runs, and for the answer that it is ready; its URL. */
  async ready(): Promise<string> {
    const found = await this.#waitFor(READY_TIMEOUT_MS, () => this.stdout.match(/API +(http:\S+)\/v1\n/));
    const url = found[1] ?? '';
    const answer = await fetch(`${url}/health/ready`);
    if (answer.status !== 200) throw new Error(`not ready: ${answer.status} ${await answer.text()}`);
    await answer.text();
    await this.#onReady(url);
    return url;
  }

  /** Waits for a line on standard output. */
  async says(pattern: RegExp): Promise<void> {
    await this.#waitFor(READY_TIMEOUT_MS, () => this.stdout.match(pattern));
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Waits for its end, which must come by itself. */
  async ended(): Promise<Ended> {
    const waiting = new AbortController();
    const late = sleep(EXIT_TIMEOUT_MS, undefined, { signal: waiting.signal, ref: true });
    const ended = await Promise.race([this.#ended, late.catch(() => undefined)]);
    waiting.abort();
    if (ended === undefined) throw new Error(`it goes on running: ${this.#said()}`);
    return ended;
  }

  /** Asks it to stop and waits until it has. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.signal(signal);
    return await this.ended();
  }

  /** Ends it with kill -9. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #waitFor<Found>(timeoutMs: number, look: () => Found | null): Promise<Found> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const found = look();
      if (found !== null) return found;
      if (!this.isRunning) throw new Error(`it ended: ${this.#said()}`);
      if (performance.now() > deadlineMs) throw new Error(`waited in vain: ${this.#said()}`);
      await sleep(5);
    }
  }

  #said(): string {
    return `${this.stdout}\n${this.stderr}`;
  }
}

/** A data directory with the processes that work on it; all of it is gone after the test. */
export class Installation {
  readonly dataDir: string;
  readonly #processes: FlorinProcess[] = [];
  readonly #environment: Readonly<Record<string, string>>;
  /** API keys that may do everything, by the database that knows them. */
  readonly #tokens = new Map<string, Promise<string>>();

  constructor(scope: Scope, environment: Readonly<Record<string, string>> = {}) {
    this.#environment = { FLORIN_DEMO: 'off', LOG_LEVEL: 'warn', PORT: '0', ...environment };
    // Before the directory's own clean-up: a process that still starts would start PostgreSQL once more.
    scope.after(async () => {
      for (const florin of this.#processes) await florin.kill();
    });
    this.dataDir = makeDataDir(scope);
  }

  /**
   * One whose PostgreSQL has been started before, with a migrated database in which no bank was opened: for tests
   * that do not ask what a first start makes.
   */
  static async prepared(
    scope: Scope,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Installation> {
    const installation = new Installation(scope, environment);
    await copyPreparedCluster(installation.dataDir);
    return installation;
  }

  /** Starts a server on a free port. */
  serve(environment: Readonly<Record<string, string>> = {}): FlorinProcess {
    return this.run(['serve'], environment);
  }

  run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): FlorinProcess {
    const whole: Readonly<Record<string, string>> = {
      FLORIN_DATA_DIR: this.dataDir,
      ...this.#environment,
      ...environment,
    };
    const florin = new FlorinProcess(args, whole, async (url) => {
      useToken(url, await this.#tokenFor(whole.DATABASE_URL));
    });
    this.#processes.push(florin);
    return florin;
  }

  /** One and the same for all servers on a database: keys of requests belong to who sends them. */
  #tokenFor(externalUrl: string | undefined): Promise<string> {
    const name = externalUrl ?? this.dataDir;
    const token =
      this.#tokens.get(name) ??
      (externalUrl === undefined ? this.databaseUrl() : Promise.resolve(externalUrl)).then((databaseUrl) =>
        makeApiKey({ databaseUrl, dataKey: TEST_DATA_KEY }),
      );
    this.#tokens.set(name, token);
    return token;
  }

  /** The address of the embedded server, which must be running. */
  async databaseUrl(): Promise<string> {
    const joined = await openEmbeddedPostgres({ dataDir: this.dataDir, port: 0 });
    // Leaves at once: a server that is stopping meanwhile takes PostgreSQL down as the last one out.
    await joined.close();
    return joined.databaseUrl;
  }

  /** Changes PostgreSQL's settings, for this run of it and later ones. It must be running. */
  configureDatabase(settings: Readonly<Record<string, string>>): void {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
    appendFileSync(path.join(this.dataDir, 'postgres', 'postgresql.conf'), lines.join(''));
    process.kill(postmasterPid(this.dataDir)!, 'SIGHUP');
  }

  /** Whether PostgreSQL has left the data directory in order. */
  get isDatabaseStopped(): boolean {
    return postmasterPid(this.dataDir) === undefined;
  }

  /** Ends PostgreSQL with all its processes at once, as an operating system out of memory or power does. */
  killDatabase(): void {
    const pid = postmasterPid(this.dataDir);
    if (pid === undefined) throw new Error('PostgreSQL does not run');
    for (const one of [pid, ...childrenOf(pid)]) killIfThere(one);
  }
}

function childrenOf(pid: number): number[] {
  return readProcess(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/** A file of a process in /proc; empty when it has ended meanwhile. */
function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Ends a process by kill -9, unless it has ended meanwhile. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** What only Linux lets a test see of other processes. */
export const LINUX_ONLY = process.platform !== 'linux' && 'finds processes in /proc';

/** Waits for what nothing announces, as long as a server may take to be ready. */
export async function untilTrue(look: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  while (!(await look())) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${look.toString()}`);
    await sleep(5);
  }
}
