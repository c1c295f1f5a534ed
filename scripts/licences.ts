import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judgeLicences, type LockedPackage, READ_LICENCES } from './licence-rules.ts';

/**
 * `npm run licences`: the licence of every package in the lockfile of a folder (this one by default), against
 * the list in licence-rules.ts. Ends with 1 when one is not on it.
 */
function main(): void {
  const { positionals } = parseArgs({ allowPositionals: true });
  const packages = readPackages(positionals[0] ?? '.');
  const { refused, unknown } = judgeLicences(packages);
  for (const { path, version, licence } of refused) {
    console.error(`${path} ${version}: ${licence ?? 'no licence'} is not on the list`);
  }
  const judged = packages.length - unknown.length;
  console.log(`${judged} packages judged, ${refused.length} refused, ${unknown.length} of other platforms.`);
  if (refused.length > 0) process.exitCode = 1;
}

/** What the lockfile pins, with the licence that the installed package itself names. */
function readPackages(folder: string): LockedPackage[] {
  const lock: unknown = readJson(join(folder, 'package-lock.json'));
  return Object.entries(fieldOf(lock, 'packages') ?? {})
    .filter(([path, entry]) => path !== '' && fieldOf(entry, 'link') !== true)
    .map(([path, entry]) => {
      const manifest = join(folder, path, 'package.json');
      const isInstalled = existsSync(manifest);
      const version = textOf(entry, 'version') ?? '';
      const name = path.replace(/^.*node_modules\//, '');
      return {
        path,
        version,
        licence:
          READ_LICENCES.get(`${name} ${version}`) ??
          (isInstalled ? textOf(readJson(manifest), 'license') : undefined) ??
          textOf(entry, 'license'),
        isForDevelopment: fieldOf(entry, 'dev') === true,
        isInstalled,
      };
    });
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown, name: string): string | undefined {
  const field = fieldOf(value, name);
  return typeof field === 'string' ? field : undefined;
}

main();
