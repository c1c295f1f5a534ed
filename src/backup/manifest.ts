import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Static, Type } from 'typebox';
import { changed } from './archive-reader.ts';

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** The rows of one table in a backup. */
const TableContentSchema = Type.Object({
  name: Type.String(),
  /** In the order of their values in a row. */
  columns: Type.Array(Type.String()),
  rows: Count,
  /** The output of COPY in its text format: length, and SHA-256 in hex. */
  bytes: Count,
  sha256: Type.String(),
  /** Entries of the archive that it was cut into. */
  parts: Count,
});

const BookStateSchema = Type.Object({
  bookId: Count,
  name: Type.String(),
  businessDate: Type.String(),
  /** No entry is booked on this date or before; null before the first end of day. */
  closedThrough: Type.Union([Type.String(), Type.Null()]),
});

/** The description of a backup, at its end. */
const ManifestSchema = Type.Object({
  takenAt: Type.String(),
  /** Of Florin, and of the PostgreSQL that the rows came from. */
  florin: Type.String(),
  postgres: Type.String(),
  /** Migrations that had run, in their order: the last is the version of the schema. */
  migrations: Type.Array(Type.String()),
  books: Type.Array(BookStateSchema),
  /** Identifies the data key that belongs to it, in hex. The key itself is not in a backup. */
  dataKeyCheck: Type.String(),
  tables: Type.Array(TableContentSchema),
});

export type TableContent = Static<typeof TableContentSchema>;
export type BookState = Static<typeof BookStateSchema>;
export type Manifest = Static<typeof ManifestSchema>;

const isManifest = new Ajv2020().compile<Manifest>(ManifestSchema);

/** Names of the entries of an archive; parts of tables stand between the first two. */
export const ENTRIES = { format: 'florin-backup', manifest: 'manifest.json', seal: 'seal' } as const;

/** The content of the first entry. Another format has another number. */
export const FORMAT_LINE = 'florin backup 1\n';

/** Bytes of a table in one entry, before compression: some entries are in memory at a time. */
export const PART_BYTES = 4 * 1024 * 1024;

/** The entry of a part of a table, from 1 on: `tables/postings/000001.zst`. */
export function partName(table: string, part: number): string {
  return `tables/${table}/${String(part).padStart(6, '0')}.zst`;
}

export function encodeManifest(manifest: Manifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** Throws BackupError `backup_changed` for anything but a manifest. */
export function decodeManifest(content: Buffer): Manifest {
  const value = parse(content.toString('utf8'));
  if (!isManifest(value)) throw changed('its manifest cannot be read');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
