import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import { errorCodeOf, toEmbeddedError } from './embedded-error.ts';

/** The content of a server's postmaster.pid in its cluster. */
export type PostmasterFile = {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready`, `stopping` or `standby`; empty until it has got that far. */
  readonly status: string;
};

/** `unknown`: a process with that id lives, and this operating system does not say which. */
export type PostmasterState = 'running' | 'gone' | 'unknown';

/** Lines of postmaster.pid, counted from 0, as PostgreSQL's `utils/pidfile.h` numbers them from 1. */
const PID_LINE = 0;
const PORT_LINE = 3;
const STATUS_LINE = 7;

/** Reads postmaster.pid; undefined when there is none, or it is still empty. */
export function readPostmasterFile(clusterDir: string): PostmasterFile | undefined {
  try {
    const lines = readFileSync(path.join(clusterDir, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[PID_LINE]);
    if (!Number.isInteger(pid) || pid <= 0) return undefined;
    return { pid, port: Number(lines[PORT_LINE] ?? 0), status: (lines[STATUS_LINE] ?? '').trim() };
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw toEmbeddedError(error, `Cannot read the state of the server in ${clusterDir}`);
  }
}

/**
 * Removes a postmaster.pid that a killed server left behind. PostgreSQL does that itself when the process is gone, but
 * mistakes a zombie, or another program with the same process id, for its old self.
 */
export function removeStalePostmasterFile(clusterDir: string): void {
  const file = readPostmasterFile(clusterDir);
  if (!file || !processExists(file.pid) || postmasterState(file.pid, clusterDir) !== 'gone') return;
  rmSync(path.join(clusterDir, 'postmaster.pid'), { force: true });
}

/** Whether the process that postmaster.pid names still serves this cluster. */
export function postmasterState(pid: number, clusterDir: string): PostmasterState {
  if (!processExists(pid)) return 'gone';
  if (process.platform !== 'linux') return 'unknown';
  const program = readProcessFile(pid, 'comm').trim();
  const isZombie = /\) [ZX] /.test(readProcessFile(pid, 'stat'));
  if (isZombie || program !== 'postgres') return 'gone';
  const commandLine = readProcessFile(pid, 'cmdline');
  // Without a command line it was killed and is being taken down; with this one it is a backend, not a server.
  if (commandLine === '' || commandLine.startsWith('postgres: ')) return 'gone';
  if (commandLine.split('\0').includes(clusterDir)) return 'running';
  const workingDirectory = workingDirectoryOf(pid);
  if (workingDirectory === undefined && processExists(pid)) return 'unknown';
  return workingDirectory === clusterDir ? 'running' : 'gone';
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCodeOf(error) !== 'ESRCH';
  }
}

function readProcessFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It has ended since; an empty answer counts as that.
    return '';
  }
}

/** A server started by hand with a relative path is recognised by its working directory, if we may see that. */
function workingDirectoryOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
