import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#lib/time/clock.ts';
import { MetricsExchange } from '#watch/metrics-exchange.ts';

/** The program of a worker: the starter, which brings the compile cache with it. */
const FLORIN = fileURLToPath(new URL('../../bin/florin.mjs', import.meta.url));

/** A worker that ends this soon after its start may never get further: a start takes one second, on a busy machine ten. */
const QUICK_END_MS = 10_000;
/** One or two quick ends are bad luck; five in a row, with the pauses between them, are not. */
const MAX_QUICK_ENDS = 5;
/** The pause after a quick end; each further one adds the same again. */
const BACKOFF_MS = 200;

/** The primary's message to a worker that should end. */
const STOP = 'stop';

/** Workers end again and again: one line for the operator. */
export class WorkersError extends Error {
  override readonly name = 'WorkersError';
}

/** Something that answers at an address. */
export type Served = {
  readonly url: string;
  /** Answers accepted requests, refuses new ones, and stops. */
  close(): Promise<void>;
};

/**
 * Worker processes that share one listening socket, and this process, the primary, which serves nothing itself.
 * A worker that ends is replaced by another. When the primary dies, even by kill -9, its workers lose their
 * channel to it, and Node ends them.
 *
 * Each worker accepts connections from the socket by itself. Node's alternative, connections handed out by the primary,
 * loses a connection on its way to a worker that dies: its client waits in vain.
 */
export class WorkerPool {
  /** The address, once all workers listen. Rejects as `over` does. */
  readonly listening: Promise<string>;
  /** Resolves when all have ended after a stop; rejects with WorkersError when one ends again and again. */
  readonly over: Promise<void>;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #say: (line: string) => void;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Worker>();
  readonly #metrics = new MetricsExchange(() => this.#running);
  readonly #places: readonly Promise<void>[];

  /** Starts `florin serve` this many times, with the variables given. */
  constructor(count: number, environment: Readonly<Record<string, string>>, say: (line: string) => void) {
    this.#environment = environment;
    this.#say = say;
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({ exec: FLORIN, args: ['serve'] });
    const urls = Array.from({ length: count }, () => Promise.withResolvers<string>());
    this.#places = urls.map(({ resolve }) => this.#fillPlace(resolve));
    this.over = Promise.all(this.#places).then(() => undefined);
    const all = Promise.all(urls.map(({ promise }) => promise));
    this.listening = Promise.race([all.then(([url = '']) => url), this.over.then(() => '')]);
  }

  /** Lets every worker answer its accepted requests, and waits until all have ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // A worker that has just died does not get it.
    for (const worker of this.#running) worker.send(STOP, () => undefined);
    await Promise.allSettled(this.#places);
  }

  /** Runs one worker after another, until the stop or MAX_QUICK_ENDS. */
  async #fillPlace(onListening: (url: string) => void): Promise<void> {
    for (let quickEnds = 0; ; ) {
      const startedMs = systemClock.monotonicMs();
      const ended = await this.#runWorker(onListening);
      if (this.#stopping.signal.aborted) return;
      quickEnds = systemClock.monotonicMs() - startedMs < QUICK_END_MS ? quickEnds + 1 : 0;
      if (quickEnds === MAX_QUICK_ENDS) {
        throw new WorkersError(`a worker ended ${quickEnds} times in a row soon after its start: ${ended}`);
      }
      this.#say(`${ended}; another takes its place.`);
      await this.#pause(quickEnds * BACKOFF_MS);
      if (this.#stopping.signal.aborted) return;
    }
  }

  /** Resolves with the manner of the worker's end. */
  async #runWorker(onListening: (url: string) => void): Promise<string> {
    const worker = cluster.fork(this.#environment);
    const { pid } = worker.process;
    this.#running.add(worker);
    worker.on('message', (message: unknown) => {
      if (typeof message === 'string') onListening(message);
      else this.#metrics.hear(worker, message);
    });
    const { promise, resolve } = Promise.withResolvers<string>();
    worker.once('exit', (exitCode, signal) => {
      resolve(`worker ${pid} was ended by ${signal ?? `itself with exit code ${exitCode}`}`);
    });
    worker.on('error', (error) => {
      // Without a process there is no exit. Any other error is a message to one that has died: its exit follows.
      if (pid === undefined) resolve(`a worker could not be started (${error.message})`);
    });
    const ended = await promise;
    this.#running.delete(worker);
    this.#metrics.forget(worker);
    return ended;
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    await delay(ms, undefined, { signal }).catch(() => undefined);
  }
}

/** Whether a WorkerPool has started this process. */
export function isWorker(): boolean {
  return cluster.isWorker;
}

/** The worker's side of the pool: serves, reports the address, and disconnects from the primary when all is done. */
export async function serveAsWorker(
  serve: () => Promise<Served>,
): Promise<Served & { readonly over: Promise<void> }> {
  const told = Promise.withResolvers<void>();
  process.on('message', (message: unknown) => {
    if (message === STOP) told.resolve();
  });
  try {
    const served = await serve();
    process.send?.(served.url);
    return { url: served.url, over: told.promise, close: () => served.close().finally(leavePrimary) };
  } catch (error) {
    leavePrimary();
    throw error;
  }
}

/** The channel to the primary would keep the process alive. */
function leavePrimary(): void {
  cluster.worker?.disconnect();
}

/**
 * The port for workers to share: the configured one, or a free one for 0. A later 0 would give another port to a worker
 * that starts when all others are gone. Rejects when it cannot be listened on.
 */
export async function choosePort(host: string, wanted: number): Promise<number> {
  const server = createServer().listen(wanted, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : wanted;
}
