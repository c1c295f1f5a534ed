import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataKey, DataKeyError, newDataKeyText } from '#lib/data-key.ts';
import { EmbeddedPostgresError, toEmbeddedError } from './embedded-error.ts';

/** Where the embedded server's data key is, unless FLORIN_DATA_KEY gives one. */
export function dataKeyFile(dataDir: string): string {
  return join(dataDir, 'data.key');
}

/**
 * Reads the data key of a data directory, and makes one for its owner's eyes only where nothing has been sealed
 * yet, which is asked only where there is no file: the database may be one that another process is just making
 * anew. Safe in several processes at once: all get the one key. Throws EmbeddedPostgresError.
 */
export async function loadOrCreateDataKey(
  dataDir: string,
  isInUse: () => Promise<boolean>,
): Promise<DataKey> {
  const file = dataKeyFile(dataDir);
  if (!existsSync(file)) {
    if (await isInUse()) {
      throw new EmbeddedPostgresError(
        `${file} is missing, and what was encrypted with it cannot be read without: bring the file back`,
      );
    }
    createKeyFile(file);
  }
  return readKeyFile(file);
}

/** All or nothing, and never over another process's: a link, unlike a rename, does not replace a file. */
function createKeyFile(file: string): void {
  const unfinishedFile = `${file}.${randomUUID()}.unfinished`;
  try {
    writeFileSync(unfinishedFile, `${newDataKeyText()}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(unfinishedFile, file);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw toEmbeddedError(error, `Cannot write ${file}`);
  } finally {
    rmSync(unfinishedFile, { force: true });
  }
}

function readKeyFile(file: string): DataKey {
  try {
    return DataKey.fromText(readFileSync(file, 'utf8').trim());
  } catch (error) {
    if (!(error instanceof DataKeyError)) throw toEmbeddedError(error, `Cannot read ${file}`);
    throw new EmbeddedPostgresError(`${file} does not hold a data key: bring the right file back`);
  }
}
