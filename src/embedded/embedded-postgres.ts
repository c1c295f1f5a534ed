import path from 'node:path';
import type { Client } from 'pg';
import { chooseServerAccount } from './account.ts';
import { adoptCluster, clusterExists, createCluster, DATABASE_NAME, OWNER_ROLE } from './cluster.ts';
import { connectTo, countOtherSessions, serverAbsence, superuserCredentials } from './connection.ts';
import { type DataDirectory, locateHome, openDataDirectory } from './data-directory.ts';
import { withDirectoryLock } from './directory-lock.ts';
import { bundledMajorVersion, findNativePackage, prepareNativeFiles } from './native-files.ts';
import { LOOPBACK } from './ports.ts';
import { findRunningServer, type RunningServer, startServer, stopServer } from './postmaster.ts';
import { Presence } from './presence.ts';
import { loadOrCreateSecrets, type Secrets } from './secrets.ts';
import type { Settings } from './server-settings.ts';
import { pollFor } from './wait.ts';

/*
 * The embedded server: a real PostgreSQL from npm. It starts with the bank and stops with the last process that uses
 * it. Nothing here knows what is in its database. The files, in the order in which a start comes to them:
 *
 * - data-directory: the folder the user named, and where the cluster lies when root cannot have it there.
 * - directory-lock: one start or stop at a time, whatever is killed in the middle.
 * - account: the account that runs PostgreSQL for root, and what that account can reach.
 * - secrets: the passwords of the two roles. read-or-create writes each such file once.
 * - postmaster-file: whether the server that postmaster.pid names still runs, or the file is stale.
 * - native-files: the programs that npm installed, made runnable.
 * - cluster: initdb, the roles and the empty database, all or nothing.
 * - server-settings: the settings on the command line of the server.
 * - postmaster: starting it, waiting for what a killed one left behind, and stopping it.
 * - connection: sessions of our own, and which others there are.
 * - presence: the session that shows that this process uses the server.
 *
 * embedded-error makes one line of a failure. run-program, server-log, server-files, ports, disk-space and wait are
 * tools of the others. data-key-file keeps the bank's data key in the same folder.
 */

export type EmbeddedPostgresOptions = {
  /** Directory of all files of the server; made if it does not exist. */
  readonly dataDir: string;
  /** Port on 127.0.0.1, 0 for a free one. A server that already runs keeps its port. */
  readonly port: number;
  /** PostgreSQL settings over the defaults, for a server started by this call. */
  readonly settings?: Settings;
  /** Called with a line for each step that is slow or unusual. */
  readonly onProgress?: (line: string) => void;
};

/**
 * Connections that were just closed are listed for some milliseconds more; the last process out waits this long for
 * them.
 */
const LINGERING_SESSIONS_MS = 500;

/** A server that restarts itself after the crash of one backend refuses connections for about a second. */
const RESTARTING_MS = 5_000;

/**
 * Starts the embedded server of a data directory, or joins the one that already runs there. For development and
 * demonstrations: the bundled build depends on libraries that get no security fixes any more.
 *
 * Safe to call from several processes at once. After a crash or kill -9 of anything it recovers what was
 * committed. Throws `EmbeddedPostgresError`, with one line to show to the user.
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  // First, so that an installation without it gets that error, not one about a folder that cannot be made.
  findNativePackage();
  const directory = openDataDirectory(options.dataDir);
  return await withDirectoryLock(directory.lockFile, () => openLocked(directory, options));
}

async function openLocked(
  directory: DataDirectory,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const onProgress = options.onProgress ?? (() => undefined);
  const account = chooseServerAccount(directory.clusterLink);
  const homeDir = locateHome(directory, account, onProgress);
  const clusterDir = path.join(homeDir, 'postgres');
  const exists = clusterExists(clusterDir, bundledMajorVersion());
  const secrets = await loadOrCreateSecrets(directory.secretsFile, exists);

  const joined = exists ? await join({ directory, clusterDir, secrets }) : undefined;
  if (joined) return joined;

  const binDir = await prepareNativeFiles(homeDir, account, onProgress);
  const server = { clusterDir, binDir, logFile: directory.logFile, account, onProgress };
  const settings = options.settings ?? {};
  if (exists) adoptCluster(clusterDir, account);
  else await createCluster(server, secrets, settings);
  const running = await startServer(server, options.port, settings);
  try {
    return await enter({ directory, clusterDir, secrets, running, startedHere: true, firstStart: !exists });
  } catch (error) {
    await stopServer(clusterDir, running.pid);
    throw error;
  }
}

/** Joins the server that already runs; looks again when that turns out to be stopping. */
async function join(files: OpenFiles): Promise<EmbeddedPostgres | undefined> {
  const joined = await pollFor(RESTARTING_MS, async () => {
    const running = await findRunningServer(files.clusterDir);
    if (!running) return 'none';
    try {
      return await enter({ ...files, running });
    } catch (error) {
      if (serverAbsence(error) === undefined) throw error;
      return undefined;
    }
  });
  return joined === 'none' ? undefined : joined;
}

