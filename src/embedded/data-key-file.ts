import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DataKey, DataKeyError, newDataKeyText } from '#lib/data-key.ts';
import { EmbeddedPostgresError, toEmbeddedError } from './embedded-error.ts';
import { readOrCreate } from './read-or-create.ts';

/**
 * The embedded server's data key, which is kept in the data directory unless FLORIN_DATA_KEY gives one. Creates one
 * only where nothing has been sealed yet. That is checked only where there is no file: another process may be
 * recreating the database. Throws EmbeddedPostgresError.
 */
export async function loadOrCreateDataKey(
  dataDir: string,
  isInUse: () => Promise<boolean>,
): Promise<DataKey> {
  const file = join(dataDir, 'data.key');
  const text = await readOrCreate(file, async () => {
    if (!(await isInUse())) return newDataKeyText();
    throw new EmbeddedPostgresError(
      `${file} is missing, and the encrypted data cannot be read without it: bring the file back`,
    );
  });
  return readKey(file, text);
}

/**
 * The key that a rotation puts in place of the one in data.key: made now, or left by a rotation that was cut off. It is
 * on the disk when this returns. Throws EmbeddedPostgresError.
 */
export async function loadOrCreateNextDataKey(dataDir: string): Promise<DataKey> {
  const file = join(dataDir, NEXT);
  const text = await readOrCreate(file, async () => newDataKeyText());
  syncFolder(dataDir);
  return readKey(file, text);
}

/**
 * Makes the key of the rotation that of data.key, and keeps the one before beside it: backups that were made until now open
 * only with that. Returns the file that has it; undefined where that was done already. Throws EmbeddedPostgresError.
 */
export function adoptNextDataKey(dataDir: string, next: DataKey): string | undefined {
  const file = join(dataDir, 'data.key');
  try {
    if (readFileSync(file, 'utf8').trim() === next.toText()) return undefined;
    const former = freeName(file);
    linkSync(file, former);
    renameSync(join(dataDir, NEXT), file);
    syncFolder(dataDir);
    return former;
  } catch (error) {
    throw toEmbeddedError(error, `Cannot replace ${file}: \`florin data-key rotate\` goes on with it`);
  }
}

const NEXT = 'data.key.next';

function freeName(file: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${file}.former-${number}`;
    if (!existsSync(name)) return name;
  }
}

/** A new name of a file outlives a loss of power only once its folder is on the disk. Windows sees to that itself. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function readKey(file: string, text: string): DataKey {
  try {
    return DataKey.fromText(text);
  } catch (error) {
    if (!(error instanceof DataKeyError)) throw error;
    throw new EmbeddedPostgresError(`${file} does not hold a data key: bring the right file back`);
  }
}
