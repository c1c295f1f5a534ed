import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#lib/time/clock.ts';
import { failedForDiskSpace } from './disk-space.ts';
import { EmbeddedPostgresError, errorCodeOf, toEmbeddedError } from './embedded-error.ts';
import { findNativePackage } from './native-files.ts';
import { claimPort, isListening, portInUse } from './ports.ts';
import { postmasterState, readPostmasterFile, removeStalePostmasterFile } from './postmaster-file.ts';
import { programSurroundings, runProgram } from './run-program.ts';
import type { ServerFiles } from './server-files.ts';
import { openLog, quoteLastLines, readLogSince } from './server-log.ts';
import { resolveSettings, type Settings, toArguments } from './server-settings.ts';
import { pollFor } from './wait.ts';

/** A start takes 0.1 s; replaying the 2 GB of WAL that max_wal_size allows took other people about a minute. */
const START_TIMEOUT_MS = 180_000;

/** After this long a start is not an ordinary one, and the user gets a message about what is going on. */
const SLOW_START_MS = 3_000;

/**
 * After a kill -9 of the server its backends end when they next look up from their work. One in a long computation may
 * take longer than this, and then a person must end it.
 */
const ORPHANS_TIMEOUT_MS = 30_000;
const ORPHANS_RETRY_DELAY_MS = 200;

/** How many times a free port may be lost between choosing it and PostgreSQL taking it: once is already rare. */
const MAX_PORT_ATTEMPTS = 5;

/** A fast shutdown writes a checkpoint: up to shared_buffers, 256 MB, to a disk that may be slow. */
const STOP_TIMEOUT_MS = 60_000;

/** A server that accepts connections. */
export type RunningServer = {
  readonly pid: number;
  readonly port: number;
};

/** The outcome of one attempt to start; `logged` is the server's own log. */
type Attempt = { readonly ready: RunningServer } | { readonly logged: string };

/** The server that already runs on a cluster, once it accepts connections; undefined when none does. */
export async function findRunningServer(clusterDir: string): Promise<RunningServer | undefined> {
  const outcome = await pollFor(START_TIMEOUT_MS, async (): Promise<RunningServer | 'none' | undefined> => {
    const file = readPostmasterFile(clusterDir);
    if (!file) return 'none';
    const state = postmasterState(file.pid, clusterDir);
    if (state === 'gone') return 'none';
    if (file.status !== 'ready') return undefined;
    if (state === 'unknown' && !(await isListening(file.port))) return 'none';
    return { pid: file.pid, port: file.port };
  });
  if (outcome === undefined) {
    throw new EmbeddedPostgresError(
      `The PostgreSQL of ${clusterDir} has been starting or stopping for ${START_TIMEOUT_MS / 1000} s: see its log, and start again later`,
    );
  }
  return outcome === 'none' ? undefined : outcome;
}

/** Starts the server on its cluster and waits until it accepts connections. Port 0 means a free one. */
export async function startServer(
  server: ServerFiles,
  requestedPort: number,
  callerSettings: Settings,
): Promise<RunningServer> {
  const settings = await resolveSettings(server, callerSettings);
  const orphansDeadlineMs = systemClock.monotonicMs() + ORPHANS_TIMEOUT_MS;
  for (let portAttempts = 1; ; ) {
    removeStalePostmasterFile(server.clusterDir);
    const port = await claimPort(requestedPort);
    const attempt = await attemptStart(server, port, settings);
    if ('ready' in attempt) return attempt.ready;
    if (isOrphanRefusal(attempt.logged) && systemClock.monotonicMs() < orphansDeadlineMs) {
      await sleep(ORPHANS_RETRY_DELAY_MS);
    } else if (isPortRefusal(attempt.logged) && requestedPort === 0 && portAttempts < MAX_PORT_ATTEMPTS) {
      portAttempts += 1;
    } else {
      throw explainRefusal(server, port, attempt.logged);
    }
  }
}

/**
 * The server is a process of its own session with no pipe to us: Ctrl-C in the terminal does not reach it before
 * we have drained, and it outlives us if we are killed; the next start then joins it.
 */
