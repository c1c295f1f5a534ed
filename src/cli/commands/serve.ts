import type { Command } from 'commander';
import { systemClock } from '#lib/time/clock.ts';
import { CommandFailedError } from '../failures.ts';
import type { Shell } from '../shell.ts';

/** `serve`: the API, until a signal ends it. */
export function addServeCommand(program: Command, shell: Shell): void {
  program
    .command('serve')
    .description('run the bank: the API and its documentation, until SIGINT or SIGTERM')
    .action(() => serve(shell));
}

async function serve(shell: Shell): Promise<void> {
  const { config } = await shell.loadConfig();
  // Before the start, which may take seconds: a signal during it ends what it began, too.
  const stopped = Promise.race([stopSignal(), npmGone()]);
  // The server and its framework are loaded for this command alone.
  const { ListenError, startServer } = await import('#serve/server.ts');
  const { WorkersError } = await import('#serve/workers.ts');
  try {
    const server = await startServer(config, (line) => console.log(line));
    try {
      await Promise.race([stopped, server.over]);
    } finally {
      await server.close();
    }
  } catch (error) {
    if (error instanceof ListenError) throw new CommandFailedError('address_unusable', error.message, error);
    if (error instanceof WorkersError) throw new CommandFailedError('workers_failed', error.message, error);
    throw error;
  }
}

/**
 * Signals this close together are one. systemd and `timeout` send theirs to every process of ours, and then the
 * starter of bin/ passes its copy on; nobody is that impatient.
 */
const SAME_SIGNAL_MS = 1_000;

/** Resolves at the first SIGINT or SIGTERM; at a later one the process ends at once. */
function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let firstAtMs: number | undefined;
  const onSignal = (): void => {
    const nowMs = systemClock.monotonicMs();
    firstAtMs ??= nowMs;
    if (nowMs - firstAtMs > SAME_SIGNAL_MS) process.exit(1);
    resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, onSignal);
  return promise;
}

/** How often a server that npm started looks whether npm is still there. */
const NPM_CHECK_MS = 500;

/**
 * Resolves when the shell in which npm started us is gone. A SIGTERM to npm ends that shell, which does not pass
 * it on: the server would go on by itself, with its port and its database. Never resolves without npm.
 */
function npmGone(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (process.env.npm_lifecycle_event === undefined) return promise;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    resolve();
  }, NPM_CHECK_MS);
  timer.unref();
  return promise;
}
