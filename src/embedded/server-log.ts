import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { toEmbeddedError } from './embedded-error.ts';

/** At this size the log is rotated (one is kept) at the next start, so that it cannot fill the disk unnoticed. */
const MAX_LOG_BYTES = 20_000_000;

/** How much of the log is read to find out why a start failed: such a start writes a few lines. */
const MAX_READ_BACK_BYTES = 16_384;

/** How many lines of the log an error message quotes. */
const QUOTED_LINES = 3;

/** The log opened for a program to write to, with the offset of its first message. */
export type OpenLog = {
  readonly fd: number;
  readonly startOffset: number;
};

/** Opens the log for appending. The descriptor is handed on, so the server's account needs no right to the file. */
export function openLog(logFile: string): OpenLog {
  try {
    const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_LOG_BYTES) renameSync(logFile, `${logFile}.1`);
    const fd = openSync(logFile, 'a', 0o600);
    return { fd, startOffset: fstatSync(fd).size };
  } catch (error) {
    throw toEmbeddedError(error, `Cannot write ${logFile}`);
  }
}

/** The text in the log since an offset, at most its last few kilobytes. */
export function readLogSince(logFile: string, startOffset: number): string {
  const fd = openSync(logFile, 'r');
  try {
    const size = fstatSync(fd).size;
    const offset = Math.max(startOffset, size - MAX_READ_BACK_BYTES);
    const buffer = Buffer.alloc(Math.max(0, size - offset));
    const bytesRead = readSync(fd, buffer, 0, buffer.length, offset);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    closeSync(fd);
  }
}

/** The prefix of each message: the instant and the process id. */
const LINE_PREFIX = /^[\d-]+ [\d:.]+ \w+ \[\d+\] /;

/** Messages of every start and every end, which say nothing about why. */
const ROUTINE = /starting PostgreSQL|database system is shut down|^\s*$/;

/** The last informative lines, as one line for an error message. */
export function quoteLastLines(text: string): string {
  const lines = text.split('\n').filter((line) => !ROUTINE.test(line));
  const messages = lines.slice(-QUOTED_LINES).map((line) => line.replace(LINE_PREFIX, ''));
  return messages.join(' | ') || 'it said nothing';
}
