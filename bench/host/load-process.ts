import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DatabaseJob, HttpJob, LoadResult, Reply } from '../load/protocol.ts';

/** Beyond the time a job's window takes: connecting, the last answers, an import, the restore of a long ledger. */
const JOB_TIMEOUT_MS = 1_200_000;

/** Callbacks of the parent for the opening and closing of a job's window. */
export type WindowWatch = { readonly onOpened: () => void; readonly onClosed: () => void };

/** A child process that generates load, one job at a time. All rows use the same process, so it stays warm. */
export class LoadProcess<Job extends HttpJob | DatabaseJob> {
  readonly #child: ChildProcess;

  constructor(file: string) {
    const program = fileURLToPath(new URL(`../${file}`, import.meta.url));
    this.#child = fork(program, { execArgv: [], serialization: 'advanced' });
  }

  /** Runs a job to its end. Throws its error if it fails. */
  async run(job: Job, watch: WindowWatch): Promise<LoadResult> {
    const { promise, resolve, reject } = Promise.withResolvers<LoadResult>();
    const onMessage = (message: unknown): void => {
      if (!isReply(message)) return;
      if (message.type === 'opened') watch.onOpened();
      else if (message.type === 'closed') watch.onClosed();
      else if (message.type === 'done') resolve(message.result);
      else reject(new Error(message.message));
    };
    const onExit = (): void => reject(new Error('a load process ended in the middle of its job'));
    const timeout = setTimeout(
      () => reject(new Error('a job of a load process does not end')),
      JOB_TIMEOUT_MS,
    );
    this.#child.on('message', onMessage);
    this.#child.once('exit', onExit);
    try {
      this.#child.send(job);
      return await promise;
    } finally {
      clearTimeout(timeout);
      this.#child.off('message', onMessage);
      this.#child.off('exit', onExit);
    }
  }

  /** Ends the process, whatever it is doing. */
  close(): void {
    this.#child.kill('SIGTERM');
  }
}

function isReply(message: unknown): message is Reply {
  return typeof message === 'object' && message !== null && 'type' in message;
}
