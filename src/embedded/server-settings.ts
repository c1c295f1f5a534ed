import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-error.ts';
import { runProgram } from './run-program.ts';
import type { ServerFiles } from './server-files.ts';

/** PostgreSQL settings by name, as on its command line. */
export type Settings = Readonly<Record<string, string>>;

/**
 * Settings for a machine of two cores that does other work too. Nothing here or elsewhere touches fsync,
 * synchronous_commit or full_page_writes: a commit that was acknowledged survives a crash.
 */
const DEFAULT_SETTINGS: Settings = {
  // PostgreSQL's own default, stated because pools are sized by it: two cores work best with far fewer.
  max_connections: '100',
  // Twice the default: the working set of a demonstration stays in memory, and a small machine still has room.
  shared_buffers: '256MB',
  // Twice the default: under a load of postings, checkpoints come by time, not by volume, and write fewer full pages.
  max_wal_size: '2GB',
  // The passwords of roles created later are stored salted and hashed, whatever postgresql.conf says.
  password_encryption: 'scram-sha-256',
  // A bank's instants are absolute: the machine's time zone must not show in the database's output or log.
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Such as `work_mem` or `auto_explain.log_analyze`; anything else is a mistake, not a setting. */
const SETTING_NAME = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/i;

/** The command line settings of a server: the defaults, then the caller's, then those that must not change. */
export async function resolveSettings(server: ServerFiles, callerSettings: Settings): Promise<Settings> {
  for (const name of Object.keys(callerSettings)) {
    if (!SETTING_NAME.test(name)) throw new EmbeddedPostgresError(`"${name}" is not a PostgreSQL setting`);
  }
  // lz4 shrinks the full pages written after a checkpoint for next to no CPU; PostgreSQL's own pglz costs too much.
  const compression: Settings = (await supportsLz4(server)) ? { wal_compression: 'lz4' } : {};
  return {
    ...DEFAULT_SETTINGS,
    ...compression,
    ...callerSettings,
    // This machine only, and by TCP only: a socket file would need a directory that both accounts can enter.
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
  };
}

/** Settings as arguments of `postgres`. */
export function toArguments(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Not every platform's build has it: runs the program to find out, which takes 5 ms. */
async function supportsLz4({ binDir, clusterDir, account }: ServerFiles): Promise<boolean> {
  const args = ['-D', clusterDir, '-C', 'wal_compression', '-c', 'wal_compression=lz4'];
  const { exitCode } = await runProgram(path.join(binDir, 'postgres'), args, { account });
  return exitCode === 0;
}
