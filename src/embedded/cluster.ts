import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { giveTo, giveTreeTo, type ServerAccount } from './account.ts';
import { failedForDiskSpace } from './disk-space.ts';
import { EmbeddedPostgresError, errorCodeOf, toEmbeddedError } from './embedded-error.ts';
import { runProgram } from './run-program.ts';
import type { Secrets } from './secrets.ts';
import type { ServerFiles } from './server-files.ts';
import { quoteLastLines } from './server-log.ts';
import type { Settings } from './server-settings.ts';

/** Role that owns the database and migrates it; not a superuser. */
export const OWNER_ROLE = 'florin_owner';
export const SUPERUSER_ROLE = 'postgres';
export const DATABASE_NAME = 'florin';

/** Prefix of the name of a cluster that is being made; one with this name is a leftover when nobody holds the lock. */
const UNFINISHED_PREFIX = 'postgres.init-';

/** A first start killed a moment ago may still have a child that writes there: one second lets it finish. */
const REMOVE_RETRIES = 10;
const REMOVE_RETRY_DELAY_MS = 100;

/** Whether there is a complete cluster. Throws when we may not open it or it has another major version. */
export function clusterExists(clusterDir: string, majorVersion: string): boolean {
  const found = readMajorVersion(clusterDir);
  if (found === undefined || found === majorVersion) return found !== undefined;
  throw new EmbeddedPostgresError(
    `${clusterDir} was made by PostgreSQL ${found} and the bundled one is ${majorVersion}: dump it with the old version and load it into a new data directory`,
  );
}

function readMajorVersion(clusterDir: string): string | undefined {
  try {
    return readFileSync(path.join(clusterDir, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT') {
      throw toEmbeddedError(error, `Cannot open the database in ${clusterDir}`);
    }
    if (existsSync(clusterDir) && readdirSync(clusterDir).length > 0) {
      throw new EmbeddedPostgresError(`${clusterDir} exists and is not a PostgreSQL cluster: move it away`);
    }
    return undefined;
  }
}

/**
 * Makes the cluster with its roles and its empty database, all or nothing: it is built beside its place and
 * moved there by one rename when it is complete and on disk.
 */
export async function createCluster(
  server: ServerFiles,
  secrets: Secrets,
  callerSettings: Settings,
): Promise<void> {
  const homeDir = path.dirname(server.clusterDir);
  server.onProgress('Preparing a new PostgreSQL database');
  try {
    await removeUnfinished(homeDir);
    const workDir = mkdtempSync(path.join(homeDir, UNFINISHED_PREFIX));
    chmodSync(workDir, 0o711);
    const newDir = path.join(workDir, 'cluster');
    await runInitdb(server, workDir, newDir, secrets, callerSettings);
    await createOwnerAndDatabase(server, newDir, secrets);
    renameSync(newDir, server.clusterDir);
    syncDirectory(homeDir);
    await rm(workDir, { recursive: true, force: true });
  } catch (error) {
    throw toEmbeddedError(error, `Cannot make a database in ${homeDir}`);
  }
}

async function removeUnfinished(homeDir: string): Promise<void> {
  for (const name of readdirSync(homeDir)) {
    if (!name.startsWith(UNFINISHED_PREFIX)) continue;
    await rm(path.join(homeDir, name), {
      recursive: true,
      force: true,
      maxRetries: REMOVE_RETRIES,
      retryDelay: REMOVE_RETRY_DELAY_MS,
    });
  }
}

async function runInitdb(
  server: ServerFiles,
  workDir: string,
  newDir: string,
  secrets: Secrets,
  callerSettings: Settings,
): Promise<void> {
  const passwordFile = path.join(workDir, 'password');
  writeFileSync(passwordFile, secrets.superuserPassword, { mode: 0o600 });
  mkdirSync(newDir, { mode: 0o700 });
  for (const file of [passwordFile, newDir]) giveTo(server.account, file);
  const args = [
    `--pgdata=${newDir}`,
    `--username=${SUPERUSER_ROLE}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Built into PostgreSQL: text sorts the same whatever the operating system's library does after an upgrade.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    // A page that the disk returns damaged is reported, not read as somebody's balance.
    '--data-checksums',
  ];
  // Only a caller that gives up durability for its tests skips the wait for the disk.
  if (callerSettings.fsync === 'off') args.push('--no-sync');
  await runToCompletion(server, 'initdb', args);
}

/** In single-user mode, so that no server has to be started on a cluster that is not complete yet. */
async function createOwnerAndDatabase(server: ServerFiles, newDir: string, secrets: Secrets): Promise<void> {
  const statements = [
    `create role ${OWNER_ROLE} login createrole createdb password '${secrets.ownerPassword}'`,
    `create database ${DATABASE_NAME} owner ${OWNER_ROLE}`,
  ];
  // A refused statement must not be logged: it holds a password.
  const settings = ['-c', 'exit_on_error=true', '-c', 'log_min_error_statement=panic'];
  const args = ['--single', '-D', newDir, ...settings, 'postgres'];
  await runToCompletion(server, 'postgres', args, `${statements.join(';\n')};\n`);
}

async function runToCompletion(
  server: ServerFiles,
  program: string,
  args: readonly string[],
  input?: string,
): Promise<void> {
  const options = { account: server.account, ...(input === undefined ? {} : { input }) };
  const { exitCode, output } = await runProgram(path.join(server.binDir, program), args, options);
  if (exitCode === 0) return;
  const homeDir = path.dirname(server.clusterDir);
  if (failedForDiskSpace(homeDir, output)) {
    throw new EmbeddedPostgresError(`Cannot make a database in ${homeDir}: the disk is full`);
  }
  throw new EmbeddedPostgresError(`Making the database failed (${program}): ${quoteLastLines(output)}`);
}

/** Makes a rename survive a power cut. Not on Windows, where a directory cannot be opened. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A cluster that root has copied or unpacked belongs to root: gives it back to the account that runs the server. */
export function adoptCluster(clusterDir: string, account: ServerAccount | undefined): void {
  if (account && statSync(clusterDir).uid === 0) giveTreeTo(account, clusterDir);
}
