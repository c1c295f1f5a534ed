import { statfsSync } from 'node:fs';

/** Less than one WAL segment of 16 MB free and PostgreSQL cannot go on. */
const LEAST_FREE_BYTES = 16 * 1024 * 1024;

/** Whether a program failed for want of disk space: it said so, or there was none left to say anything. */
export function failedForDiskSpace(directory: string, messages: string): boolean {
  if (messages.includes('No space left on device')) return true;
  const { bavail, bsize } = statfsSync(directory);
  return messages.trim() === '' && bavail * bsize < LEAST_FREE_BYTES;
}