async function attemptStart(server: ServerFiles, port: number, settings: Settings): Promise<Attempt> {
  const log = openLog(server.logFile);
  const args = ['-D', server.clusterDir, ...toArguments(settings), '-c', `port=${port}`];
  const child = spawn(path.join(server.binDir, 'postgres'), args, {
    ...programSurroundings(server.account),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    windowsHide: true,
  });
  closeSync(log.fd);
  let failure: unknown;
  child.once('error', (error) => {
    failure = error;
  });
  child.once('exit', () => {
    failure ??= 'exited';
  });
  child.unref();
  const slowStart = setTimeout(
    () => server.onProgress('PostgreSQL is not ready yet: it recovers what was committed before a crash'),
    SLOW_START_MS,
  );
  const isReady = await pollFor(START_TIMEOUT_MS, () => {
    if (failure !== undefined) return false;
    const file = readPostmasterFile(server.clusterDir);
    return file?.pid === child.pid && file?.status === 'ready' ? true : undefined;
  });
  clearTimeout(slowStart);
  if (isReady === undefined) {
    throw new EmbeddedPostgresError(
      `PostgreSQL was not ready after ${START_TIMEOUT_MS / 1000} s and goes on trying: start again later, or see ${server.logFile}`,
    );
  }
  if (isReady && child.pid !== undefined) return { ready: { pid: child.pid, port } };
  if (failure instanceof Error) throw toEmbeddedError(failure, `Cannot run ${server.binDir}/postgres`);
  return { logged: readLogSince(server.logFile, log.startOffset) };
}

/** Processes of a killed server still hold its shared memory, or hold on to its postmaster.pid. */
function isOrphanRefusal(logged: string): boolean {
  return /pre-existing shared memory block|lock file "postmaster\.pid" already exists/.test(logged);
}

function isPortRefusal(logged: string): boolean {
  return /could not bind IPv4 address "127\.0\.0\.1": Address already in use/.test(logged);
}

function explainRefusal(server: ServerFiles, port: number, logged: string): EmbeddedPostgresError {
  if (isPortRefusal(logged)) return portInUse(port);
  if (isOrphanRefusal(logged)) {
    return new EmbeddedPostgresError(
      `Processes of an earlier PostgreSQL still use ${server.clusterDir}: wait for them to end, or end them`,
    );
  }
  if (failedForDiskSpace(server.clusterDir, logged)) {
    return new EmbeddedPostgresError(`PostgreSQL cannot start on ${server.clusterDir}: the disk is full`);
  }
  return new EmbeddedPostgresError(`PostgreSQL did not start: ${quoteLastLines(logged)}`);
}

/** Stops the server (fast shutdown: sessions are ended, everything committed is on disk) and waits for its end. */
export async function stopServer(clusterDir: string, pid: number): Promise<void> {
  if (!isAlive(clusterDir, pid)) return;
  await interrupt(pid);
  const stopped = await pollFor(STOP_TIMEOUT_MS, () => (isAlive(clusterDir, pid) ? undefined : true));
  if (stopped) return;
  throw new EmbeddedPostgresError(
    `PostgreSQL (process ${pid}) is still shutting down after ${STOP_TIMEOUT_MS / 1000} s`,
  );
}

/** Where the operating system does not identify a process, the server's own file does: it is removed last. */
function isAlive(clusterDir: string, pid: number): boolean {
  const state = postmasterState(pid, clusterDir);
  if (state === 'unknown') return readPostmasterFile(clusterDir)?.pid === pid;
  return state === 'running';
}

/** SIGINT asks for a fast shutdown. Windows has no signals; PostgreSQL's own program stands in there. */
async function interrupt(pid: number): Promise<void> {
  try {
    if (process.platform === 'win32') {
      const program = path.join(findNativePackage().nativeDir, 'bin', 'pg_ctl');
      await runProgram(program, ['kill', 'INT', String(pid)], { account: undefined });
    } else {
      process.kill(pid, 'SIGINT');
    }
  } catch (error) {
    if (errorCodeOf(error) !== 'ESRCH') throw toEmbeddedError(error, 'Cannot stop PostgreSQL');
  }
}