type OpenFiles = {
  readonly directory: DataDirectory;
  readonly clusterDir: string;
  readonly secrets: Secrets;
};

interface OpenServer extends OpenFiles {
  readonly running: RunningServer;
  readonly startedHere?: boolean;
  readonly firstStart?: boolean;
}

async function enter(server: OpenServer): Promise<EmbeddedPostgres> {
  const presence = await Presence.open({
    port: server.running.port,
    user: OWNER_ROLE,
    password: server.secrets.ownerPassword,
    database: DATABASE_NAME,
  });
  return new EmbeddedPostgres(server, presence);
}

/** A running embedded server, and this process's part in it. */
export class EmbeddedPostgres {
  /** The database `florin` as its owner, who may make roles and databases and is not a superuser. */
  readonly databaseUrl: string;
  readonly port: number;
  /** The server's version, such as `18.4`. */
  readonly version: string;
  /** False when another process had started it. */
  readonly startedHere: boolean;
  /** True when the database was made by this call and is empty. */
  readonly firstStart: boolean;
  readonly #server: OpenServer;
  readonly #presence: Presence;
  #closing: Promise<void> | undefined;

  constructor(server: OpenServer, presence: Presence) {
    this.port = server.running.port;
    this.version = presence.version;
    this.startedHere = server.startedHere ?? false;
    this.firstStart = server.firstStart ?? false;
    this.databaseUrl = `postgres://${OWNER_ROLE}:${server.secrets.ownerPassword}@${LOOPBACK}:${this.port}/${DATABASE_NAME}?sslmode=disable`;
    this.#server = server;
    this.#presence = presence;
  }

  /** The backend of this process's presence, to tell it from others. */
  get presencePid(): number {
    return this.#presence.pid;
  }

  /**
   * Leaves the server, and stops it when no other process or client uses it, whoever started it. Close your own
   * connections first. May be called twice, and when the server is gone.
   */
  close(): Promise<void> {
    this.#closing ??= withDirectoryLock(this.#server.directory.lockFile, () => this.#leave());
    return this.#closing;
  }

  async #leave(): Promise<void> {
    const { clusterDir, running } = this.#server;
    const isLast = (await this.#isStillRunning()) && (await this.#isLastOne());
    await this.#presence.close();
    if (isLast) await stopServer(clusterDir, running.pid);
  }

  /** False also when it was killed and another process has started one on the same cluster since. */
  async #isStillRunning(): Promise<boolean> {
    const found = await findRunningServer(this.#server.clusterDir);
    return found?.pid === this.#server.running.pid;
  }

  async #isLastOne(): Promise<boolean> {
    const superuser = await this.#connectAsSuperuser();
    if (!superuser) return false;
    try {
      const isLast = await pollFor(LINGERING_SESSIONS_MS, async () => {
        const others = await countOtherSessions(superuser, this.#presence.pid);
        if (others.presences > 0) return false;
        return others.clients === 0 ? true : undefined;
      });
      return isLast ?? false;
    } finally {
      await superuser.end();
    }
  }

  async #connectAsSuperuser(): Promise<Client | undefined> {
    const { running, secrets } = this.#server;
    const credentials = superuserCredentials(running.port, secrets.superuserPassword);
    const found = await pollFor(RESTARTING_MS, async () => {
      try {
        return await connectTo(credentials, 'florin last one out');
      } catch (error) {
        const absence = serverAbsence(error);
        if (absence === undefined) throw error;
        return absence === 'gone' ? absence : undefined;
      }
    });
    return found === 'gone' ? undefined : found;
  }
}
