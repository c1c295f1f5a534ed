import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { EmbeddedPostgresError, toEmbeddedError } from './embedded-error.ts';
import { pollFor } from './wait.ts';

/**
 * How long one start or stop waits for another on the same data directory. The longest thing done under
 * the lock is a crash recovery, which `START_TIMEOUT_MS` bounds at three minutes.
 */
const LOCK_TIMEOUT_MS = 200_000;

/** SQLite's result codes for "another process has it" (SQLITE_BUSY and SQLITE_LOCKED), without their extensions. */
const HELD_ELSEWHERE: readonly number[] = [5, 6];

/**
 * Runs `work` while this process alone holds the lock file.
 *
 * The lock is an exclusive transaction on an empty SQLite database, the one lock of the operating system that Node can
 * take without an add-on. The kernel drops it when the holder dies, even by kill -9. So there is no stale pid to judge,
 * and two processes never both believe they broke an old lock.
 */
export async function withDirectoryLock<Result>(
  lockFile: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = await acquire(lockFile);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function acquire(lockFile: string): Promise<DatabaseSync> {
  const lock = openLockFile(lockFile);
  try {
    const held = await pollFor(LOCK_TIMEOUT_MS, () => tryLock(lock));
    if (held) return lock;
  } catch (error) {
    lock.close();
    throw toEmbeddedError(error, `Cannot lock ${lockFile}`);
  }
  lock.close();
  throw new EmbeddedPostgresError(
    `Another process has been starting or stopping the database for ${LOCK_TIMEOUT_MS / 1000} s (it holds ${lockFile})`,
  );
}

function openLockFile(lockFile: string): DatabaseSync {
  try {
    const lock = new DatabaseSync(lockFile, { timeout: 0 });
    chmodSync(lockFile, 0o600);
    return lock;
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Cannot open ${lockFile}: run as the account that owns this data directory, or choose another one`,
      { cause: error },
    );
  }
}

function tryLock(lock: DatabaseSync): true | undefined {
  try {
    // Nothing is ever written, so nothing needs a journal: the lock works on a full disk too.
    lock.exec('pragma journal_mode = memory');
    lock.exec('begin exclusive');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number') {
      if (HELD_ELSEWHERE.includes(error.errcode & 0xff)) return undefined;
    }
    throw error;
  }
}
