import type { Command } from 'commander';
import type { Config } from '#config/config.ts';
import { commonError } from '#lib/errors.ts';
import { ProgressBar } from '../progress.ts';
import type { OutputOptions, Shell } from '../shell.ts';

/** `migrate`: nothing but the schema. No book is opened, so that the demo still finds the bank unused. */
export function addMigrateCommand(program: Command, shell: Shell): void {
  program
    .command('migrate')
    .description('bring the database to this version’s schema')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) => migrateDatabase(shell, options));
}

async function migrateDatabase(shell: Shell, options: OutputOptions): Promise<void> {
  const { config } = await shell.loadConfig();
  if (config.isReadOnly) throw commonError('read_only');
  const migrations = await (config.databaseUrl === undefined
    ? migrateEmbedded(shell, config)
    : migrateExternal(shell, config.databaseUrl));
  await shell.show(options, { migrations }, () =>
    migrations.length === 0
      ? 'The database has this version’s schema already.'
      : migrations.map((name) => `ran ${name}`).join('\n'),
  );
}

async function migrateExternal(shell: Shell, databaseUrl: string): Promise<string[]> {
  const [{ checkServer }, { migrate }] = await Promise.all([
    import('#db/check-server.ts'),
    import('#db/migrate.ts'),
  ]);
  await checkServer(databaseUrl);
  const bar = new ProgressBar(shell, { isQuiet: true });
  try {
    return await migrate(databaseUrl, { onMigration: (name, done, total) => bar.update(name, done, total) });
  } finally {
    bar.end();
  }
}

async function migrateEmbedded(shell: Shell, config: Config): Promise<string[]> {
  const [{ requireDatabase }, { openEmbeddedPostgres }] = await Promise.all([
    import('#bank/open-bank.ts'),
    import('#embedded/embedded-postgres.ts'),
  ]);
  requireDatabase(config);
  const embedded = await openEmbeddedPostgres({
    dataDir: config.dataDir,
    port: config.embeddedPort,
    onProgress: (line) => shell.noteProgress(line),
  });
  try {
    return await migrateExternal(shell, embedded.databaseUrl);
  } finally {
    await embedded.close();
  }
}
