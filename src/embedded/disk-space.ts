import { statfsSync } from 'node:fs';

/** With less than one WAL segment of 16 MB free, PostgreSQL cannot go on. */
const LEAST_FREE_BYTES = 16 * 1024 * 1024;

/** Whether a program failed for lack of disk space: its output says so, or no space was left for any output. */
export function failedForDiskSpace(directory: string, messages: string): boolean {
  if (messages.includes('No space left on device')) return true;
  const { bavail, bsize } = statfsSync(directory);
  return messages.trim() === '' && bavail * bsize < LEAST_FREE_BYTES;
}
