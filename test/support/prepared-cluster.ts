import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '#db/migrate.ts';
import { withDirectoryLock } from '#embedded/directory-lock.ts';
import { openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { hashOfSources } from './hash-of-sources.ts';
import { testHome } from './test-home.ts';

/** Everything that decides what a first start makes, before a bank is opened in it. */
const SOURCES = [
  'migrations/*.sql',
  'src/{db,embedded}/*.ts',
  'test/support/prepared-cluster.ts',
  'package-lock.json',
];

/** It is made without waiting for the disk, and in little WAL: every copy takes the files along. A copy has neither. */
const SETTINGS = { fsync: 'off', min_wal_size: '32MB', max_wal_size: '32MB' };

const PREFIX = 'cluster-';
/** Clusters of other versions of the sources are kept for so long: another run may be copying one. */
const KEPT_MS = 86_400_000;

/**
 * Fills a data directory, which must not exist yet, as a first start of the embedded server leaves it: a stopped
 * cluster with its passwords and the migrated database, in which no bank was opened. It is a copy of one that is
 * made once and kept, for tests that do not ask how a cluster comes about.
 */
export async function copyPreparedCluster(dataDir: string): Promise<void> {
  const prepared = await provideCluster();
  // A root that copies leaves the files to itself; the server gives them to its own account when it starts.
  cpSync(prepared, dataDir, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

async function provideCluster(): Promise<string> {
  const home = testHome();
  const prepared = join(home, `${PREFIX}${hashOfSources(SOURCES)}`);
  if (existsSync(prepared)) return prepared;
  await withDirectoryLock(join(home, 'cluster.lock'), async () => {
    if (existsSync(prepared)) return;
    removeOld(home);
    await makeCluster(prepared);
  });
  return prepared;
}

/** Made where the server's account surely gets, and given its name when it is complete. */
async function makeCluster(prepared: string): Promise<void> {
  const workDir = mkdtempSync(join(tmpdir(), 'florin-cluster-'));
  try {
    chmodSync(workDir, 0o755);
    const dataDir = join(workDir, 'data');
    const server = await openEmbeddedPostgres({ dataDir, port: 0, settings: SETTINGS });
    try {
      await migrate(server.databaseUrl);
    } finally {
      await server.close();
    }
    rmSync(join(dataDir, 'postgres.lock'));
    rmSync(join(dataDir, 'postgres.log'));
    const unfinished = `${prepared}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(dataDir, unfinished, { recursive: true, dereference: true });
    renameSync(unfinished, prepared);
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

function removeOld(home: string): void {
  for (const name of readdirSync(home).filter((one) => one.startsWith(PREFIX))) {
    const isOld = statSync(join(home, name)).mtimeMs < Date.now() - KEPT_MS;
    if (isOld && name !== 'cluster.lock') rmSync(join(home, name), { recursive: true, force: true });
  }
}
