import { existsSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { withDirectoryLock } from '#embedded/directory-lock.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { bundledMajorVersion } from '#embedded/native-files.ts';
import { testHome } from './test-home.ts';

/** Changes whenever Linux starts. Other systems do not have it. */
const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

/** No crash test uses this server: what it loses in a crash of the machine is made again. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
  // A table that was never vacuumed counts as large, and a statement that reads nothing starts two workers: a snapshot
  // of all tables took 27 ms of processor time with them and takes 1.5 without. Servers of test/system have them.
  max_parallel_workers_per_gather: '0',
};

/**
 * Joins the test server, or starts it on the cluster that earlier runs left. The cluster is made when there is
 * none, when the machine has started since (it writes without fsync, so a power cut may have torn it) and when
 * PostgreSQL cannot start on it.
 */
export async function openTestServer(): Promise<EmbeddedPostgres> {
  const home = testHome();
  const dataDir = join(home, `postgres-${bundledMajorVersion()}`);
  return await withDirectoryLock(join(home, 'test-server.lock'), async () => {
    if (readBootOf(dataDir) !== bootId()) removeCluster(dataDir);
    const options = { dataDir, port: 0, settings: SETTINGS };
    const server = await openEmbeddedPostgres(options).catch((error: unknown) => {
      if (!existsSync(join(dataDir, 'postgres'))) throw error;
      removeCluster(dataDir);
      return openEmbeddedPostgres(options);
    });
    writeFileSync(join(dataDir, 'boot-id'), bootId());
    return server;
  });
}

function bootId(): string {
  return existsSync(BOOT_ID_FILE) ? readFileSync(BOOT_ID_FILE, 'utf8').trim() : 'unknown';
}

function readBootOf(dataDir: string): string {
  const file = join(dataDir, 'boot-id');
  return existsSync(file) ? readFileSync(file, 'utf8') : 'none';
}

/** Removes a cluster, also where root keeps it behind a link. No server runs on it: it would have been joined. */
function removeCluster(dataDir: string): void {
  const link = join(dataDir, 'postgres');
  let linked: string | undefined;
  try {
    linked = dirname(resolve(dataDir, readlinkSync(link)));
  } catch {
    // Not a link: the cluster is in the folder itself, or there is none.
  }
  if (linked !== undefined) rmSync(linked, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}
