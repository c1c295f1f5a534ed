import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { canTraverse, type ServerAccount } from './account.ts';
import { EmbeddedPostgresError, toEmbeddedError } from './embedded-error.ts';

/** The files of one embedded server, by the directory the user named. */
export type DataDirectory = {
  readonly dataDir: string;
  /** The cluster, or a link to it when the server's account cannot reach this directory. */
  readonly clusterLink: string;
  readonly lockFile: string;
  readonly logFile: string;
  readonly secretsFile: string;
};

/** Where root keeps a cluster that cannot be in the data directory: unlike /tmp, it survives a reboot. */
const RELOCATED_BASE_DIR = '/var/lib/florin';

/** Whether a data directory has a database, running or not. Makes nothing. */
export function hasCluster(dataDir: string): boolean {
  return statSync(path.join(dataDir, 'postgres', 'PG_VERSION'), { throwIfNoEntry: false }) !== undefined;
}

/** Makes the data directory if needed. Only its owner may read it. */
export function openDataDirectory(requestedDir: string): DataDirectory {
  try {
    mkdirSync(requestedDir, { recursive: true, mode: 0o700 });
    const dataDir = realpathSync(requestedDir);
    return {
      dataDir,
      clusterLink: path.join(dataDir, 'postgres'),
      lockFile: path.join(dataDir, 'postgres.lock'),
      logFile: path.join(dataDir, 'postgres.log'),
      secretsFile: path.join(dataDir, 'postgres.secrets.json'),
    };
  } catch (error) {
    throw toEmbeddedError(error, `Cannot use ${requestedDir} as data directory`);
  }
}

/**
 * The directory that holds (or is to hold) the cluster: the data directory, unless the server's account cannot
 * pass through the directories above it. Then a fresh one is made where it can, and `<dataDir>/postgres` is a
 * link into it. The link is made before the cluster, so that an interrupted start finds the same place again.
 */
export function locateHome(
  directory: DataDirectory,
  account: ServerAccount | undefined,
  onProgress: (line: string) => void,
): string {
  const { dataDir, clusterLink } = directory;
  const existing = lstatSync(clusterLink, { throwIfNoEntry: false });
  if (existing?.isSymbolicLink()) return followLink(clusterLink);
  if (!account) return dataDir;
  allowPassingThrough(dataDir);
  if (canTraverse(account, dataDir)) return dataDir;
  if (existing) {
    throw new EmbeddedPostgresError(
      `The account that runs PostgreSQL (${account.name}) can no longer reach ${clusterLink}: let it pass through the directories above (chmod o+x), or start as the directory's owner`,
    );
  }
  const homeDir = makeRelocatedHome(account);
  symlinkSync(path.join(homeDir, 'postgres'), clusterLink);
  onProgress(
    `PostgreSQL may not run as root, and account ${account.name} cannot reach ${dataDir}: its files go to ${homeDir}`,
  );
  return homeDir;
}

function followLink(clusterLink: string): string {
  const homeDir = path.dirname(path.resolve(path.dirname(clusterLink), readlinkSync(clusterLink)));
  if (existsSync(homeDir)) return homeDir;
  throw new EmbeddedPostgresError(
    `The database is gone: ${clusterLink} points into ${homeDir}, which does not exist. Bring it back, or remove the link to start with an empty database`,
  );
}

/** Lets other accounts pass through to the cluster (which only its owner can open), not list what is there. */
function allowPassingThrough(dataDir: string): void {
  const { uid, mode } = statSync(dataDir);
  if (uid === process.getuid?.()) chmodSync(dataDir, (mode & 0o777) | 0o011);
}

function makeRelocatedHome(account: ServerAccount): string {
  try {
    mkdirSync(RELOCATED_BASE_DIR, { recursive: true, mode: 0o711 });
    const homeDir = mkdtempSync(`${RELOCATED_BASE_DIR}/`);
    chmodSync(homeDir, 0o711);
    if (canTraverse(account, homeDir)) return homeDir;
  } catch (error) {
    throw toEmbeddedError(error, `Cannot place the database in ${RELOCATED_BASE_DIR}`);
  }
  throw new EmbeddedPostgresError(
    `Account ${account.name}, which would run PostgreSQL, cannot reach ${RELOCATED_BASE_DIR}: start as an ordinary user`,
  );
}
