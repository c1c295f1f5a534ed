import { readFile } from 'node:fs/promises';
import type { MigrationBuilder } from 'node-pg-migrate';

/** The first line of a migration whose statements cannot run in a transaction, or must not. */
const OUTSIDE_A_TRANSACTION = '-- Outside a transaction.';

type LoadedMigration = {
  readonly id: string;
  readonly filePaths: string[];
  readonly actions: { readonly up: (builder: MigrationBuilder) => void; readonly down: false };
};

/** Reads SQL files in the form that node-pg-migrate takes. */
export function loadMigrations(files: string[]): Promise<LoadedMigration[]> {
  return Promise.all(files.map(loadMigration));
}

async function loadMigration(file: string): Promise<LoadedMigration> {
  const text = await readFile(file, 'utf8');
  return {
    id: file,
    filePaths: [file],
    actions: { up: (builder) => addStatements(builder, text), down: false },
  };
}

/**
 * A file that begins with `-- Outside a transaction.` holds `create index concurrently` and the like: each of its
 * statements ends a line with a semicolon and runs on its own. It may be cut off between any two of them, and then
 * begins again: first it drops what it makes. Such statements wait for older transactions while all others go on, so
 * they may wait.
 */
function addStatements(builder: MigrationBuilder, text: string): void {
  if (!text.startsWith(OUTSIDE_A_TRANSACTION)) {
    builder.sql(text);
    return;
  }
  builder.noTransaction();
  builder.sql('set lock_timeout = 0;');
  for (const statement of statementsOf(text)) builder.sql(`${statement};`);
  builder.sql('reset lock_timeout;');
}

/** The statements of a file, without the comments around them. */
function statementsOf(text: string): string[] {
  const code = text.replaceAll(/^\s*--.*$/gm, '');
  return code
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
