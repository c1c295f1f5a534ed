import pg from 'pg';
import { urlOptions } from './database-url.ts';

/** The oldest PostgreSQL that is supported: GRANT … WITH SET came with it. */
const MIN_VERSION = 160_000;

type Details = { readonly code?: DatabaseStartError['code']; readonly cause?: unknown };

/** The database cannot be used as it is: one line for the operator. */
export class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError';
  readonly code:
    | 'data_key_used'
    | 'database_in_use'
    | 'database_unavailable'
    | 'migration_edited'
    | 'no_bank'
    | 'schema_outdated';

  constructor(message: string, { code, cause }: Details = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code ?? 'database_unavailable';
  }
}

/** Throws DatabaseStartError when the database cannot be reached or is too old. */
export async function checkServer(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ ...urlOptions(databaseUrl), connectionTimeoutMillis: 5_000 });
  // A lost connection fails its query; without a listener the event would also end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; name: string }>(
      "select current_setting('server_version_num')::int as version, current_setting('server_version') as name",
    );
    const row = rows[0];
    if (row !== undefined && row.version < MIN_VERSION) {
      throw new DatabaseStartError(`PostgreSQL ${row.name} is too old: Florin runs on 16, 17 and 18`);
    }
  } catch (error) {
    if (error instanceof DatabaseStartError) throw error;
    const message = `cannot use the database at ${place(databaseUrl)}: ${reason(error)}; check DATABASE_URL`;
    throw new DatabaseStartError(message, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Host, port and database of a URL, without its password. */
function place(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join(', ');
  return error instanceof Error ? error.message : String(error);
}
