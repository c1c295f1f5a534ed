import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { chooseServerAccount, giveTo, type ServerAccount } from '#embedded/account.ts';
import { locateHome, openDataDirectory } from '#embedded/data-directory.ts';
import { findRunningServer, startServer, stopServer } from '#embedded/postmaster.ts';
import { runProgram } from '#embedded/run-program.ts';

/** Nothing is kept: what a crash of the machine takes is made again. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
};

const PASSWORD = 'of a server on loopback that lives as long as its tests';

export type TemporaryServer = {
  readonly version: string;
  /** As a role that may make roles and databases, and is not a superuser: what a bank asks of a server. */
  readonly databaseUrl: string;
  readonly stop: () => Promise<void>;
};

/** Makes a cluster in a folder with the programs that are found for it, and starts it. */
export async function startTemporaryServer(
  folder: string,
  findPrograms: (home: string, account: ServerAccount | undefined) => Promise<string>,
): Promise<TemporaryServer> {
  const directory = openDataDirectory(folder);
  const account = chooseServerAccount(directory.clusterLink);
  const home = locateHome(directory, account, console.log);
  const binDir = await findPrograms(home, account);
  const clusterDir = path.join(home, 'postgres');
  await makeCluster(clusterDir, binDir, account);
  const server = { clusterDir, binDir, logFile: directory.logFile, account, onProgress: console.log };
  const running = await startServer(server, 0, SETTINGS);
  const superuser = new pg.Client({
    host: '127.0.0.1',
    port: running.port,
    user: 'postgres',
    password: PASSWORD,
  });
  await superuser.connect();
  const { rows } = await superuser.query<{ version: string }>(
    "select current_setting('server_version') as version",
  );
  await superuser.query(`create role florin_tests login createrole createdb password '${PASSWORD}'`);
  await superuser.query('create database florin_tests owner florin_tests');
  await superuser.end();
  return {
    version: rows[0]?.version ?? 'unknown',
    databaseUrl: `postgres://florin_tests:${encodeURIComponent(PASSWORD)}@127.0.0.1:${running.port}/florin_tests`,
    stop: () => stopServer(clusterDir, running.pid),
  };
}

/** Stops and removes the servers of processes that were killed: their folders have the processes' numbers. */
export async function removeLeftovers(parent: string): Promise<void> {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (isRunning(Number(name))) continue;
    const folder = path.join(parent, name);
    const clusterDir = path.join(folder, 'postgres');
    const left = existsSync(clusterDir) ? await findRunningServer(realpathSync(clusterDir)) : undefined;
    if (left !== undefined) await stopServer(realpathSync(clusterDir), left.pid);
    rmSync(folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function makeCluster(
  clusterDir: string,
  binDir: string,
  account: ServerAccount | undefined,
): Promise<void> {
  mkdirSync(clusterDir, { mode: 0o700 });
  const passwordFile = `${clusterDir}.password`;
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  for (const file of [clusterDir, passwordFile]) giveTo(account, file);
  // The operating system's locale, which every version has and most servers use.
  const args = [
    `--pgdata=${clusterDir}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ];
  const { exitCode, output } = await runProgram(path.join(binDir, 'initdb'), args, { account });
  if (exitCode !== 0) throw new Error(`initdb failed: ${output}`);
}
