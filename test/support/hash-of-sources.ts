import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FOLDER } from './test-home.ts';

/** Changes with the files of the project that match one of the patterns: names what is kept of them between runs. */
export function hashOfSources(patterns: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of globSync(patterns, { cwd: PROJECT_FOLDER }).sort()) {
    hash.update(`${file}\n`).update(readFileSync(join(PROJECT_FOLDER, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
