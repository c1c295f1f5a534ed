import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConsoleFiles } from '#http/console-pages.ts';

const FOLDER = fileURLToPath(new URL('../../console', import.meta.url));
const BUILT = path.join(FOLDER, 'dist');
const BUILDER = path.join(FOLDER, 'build.ts');

/** Whether there is a console here: built before, or with what builds it. */
export function hasConsole(): boolean {
  return existsSync(BUILT) || (existsSync(BUILDER) && canResolve('esbuild'));
}

/**
 * The pages of the console: those built before, as in an image, or else built now, in memory. Undefined where there is
 * neither: an installation without the folder, or a checkout without what builds it.
 */
export async function loadConsole(): Promise<ConsoleFiles | undefined> {
  if (!hasConsole()) return undefined;
  if (existsSync(BUILT)) return readFiles(BUILT);
  const { buildConsole }: { buildConsole: () => Promise<ConsoleFiles> } = await import(BUILDER);
  return buildConsole();
}

function canResolve(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

async function readFiles(folder: string): Promise<ConsoleFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async (file) => {
        const full = path.join(file.parentPath, file.name);
        return [path.relative(folder, full).replaceAll('\\', '/'), await readFile(full)] as const;
      }),
    ),
  );
}
