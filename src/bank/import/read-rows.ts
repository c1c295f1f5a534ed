import { createReadStream } from 'node:fs';
import { type FieldError, validationFailed } from '#lib/errors.ts';
import { COLUMNS, type ImportKind } from './columns.ts';

/** A longer row is a quote that was never closed. */
const MAX_ROW_LENGTH = 50_000;
/** Columns beside the known ones that become metadata: `metadata.branch`. */
const METADATA = 'metadata.';

/** A row of a file: its values by column, those that are empty left out, and the line that it ends on. */
export type ImportRow = {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
};

/** How a file is written: which header stands for a column, and what is between two values. */
export type FileOptions = {
  readonly map: ReadonlyMap<string, string>;
  readonly delimiter: string;
};

/**
 * Streams the rows of a CSV file, in flat memory. Headers are matched whatever their case, spaces, hyphens and
 * underscores, or as `map` says. Throws 400 `validation_failed` for a file that is not CSV, for a header that is missing,
 * unknown or there twice.
 */
export async function* readRows(
  path: string,
  kind: ImportKind,
  { map, delimiter }: FileOptions,
): AsyncGenerator<ImportRow> {
  const { parse } = await import('csv-parse');
  const options = { bom: true, info: true, delimiter, trim: true, skip_empty_lines: true };
  const parser = parse({ ...options, max_record_size: MAX_ROW_LENGTH });
  const source = createReadStream(path);
  // A file that cannot be read fails the rows, and not the process.
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let columns: readonly string[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (columns === undefined) columns = columnsOf(record, kind, map);
      else yield rowOf(record, columns, info.lines);
    }
  } catch (error) {
    if (!isCsvError(error)) throw error;
    throw validationFailed({ path: `line ${error.lines ?? 1}`, message: `is not CSV: ${error.message}` });
  }
  if (columns === undefined) throw validationFailed({ path: 'line 1', message: 'has no headers' });
}

type Parsed = { readonly record: readonly string[]; readonly info: { readonly lines: number } };

function columnsOf(
  headers: readonly string[],
  kind: ImportKind,
  map: ReadonlyMap<string, string>,
): readonly string[] {
  const known = new Map(Object.keys(COLUMNS[kind]).map((name) => [plain(name), name]));
  const mapped = new Map([...map].map(([column, header]) => [plain(header), column]));
  const columns = headers.map((header) => {
    if (header.toLowerCase().startsWith(METADATA)) return METADATA + header.slice(METADATA.length);
    return mapped.get(plain(header)) ?? known.get(plain(header)) ?? '';
  });
  const problems: FieldError[] = [];
  for (const [index, column] of columns.entries()) {
    const path = `header ${JSON.stringify(headers[index])}`;
    if (column === '')
      problems.push({ path, message: `is not a column of ${kind}; name it with --map COLUMN=HEADER` });
    else if (columns.indexOf(column) < index)
      problems.push({ path, message: `stands for ${column} a second time` });
  }
  for (const [name, { isRequired }] of Object.entries(COLUMNS[kind])) {
    if (isRequired && !columns.includes(name)) problems.push({ path: name, message: 'has no header' });
  }
  for (const column of map.keys()) {
    if (!Object.hasOwn(COLUMNS[kind], column))
      problems.push({ path: column, message: `is not a column of ${kind}` });
  }
  if (problems.length > 0) throw validationFailed(...problems);
  return columns;
}

/** A header as it is compared. */
function plain(header: string): string {
  return header.toLowerCase().replaceAll(/[\s_-]/g, '');
}

function rowOf(record: readonly string[], columns: readonly string[], line: number): ImportRow {
  const given = columns.flatMap((column, index): [string, string][] => {
    const value = record[index] ?? '';
    return value === '' ? [] : [[column, value]];
  });
  const isMetadata = ([column]: [string, string]): boolean => column.startsWith(METADATA);
  return {
    line,
    values: Object.fromEntries(given.filter((one) => !isMetadata(one))),
    metadata: Object.fromEntries(
      given.filter(isMetadata).map(([column, value]) => [column.slice(METADATA.length), value]),
    ),
  };
}

function isCsvError(error: unknown): error is Error & { readonly lines?: number } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_');
}
