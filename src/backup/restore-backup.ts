import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { listMigrations } from '#db/list-migrations.ts';
import { runMigrations, withMigrationLock } from '#db/migrate.ts';
import { type ArchiveReader, changed, readArchive } from './archive-reader.ts';
import { BackupError } from './backup-error.ts';
import { copyTarget, listTables } from './catalog.ts';
import { readFormat } from './check-backup.ts';
import { withoutConstraints } from './constraints.ts';
import { emptyDatabase } from './empty-database.ts';
import { type Manifest, PART_BYTES, partName, type TableContent } from './manifest.ts';
import { withOwnerClient } from './owner-client.ts';

const decompress = promisify(zstdDecompress);

export type RestoreOptions = {
  readonly databaseUrl: string;
  readonly file: string;
  /** As checkBackup returned it for this file. */
  readonly manifest: Manifest;
  readonly signal: AbortSignal;
  /** Called before each table with the number of rows loaded, and of all rows. */
  readonly onRows?: (done: number, total: number) => void;
};

/**
 * Fills an empty database from a backup, at the backup's version of the schema: all of it or nothing. Other migrations
 * of the database wait. Throws BackupError `database_not_empty`, `backup_too_new` or `backup_changed`, and leaves an
 * empty database.
 */
export async function restoreBackup(options: RestoreOptions): Promise<void> {
  const { databaseUrl, manifest, signal } = options;
  await withMigrationLock(databaseUrl, async (owner) => {
    await emptyDatabase(owner);
    try {
      await makeSchema(owner, manifest);
      await withOwnerClient(databaseUrl, signal, (client) => load(client, options));
    } catch (error) {
      // The loaded rows are gone with their transaction; this drops the schema, too. The error above says more.
      await emptyDatabase(owner).catch(() => undefined);
      throw error;
    }
  });
}

/** Throws BackupError `backup_too_new` unless the backup's migrations are this version's, as far as they go. */
async function makeSchema(owner: pg.Client, { migrations, florin }: Manifest): Promise<void> {
  await runMigrations(owner, { count: migrations.length });
  const ran = await listMigrations(owner);
  const unknown = migrations.find((name, index) => name !== ran[index]);
  if (unknown === undefined) return;
  throw new BackupError(
    'backup_too_new',
    `the backup was made by florin ${florin}, with migration ${unknown}, which this version does not have`,
  );
}

async function load(client: pg.Client, { file, manifest, onRows }: RestoreOptions): Promise<void> {
  await client.query('begin');
  const tables = await listTables(client);
  const described = manifest.tables.map(({ name, columns }) => ({ name, columns }));
  if (JSON.stringify(tables) !== JSON.stringify(described)) {
    throw changed('its tables are not those of its schema');
  }
  await withoutConstraints(client, async () => {
    const names = tables.map(({ name }) => pg.escapeIdentifier(name));
    // Also for COPY's freeze: rows that nobody can see yet need no vacuum later.
    await client.query(`truncate ${names.join(', ')}`);
    await readArchive(file, (reader) => loadTables(client, reader, manifest, onRows));
  });
  await client.query('commit');
  await client.query('analyze');
}

async function loadTables(
  client: pg.Client,
  reader: ArchiveReader,
  { tables }: Manifest,
  onRows: RestoreOptions['onRows'],
): Promise<void> {
  await readFormat(reader);
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const table of tables) {
    onRows?.(done, total);
    await loadTable(client, reader, table);
    done += table.rows;
  }
}

async function loadTable(client: pg.Client, reader: ArchiveReader, table: TableContent): Promise<void> {
  const hash = createHash('sha256');
  async function* parts(): AsyncGenerator<Buffer> {
    for (let part = 1; part <= table.parts; part++) {
      const entry = await reader.next();
      if (entry?.name !== partName(table.name, part)) throw changed();
      const content = await decompress(entry.content, { maxOutputLength: PART_BYTES }).catch(() => {
        throw changed();
      });
      hash.update(content);
      yield content;
    }
  }
  const target = client.query(copyFrom(`copy ${copyTarget(table)} from stdin with (freeze)`));
  await pipeline(parts(), target);
  // The file was checked before: somebody writes to it at this moment.
  if (target.rowCount !== table.rows || hash.digest('hex') !== table.sha256) throw changed();
}
