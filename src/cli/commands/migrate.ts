import type { Command } from 'commander';
import type { Config } from '#config/config.ts';
import { loadConfig } from '#config/load-config.ts';
import { checkServer } from '#db/check-server.ts';
import { migrate } from '#db/migrate.ts';
import { openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { commonError } from '#lib/errors.ts';
import { noteProgress, type OutputOptions, show } from '../output.ts';

/** `migrate`: nothing but the schema. No book is opened, so that the demo still finds the bank unused. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database to this version’s schema')
    .option('--json', 'print JSON')
    .action(migrateDatabase);
}

async function migrateDatabase(options: OutputOptions): Promise<void> {
  const { config } = loadConfig();
  if (config.isReadOnly) throw commonError('read_only');
  const migrations = await (config.databaseUrl === undefined
    ? migrateEmbedded(config)
    : migrateExternal(config.databaseUrl));
  await show(options, { migrations }, () =>
    migrations.length === 0
      ? 'The database has this version’s schema already.'
      : migrations.map((name) => `ran ${name}`).join('\n'),
  );
}

async function migrateExternal(databaseUrl: string): Promise<string[]> {
  await checkServer(databaseUrl);
  return migrate(databaseUrl);
}

async function migrateEmbedded({ dataDir, embeddedPort: port }: Config): Promise<string[]> {
  const embedded = await openEmbeddedPostgres({ dataDir, port, onProgress: noteProgress });
  try {
    return await migrate(embedded.databaseUrl);
  } finally {
    await embedded.close();
  }
}
