import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromLoad, LoadJob, ToLoad } from '../load/protocol.ts';

const PROGRAM = fileURLToPath(new URL('../load/main.ts', import.meta.url));

/** Whatever was broken, the bank is to be back by then; a run in which it is not has failed. */
const SERVED_WITHIN_MS = 60_000;
/** The clients' last requests are answered, or given up, within fifteen seconds. */
const STOPPED_WITHIN_MS = 30_000;

/** The load generator's process. */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly #watches = new Map<number, (atMs: number) => void>();
  #watchCount = 0;
  #onAcknowledged: () => void = () => undefined;

  constructor(job: LoadJob) {
    this.#child = fork(PROGRAM, { execArgv: [], detached: true });
    this.#child.on('message', (message: FromLoad) => {
      if (message.type === 'acknowledged') this.#onAcknowledged();
      if (message.type !== 'served') return;
      this.#watches.get(message.watch)?.(message.atMs);
      this.#watches.delete(message.watch);
    });
    this.#tell({ type: 'start', job });
  }

  /**
   * When (milliseconds of the clock) each hot account has been served by requests that were sent from now on.
   * Throws when that does not come about.
   */
  async servedAgain(): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#watchCount += 1;
    this.#watches.set(this.#watchCount, resolve);
    this.#tell({ type: 'watch', watch: this.#watchCount });
    const late = (): void => reject(new Error(`not served again within ${SERVED_WITHIN_MS / 1_000} s`));
    const timer = setTimeout(late, SERVED_WITHIN_MS);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves the moment a client has its next acknowledgement, or after `withinMs` without one. */
  async nextAcknowledged(withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onAcknowledged = resolve;
    const timer = setTimeout(resolve, withinMs);
    this.#tell({ type: 'listen' });
    await promise;
    clearTimeout(timer);
  }

  /** Lets the clients have their last answers, and the process end. */
  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit', { signal: AbortSignal.timeout(STOPPED_WITHIN_MS) });
    this.#tell({ type: 'stop' });
    await ended;
  }

  /** Ends it, whatever it is doing. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #tell(message: ToLoad): void {
    this.#child.send(message);
  }
}
