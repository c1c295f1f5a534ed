import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { systemClock, toIsoInstant } from '#lib/time/clock.ts';
import { VERSION } from '#src/version.ts';
import { median } from '../statistics.ts';

/** The magic numbers of file systems in memory (statfs(2)): nothing is durable there, and fsync is free. */
const MEMORY_FILE_SYSTEMS = [0x01021994, 0x858458f6];
const SYNCS = 100;
/** A page of WAL. */
const SYNC_BYTES = 8_192;

/** The machine and software of a run. */
export type Machine = {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** Median of appending 8 KiB and making them durable, on the disk that the database is on. */
  readonly fdatasyncMs: number;
  /** Runnable processes in the minute before. */
  readonly loadBefore: number;
  readonly florin: string;
  readonly commit: string | undefined;
  readonly node: string;
};

export function describeMachine(directory: string): Machine {
  return {
    date: toIsoInstant(systemClock.nowMs()),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()} ${process.arch}`,
    fdatasyncMs: measureSync(directory),
    loadBefore: loadavg()[0] ?? 0,
    florin: VERSION,
    commit: currentCommit(),
    node: process.versions.node,
  };
}

/** Throws when a directory is in memory, as /tmp is on some systems. */
export function refuseMemory(directory: string): void {
  if (!MEMORY_FILE_SYSTEMS.includes(statfsSync(directory).type)) return;
  throw new Error(
    `${directory} is in memory: set TMPDIR to a directory on a disk, or nothing would be durable`,
  );
}

function measureSync(directory: string): number {
  const file = join(directory, 'sync-probe');
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(SYNC_BYTES, 1);
  try {
    const times = Array.from({ length: SYNCS }, () => {
      const startedMs = performance.now();
      writeSync(descriptor, page);
      fdatasyncSync(descriptor);
      return performance.now() - startedMs;
    });
    return median(times);
  } finally {
    closeSync(descriptor);
    rmSync(file);
  }
}

function currentCommit(): string | undefined {
  try {
    const commit = git('rev-parse', '--short=12', 'HEAD').trim();
    const isChanged = git('status', '--porcelain', '../src', '../migrations') !== '';
    return isChanged ? `${commit} with changes` : commit;
  } catch {
    // Not a checkout, or no git.
    return undefined;
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
