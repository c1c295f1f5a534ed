import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BENCH_DATA_KEY, BENCH_DATA_KEY_TEXT } from './data-key.ts';
import { ProcessTree } from './process-tree.ts';
import { makeApiKey } from './with-context.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/florin.mjs', import.meta.url));
/** A start takes half a second; a busy machine may need ten times as long. */
const START_TIMEOUT_MS = 30_000;
/** The line with the server's address. */
const ADDRESS = /^\s*API\s+(http:\S+)\/v1/;

/** The real server, as `florin serve` runs it, in a process of its own. */
export class FlorinServer {
  readonly url: string;
  /** The token of an API key for everything that is measured. */
  readonly token: string;
  readonly tree: ProcessTree;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, token: string) {
    this.#child = child;
    this.url = url;
    this.token = token;
    this.tree = new ProcessTree(child.pid ?? 0);
  }

  /** Starts a server on a database and waits until it answers. `nodeArguments` are for profiles. */
  static async start(
    databaseUrl: string,
    nodeArguments: readonly string[] = [],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<FlorinServer> {
    const token = await makeApiKey({ databaseUrl, dataKey: BENCH_DATA_KEY });
    const child = spawn(process.execPath, [...nodeArguments, PROGRAM, 'serve'], {
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        FLORIN_DATA_KEY: BENCH_DATA_KEY_TEXT,
        // One process stands for thousands of callers.
        FLORIN_RATE_LIMIT: 'off',
        PORT: '0',
        LOG_LEVEL: 'warn',
        FLORIN_DEMO: 'off',
        ...settings,
      },
      // A group of its own: Ctrl-C is for us, and we end it.
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      return new FlorinServer(child, await addressOf(child), token);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Asks it to drain and stop, and waits for that. Throws if it does not end well. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exit;
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== 0) throw new Error(`florin serve ended with ${exitCode ?? signalCode}`);
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new TypeError('the output of a spawned server is piped');
  const lines = createInterface({ input: child.stdout });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const onExit = (code: number | null, signal: NodeJS.Signals | null): void =>
    reject(new Error(`florin serve ended before it answered: ${code ?? signal ?? 'unknown'}`));
  const timeout = setTimeout(() => reject(new Error('florin serve does not start')), START_TIMEOUT_MS);
  child.once('exit', onExit);
  child.once('error', reject);
  lines.on('line', (line) => {
    const url = ADDRESS.exec(line)?.[1];
    if (url !== undefined) resolve(url);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timeout);
    child.off('exit', onExit);
  }
}
