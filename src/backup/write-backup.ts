import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { DataKey } from '#lib/data-key.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { BackupError } from './backup-error.ts';
import { copyTarget, type Table } from './catalog.ts';
import {
  ENTRIES,
  encodeManifest,
  FORMAT_LINE,
  type Manifest,
  PART_BYTES,
  partName,
  type TableContent,
} from './manifest.ts';
import { withOwnerClient } from './owner-client.ts';
import { encodeSeal } from './seal.ts';
import { inSnapshot } from './snapshot.ts';

/** In the threads of libuv, in parallel with the connection's own work. */
const compress = promisify(zstdCompress);

export type BackupOptions = {
  readonly databaseUrl: string;
  /** Must not exist yet. */
  readonly file: string;
  readonly dataKey: DataKey;
  /** Of Florin. */
  readonly version: string;
  readonly signal: AbortSignal;
  /** Called before each table with the number of tables written, and of all. */
  readonly onTable?: (done: number, total: number) => void;
};

export type WrittenBackup = {
  readonly manifest: Manifest;
  /** Of the file. */
  readonly bytes: number;
};

/**
 * Writes one state of the whole database into a file while the database is in use, with a few parts of PART_BYTES in
 * memory. Until it is done, locks its tables against changes of the schema. Throws BackupError and leaves no file.
 */
export async function writeBackup(options: BackupOptions): Promise<WrittenBackup> {
  const { databaseUrl, file, dataKey, signal } = options;
  const writer = await ArchiveWriter.create(file);
  try {
    await writer.add(ENTRIES.format, Buffer.from(FORMAT_LINE));
    const manifest = await withOwnerClient(databaseUrl, signal, (client) =>
      writeTables(client, writer, options),
    );
    await writer.add(ENTRIES.manifest, encodeManifest(manifest));
    await writer.add(ENTRIES.seal, encodeSeal(writer.digest(), dataKey));
    await writer.finish();
    return { manifest, bytes: writer.bytes };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

function writeTables(
  client: pg.Client,
  writer: ArchiveWriter,
  { dataKey, version, onTable }: BackupOptions,
): Promise<Manifest> {
  return inSnapshot(client, async ({ tables, dataKeyChecks, ...snapshot }) => {
    const dataKeyCheck = dataKey.checkValue.toString('hex');
    if (dataKeyChecks.some((check) => check !== dataKeyCheck)) {
      throw new BackupError(
        'wrong_data_key',
        'the database was encrypted with another data key than this: a backup with it could not be restored',
      );
    }
    const contents: TableContent[] = [];
    for (const [index, table] of tables.entries()) {
      onTable?.(index, tables.length);
      contents.push(await writeTable(client, writer, table));
    }
    return { ...snapshot, florin: version, dataKeyCheck, tables: contents };
  });
}

async function writeTable(client: pg.Client, writer: ArchiveWriter, table: Table): Promise<TableContent> {
  const rows = client.query(copyTo(`copy ${copyTarget(table)} to stdout`));
  const hash = createHash('sha256');
  let [bytes, parts] = [0, 0];
  // One part is compressed and written while the next one comes.
  let written = Promise.resolve();
  for await (const part of inParts(rows)) {
    hash.update(part);
    bytes += part.length;
    parts += 1;
    await written;
    written = writePart(writer, partName(table.name, parts), part);
    // It is awaited before the next one, or below.
    written.catch(() => undefined);
  }
  await written;
  // The row count comes after the last row: before the answer to any later query.
  await client.query('select');
  return { ...table, rows: rows.rowCount, bytes, sha256: hash.digest('hex'), parts };
}

async function writePart(writer: ArchiveWriter, name: string, part: Buffer): Promise<void> {
  await writer.add(name, await compress(part));
}

/** A stream cut into parts of PART_BYTES; the last one holds the rest. */
async function* inParts(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let collected: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    collected.push(chunk);
    bytes += chunk.length;
    if (bytes < PART_BYTES) continue;
    const all = Buffer.concat(collected);
    const whole = all.length - (all.length % PART_BYTES);
    for (let at = 0; at < whole; at += PART_BYTES) yield all.subarray(at, at + PART_BYTES);
    collected = [all.subarray(whole)];
    bytes = all.length - whole;
  }
  if (bytes > 0) yield Buffer.concat(collected);
}
