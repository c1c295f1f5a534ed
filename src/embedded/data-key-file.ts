import { join } from 'node:path';
import { DataKey, DataKeyError, newDataKeyText } from '#lib/data-key.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';
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
  try {
    return DataKey.fromText(text);
  } catch (error) {
    if (!(error instanceof DataKeyError)) throw error;
    throw new EmbeddedPostgresError(`${file} does not hold a data key: bring the right file back`);
  }
}
