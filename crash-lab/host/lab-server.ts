import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/florin.mjs', import.meta.url));

/** As a supervisor does that is not to start a program in a tight loop. */
const RESTART_AFTER_MS = 100;
const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;

export type LabServerOptions = {
  readonly databaseUrl: string;
  readonly dataKey: string;
  readonly logFile: string;
  readonly nodeArguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
};

/** `florin serve` on a port of its own, started again whenever it has ended. */
export class LabServer {
  readonly url: string;
  readonly port: number;
  readonly #options: LabServerOptions;
  #child: ChildProcess;
  #isClosing = false;
  #starts = 0;

  /** Starts it on a port that is free. */
  constructor(options: LabServerOptions, port: number) {
    this.#options = options;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#child = this.#spawn();
  }

  /** How often it was started: once, unless it has ended. */
  get starts(): number {
    return this.#starts;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Waits until it takes requests. Throws when it does not come to that. */
  async ready(): Promise<void> {
    const deadlineMs = performance.now() + READY_WITHIN_MS;
    for (;;) {
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.status === 200) return;
      if (performance.now() > deadlineMs)
        throw new Error(`the server is not ready: ${this.#options.logFile}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Asks it to drain and stop. Throws if it does not end well. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGCONT');
    this.#child.kill('SIGTERM');
    const tooLate = setTimeout(() => this.#child.kill('SIGKILL'), STOPPED_WITHIN_MS);
    await exit;
    clearTimeout(tooLate);
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== 0) throw new Error(`the server ended with ${exitCode ?? signalCode}`);
  }

  #spawn(): ChildProcess {
    const { databaseUrl, dataKey, logFile, nodeArguments = [], environment = {} } = this.#options;
    this.#starts += 1;
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [...nodeArguments, PROGRAM, 'serve'], {
      cwd: tmpdir(),
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        DATABASE_URL: databaseUrl,
        FLORIN_DATA_KEY: dataKey,
        FLORIN_DEMO: 'off',
        // One process stands for many callers.
        FLORIN_RATE_LIMIT: 'off',
        PORT: String(this.port),
        LOG_LEVEL: 'warn',
        ...environment,
      },
      // A group of its own: Ctrl-C is for us, and we end it.
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.once('exit', () => {
      if (!this.#isClosing) setTimeout(() => this.#startAgain(), RESTART_AFTER_MS);
    });
    return child;
  }

  #startAgain(): void {
    if (!this.#isClosing) this.#child = this.#spawn();
  }
}

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address === 'object' && address !== null) return address.port;
  throw new TypeError('a server that listens has a port');
}
