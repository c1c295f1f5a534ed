import type { DataKey } from '#lib/data-key.ts';
import { type ArchiveReader, changed, readArchive } from './archive-reader.ts';
import { BackupError } from './backup-error.ts';
import { decodeManifest, ENTRIES, FORMAT_LINE, type Manifest } from './manifest.ts';
import { isSealedBy, isSealOf } from './seal.ts';

/**
 * Reads a whole backup once, without a database, and returns its manifest. Throws BackupError `not_a_backup`,
 * `backup_too_new`, `backup_cut_off`, `backup_changed` or `wrong_data_key`.
 */
export function checkBackup(file: string, dataKey: DataKey): Promise<Manifest> {
  return readArchive(file, async (reader) => {
    await readFormat(reader);
    const { seal, digest, manifest } = await readToSeal(reader);
    if (!isSealOf(seal, digest)) throw changed();
    const described = decodeManifest(manifest);
    if (described.dataKeyCheck !== dataKey.checkValue.toString('hex')) {
      throw new BackupError(
        'wrong_data_key',
        'the backup belongs to another data key than this: use the key of its bank (FLORIN_DATA_KEY, or data.key in the data folder)',
      );
    }
    if (!isSealedBy(seal, digest, dataKey)) throw changed('it was not sealed with the data key of its bank');
    return described;
  });
}

/** Reads the first entry, which gives the format of the others. */
export async function readFormat(reader: ArchiveReader): Promise<void> {
  const entry = await reader.next();
  if (entry?.name !== ENTRIES.format) {
    throw new BackupError('not_a_backup', 'the file is not a backup of florin');
  }
  const format = entry.content.toString('latin1');
  if (format === FORMAT_LINE) return;
  if (!/^florin backup [1-9]\d{0,3}\n$/.test(format)) throw changed();
  throw new BackupError(
    'backup_too_new',
    'the backup was made by a later version of florin, in another format',
  );
}

type End = { readonly manifest: Buffer; readonly seal: Buffer; readonly digest: Buffer };

async function readToSeal(reader: ArchiveReader): Promise<End> {
  let manifest: Buffer | undefined;
  for (;;) {
    const entry = await reader.next();
    if (entry === undefined) throw changed('it has no seal');
    if (entry.name === ENTRIES.manifest) manifest = entry.content;
    if (entry.name !== ENTRIES.seal) continue;
    const digest = reader.digest();
    const isLast = (await reader.next()) === undefined;
    if (manifest === undefined || !isLast) throw changed('its entries are not those of a backup');
    return { manifest, seal: entry.content, digest };
  }
}
