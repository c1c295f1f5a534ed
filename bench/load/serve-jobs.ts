import type { LoadResult, OnWindow, Reply } from './protocol.ts';

/**
 * The life of a load process: does one job after the other that its parent sends, and ends when the parent lets
 * go of it. `isJob` tells the jobs it knows.
 */
export function serveJobs<Job>(
  isJob: (message: unknown) => message is Job,
  work: (job: Job, onWindow: OnWindow) => Promise<LoadResult>,
): void {
  const reply = (message: Reply): void => {
    process.send?.(message);
  };
  const serve = async (message: unknown): Promise<void> => {
    try {
      if (!isJob(message)) throw new TypeError('a job that this process does not know');
      const result = await work(message, (type) => reply({ type }));
      reply({ type: 'done', result });
    } catch (error) {
      reply({ type: 'failed', message: describe(error) });
    }
  };
  process.on('message', (message) => void serve(message));
  process.once('disconnect', () => process.exit());
  // Ctrl-C reaches every process of the terminal: the parent ends us when it has tidied up.
  process.on('SIGINT', () => undefined);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Whether a message is a job of one of the kinds. */
export function isJobOf(message: unknown, kinds: readonly string[]): boolean {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  return typeof message.kind === 'string' && kinds.includes(message.kind);
}
