import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT_FOLDER = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The folder of what tests keep between runs, made if need be: `.florin-test/<user>` in the project, which git
 * ignores and `npm ci` leaves alone. Each user has a folder, because PostgreSQL's files belong to whoever made
 * them. A user who may not write to the project has one in the system's folder of temporary files.
 */
export function testHome(): string {
  const user = `user-${process.getuid?.() ?? 'only'}`;
  const inProject = join(PROJECT_FOLDER, '.florin-test', user);
  try {
    mkdirSync(inProject, { recursive: true });
    accessSync(inProject, constants.W_OK);
    return inProject;
  } catch {
    const project = createHash('sha256').update(PROJECT_FOLDER).digest('hex').slice(0, 12);
    const elsewhere = join(tmpdir(), `florin-test-${project}-${user}`);
    mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
    return elsewhere;
  }
}
