import { isUtf8 } from 'node:buffer';
import { access, constants, readFile, stat } from 'node:fs/promises';
import { fileProblem } from '#lib/file-problem.ts';
import { CommandFailedError } from './failures.ts';

/**
 * The text of a file that a command was given. Throws CommandFailedError `file_unusable` for one that cannot be read, and
 * for what is not UTF-8.
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unusable(path, error);
  });
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\uFEFF/, '');
  throw new CommandFailedError('file_unusable', `cannot read ${path}: it is not text in UTF-8`);
}

/** Before anything is opened for it. Throws CommandFailedError `file_unusable` unless the file can be read. */
export async function requireFile(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
    if (!(await stat(path)).isDirectory()) return;
  } catch (error) {
    throw unusable(path, error);
  }
  throw new CommandFailedError('file_unusable', `cannot read ${path}: it is a directory`);
}

function unusable(path: string, error: unknown): CommandFailedError {
  const reason = fileProblem(error) ?? (error instanceof Error ? error.message : String(error));
  return new CommandFailedError('file_unusable', `cannot read ${path}: ${reason}`, error);
}
