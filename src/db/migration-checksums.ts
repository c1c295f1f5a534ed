import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { DatabaseStartError } from './check-server.ts';
import { MIGRATIONS_TABLE } from './list-migrations.ts';

/**
 * Stores the checksum of each migration that ran, of which none is stored yet: of those that ran just now, and once of
 * those that ran before checksums were kept.
 */
export async function recordChecksums(client: pg.Client, folder: string): Promise<void> {
  if (!(await keepsChecksums(client))) return;
  const { rows } = await client.query<{ name: string }>(
    `select name from ${MIGRATIONS_TABLE} where checksum is null order by id`,
  );
  for (const { name } of rows) {
    const checksum = await checksumOf(folder, name);
    if (checksum === undefined) continue;
    await client.query(`update ${MIGRATIONS_TABLE} set checksum = $2 where name = $1`, [name, checksum]);
  }
}

/**
 * Throws DatabaseStartError `migration_edited` with the name of the first migration whose file is not the one that
 * ran. One that this version does not have belongs to a later version, and is left alone.
 */
export async function assertChecksums(client: pg.Client, folder: string): Promise<void> {
  if (!(await keepsChecksums(client))) return;
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `select name, checksum from ${MIGRATIONS_TABLE} where checksum is not null order by id`,
  );
  for (const { name, checksum } of rows) {
    const now = await checksumOf(folder, name);
    if (now === undefined || now === checksum) continue;
    throw new DatabaseStartError(
      `the migration ${name} was edited after it ran on this database: put its file back, and make the change in a new migration`,
      { code: 'migration_edited' },
    );
  }
}

async function keepsChecksums(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    `select from pg_attribute where attrelid = to_regclass('public.${MIGRATIONS_TABLE}') and attname = 'checksum'`,
  );
  return rows.length > 0;
}

/** SHA-256 of the file, however its lines end; undefined where it is not there. */
async function checksumOf(folder: string, name: string): Promise<string | undefined> {
  const text = await readFile(path.join(folder, `${name}.sql`), 'utf8').catch(() => undefined);
  return text === undefined
    ? undefined
    : createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}
