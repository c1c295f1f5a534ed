import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { readPostmasterFile } from '#embedded/postmaster-file.ts';
import { copyPreparedCluster } from '#test/support/prepared-cluster.ts';
import { makeDataDir, postmasterPid } from '#test/system/embedded/embedded-server.ts';

const SOURCE = fileURLToPath(new URL('fail-fdatasync.c', import.meta.url));

/** Above what a start takes on a machine with much other work. */
const START_MS = 60_000;

type Scope = { after: (end: () => Promise<void>) => void };

/** Why no flush of a disk can be made to fail here; false where it can. */
export function withoutFailingDisk(): string | false {
  if (process.platform !== 'linux') return 'a library is loaded before libc on Linux';
  return spawnSync('cc', ['--version']).error === undefined ? false : 'there is no C compiler (cc)';
}

/** A PostgreSQL of its own, with a migrated database and no book, whose next flush of the WAL fails when it is told to. */
export class FailingDisk {
  readonly databaseUrl: string;
  readonly #trigger: string;
  #before: string | undefined;

  private constructor(databaseUrl: string, trigger: string) {
    this.databaseUrl = databaseUrl;
    this.#trigger = trigger;
  }

  static async open(scope: Scope): Promise<FailingDisk> {
    const folder = mkdtempSync(join(tmpdir(), 'florin-disk-'));
    // PostgreSQL's account takes the trigger away.
    chmodSync(folder, 0o777);
    const [library, trigger] = [join(folder, 'fail-fdatasync.so'), join(folder, 'fail-next')];
    const compiled = spawnSync('cc', ['-shared', '-fPIC', '-o', library, SOURCE, '-ldl']);
    if (compiled.status !== 0) throw new Error(`cc: ${compiled.stderr.toString()}`);
    const dataDir = makeDataDir(scope);
    await copyPreparedCluster(dataDir);
    await restartWith(dataDir, { LD_PRELOAD: library, FAIL_FDATASYNC: trigger });
    const { databaseUrl } = await openEmbeddedPostgres({ dataDir, port: 0 });
    // The data directory's own clean-up has ended the server.
    scope.after(async () => rmSync(folder, { recursive: true, force: true }));
    return new FailingDisk(databaseUrl, trigger);
  }

  async failNext(): Promise<void> {
    this.#before = await countsSince(this.databaseUrl);
    writeFileSync(this.#trigger, '');
  }

  /** Waits until PostgreSQL has died of it and recovered: until then some sessions still answer. */
  async recovered(): Promise<void> {
    const untilMs = performance.now() + START_MS;
    for (;;) {
      const now = await countsSince(this.databaseUrl).catch(() => undefined);
      if (now !== undefined && now !== this.#before) return;
      if (performance.now() > untilMs) throw new Error('PostgreSQL does not come back');
      await delay(50);
    }
  }

  /** Whether it has failed since. */
  get isSpent(): boolean {
    return !existsSync(this.#trigger);
  }
}

/** Since when PostgreSQL has counted: after a crash it starts again. */
async function countsSince(databaseUrl: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const counted = 'select stats_reset::text as since from pg_stat_bgwriter';
    return (await client.query<{ since: string }>(counted)).rows[0]?.since;
  } finally {
    await client.end();
  }
}

/** Starts the server of a data directory as it is always started, but in another environment. */
async function restartWith(dataDir: string, env: Readonly<Record<string, string>>): Promise<void> {
  const server = await openEmbeddedPostgres({ dataDir, port: 0 });
  const process = `/proc/${postmasterPid(dataDir)}`;
  const program = readlinkSync(`${process}/exe`);
  const args = readFileSync(`${process}/cmdline`, 'utf8').split('\0').slice(1, -1);
  const { uid, gid } = statSync(process);
  await server.close();
  const clusterDir = join(dataDir, 'postgres');
  spawn(program, args, {
    env: { LC_ALL: 'C', ...env },
    cwd: '/',
    uid,
    gid,
    detached: true,
    stdio: 'ignore',
  }).unref();
  const untilMs = performance.now() + START_MS;
  while (readPostmasterFile(clusterDir)?.status !== 'ready') {
    if (performance.now() > untilMs) throw new Error('PostgreSQL does not start with the library');
    await delay(20);
  }
}
