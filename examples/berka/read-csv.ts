import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import type { Problems } from './errors.ts';

/** The longest row of the known files has 120 characters: a far longer one is a quote that was never closed. */
const MAX_ROW_LENGTH = 10_000;
/** Neither belongs into a text, and PostgreSQL stores no NUL: control characters, and what was not UTF-8. */
const NO_TEXT = /[\p{Cc}\uFFFD]/u;

/** Takes a row's values, in the order of the columns, and the line it ends on. */
export type TakeRow = (values: readonly string[], line: number) => void;

type Parsed = { readonly record: readonly string[]; readonly info: { readonly lines: number } };

/**
 * Streams a semicolon-separated file with quoted texts and exactly the given header, and returns the SHA-256 of
 * its bytes. `name` is what problems call the file. What cannot be read as a row becomes a problem.
 */
export async function readCsv(
  path: string,
  name: string,
  columns: readonly string[],
  problems: Problems,
  takeRow: TakeRow,
): Promise<Buffer> {
  const hash = createHash('sha256');
  const options = { delimiter: ';', bom: true, info: true, skip_empty_lines: true };
  // Columns are counted here, not by the parser, which would stop at the first row that is too short.
  const parser = parse({ ...options, relax_column_count: true, max_record_size: MAX_ROW_LENGTH });
  const hashed = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  try {
    await pipeline(createReadStream(path), hashed, parser, (rows: AsyncIterable<Parsed>) =>
      takeRows(rows, name, columns, problems, takeRow),
    );
  } catch (error) {
    const problem = asFileProblem(error);
    if (problem === undefined) throw error;
    problems.add({ file: name, ...problem });
  }
  return hash.digest();
}

async function takeRows(
  rows: AsyncIterable<Parsed>,
  file: string,
  columns: readonly string[],
  problems: Problems,
  takeRow: TakeRow,
): Promise<void> {
  let header: readonly string[] | undefined;
  for await (const { record, info } of rows) {
    const line = info.lines;
    if (header === undefined) {
      header = record;
      if (header.join(';') === columns.join(';')) continue;
      problems.add({ file, line, message: `must begin with the columns ${columns.join(';')}` });
      return;
    }
    if (record.length !== columns.length) {
      problems.add({ file, line, message: `has ${record.length} columns instead of ${columns.length}` });
    } else if (record.some((value) => NO_TEXT.test(value))) {
      problems.add({ file, line, message: 'holds characters that are not text' });
    } else {
      takeRow(record, line);
    }
  }
  if (header === undefined) problems.add({ file, message: 'is empty' });
}

/** What the parser or the file system says about a file; undefined for an error that is neither's. */
function asFileProblem(error: unknown): { line?: number; message: string } | undefined {
  if (error instanceof CsvError) {
    const line = typeof error.lines === 'number' ? { line: error.lines } : {};
    return { ...line, message: `is not a row (${error.code})` };
  }
  const isSystemError = error instanceof Error && 'syscall' in error && 'code' in error;
  return isSystemError ? { message: `cannot be read (${String(error.code)})` } : undefined;
}
