import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_FOLDER, testHome } from '#test/support/test-home.ts';
import { findPrograms } from './programs.ts';
import { removeLeftovers, startTemporaryServer } from './temporary-server.ts';

/** What runs unless files are named: the database suite with its races, and backups between versions. */
const SUITE = ['test/database', 'test/postgres'];

/**
 * `npm run test:postgres -- VERSION [FILE …]`: runs tests on a server of another PostgreSQL, 16, 17 or 18, or of
 * the build whose programs are in a folder, as on a server that DATABASE_URL names.
 */
async function main([version, ...args]: readonly string[]): Promise<number> {
  if (version === undefined) {
    console.error('Usage: npm run test:postgres -- 16|17|18|FOLDER_OF_PROGRAMS [FILE …]');
    return 2;
  }
  const parent = path.join(testHome(), 'other-servers');
  await removeLeftovers(parent);
  const folder = path.join(parent, String(process.pid));
  mkdirSync(folder, { recursive: true });
  try {
    const server = await startTemporaryServer(folder, (home, account) =>
      findPrograms(version, home, account),
    );
    console.log(`PostgreSQL ${server.version}`);
    try {
      const files = args.some((arg) => !arg.startsWith('-')) ? args : [...args, ...SUITE];
      return await runTests(files, server.databaseUrl);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runTests(args: readonly string[], databaseUrl: string): Promise<number> {
  const child = spawn(process.execPath, ['bin/test.mjs', ...args], {
    cwd: PROJECT_FOLDER,
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: 'inherit',
  });
  // A terminal sends them to the tests as well: this process stays to stop the server.
  const stay = () => undefined;
  process.on('SIGINT', stay).on('SIGTERM', () => child.kill('SIGTERM'));
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  return exitCode ?? 1;
}

process.exitCode = await main(process.argv.slice(2));
