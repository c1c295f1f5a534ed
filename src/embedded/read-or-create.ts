import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { toEmbeddedError } from './embedded-error.ts';

/**
 * The one line of a file that only its owner can read. Makes the file where there is none: of several processes that do
 * so at once, all get the line of the first. Throws EmbeddedPostgresError when the file cannot be written or read.
 */
export async function readOrCreate(file: string, makeLine: () => Promise<string>): Promise<string> {
  if (!existsSync(file)) create(file, await makeLine());
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw toEmbeddedError(error, `Cannot read ${file}`);
  }
}

/** All or nothing, and never over another process's: a link, unlike a rename, does not replace a file. */
function create(file: string, line: string): void {
  const unfinishedFile = `${file}.${randomUUID()}.unfinished`;
  try {
    writeFileSync(unfinishedFile, `${line}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(unfinishedFile, file);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw toEmbeddedError(error, `Cannot write ${file}`);
  } finally {
    rmSync(unfinishedFile, { force: true });
  }
}
