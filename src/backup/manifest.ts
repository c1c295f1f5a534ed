import { changed } from './archive-reader.ts';

/** How the rows of one table stand in a backup. */
export type TableContent = {
  readonly name: string;
  /** In the order of their values in a row. */
  readonly columns: readonly string[];
  readonly rows: number;
  /** What COPY gave, in its text format: length, and SHA-256 in hex. */
  readonly bytes: number;
  readonly sha256: string;
  /** Entries of the archive that it was cut into. */
  readonly parts: number;
};

export type BookState = {
  readonly bookId: number;
  readonly name: string;
  readonly businessDate: string;
  /** No entry is booked on this date or before; null before the first end of day. */
  readonly closedThrough: string | null;
};

/** What a backup says about itself, at its end. */
export type Manifest = {
  readonly takenAt: string;
  /** Of Florin, and of the PostgreSQL that the rows came from. */
  readonly florin: string;
  readonly postgres: string;
  /** Migrations that had run, in their order: the last is the version of the schema. */
  readonly migrations: readonly string[];
  readonly books: readonly BookState[];
  /** Tells the data key that belongs to it from others, in hex. The key itself is not in a backup. */
  readonly dataKeyCheck: string;
  readonly tables: readonly TableContent[];
};

/** Names of the entries of an archive; parts of tables stand between the first two. */
export const ENTRIES = { format: 'florin-backup', manifest: 'manifest.json', seal: 'seal' } as const;

/** The content of the first entry. Another format has another number. */
export const FORMAT_LINE = 'florin backup 1\n';

/** Bytes of a table in one entry, before they are compressed: some of them are in memory at a time. */
export const PART_BYTES = 4 * 1024 * 1024;

/** The entry of a part of a table, from 1 on: `tables/postings/000001.zst`. */
export function partName(table: string, part: number): string {
  return `tables/${table}/${String(part).padStart(6, '0')}.zst`;
}

export function encodeManifest(manifest: Manifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** Throws BackupError `backup_changed` for what is no manifest. */
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

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isTextOrNull: Check = (value) => value === null || isText(value);
const listOf = (check: Check): Check => {
  return (value) => Array.isArray(value) && value.every(check);
};
const recordOf = (fields: Readonly<Record<string, Check>>): Check => {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check(Reflect.get(value, name)));
};

const isWellFormed = recordOf({
  takenAt: isText,
  florin: isText,
  postgres: isText,
  migrations: listOf(isText),
  books: listOf(
    recordOf({ bookId: isCount, name: isText, businessDate: isText, closedThrough: isTextOrNull }),
  ),
  dataKeyCheck: isText,
  tables: listOf(
    recordOf({
      name: isText,
      columns: listOf(isText),
      rows: isCount,
      bytes: isCount,
      sha256: isText,
      parts: isCount,
    }),
  ),
});

function isManifest(value: unknown): value is Manifest {
  return isWellFormed(value);
}
