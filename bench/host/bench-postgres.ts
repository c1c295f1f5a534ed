import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '#db/migrate.ts';
import { openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { openBook } from '#features/books/contract.ts';
import { BENCH_DATA_KEY } from './data-key.ts';
import { ProcessTree, parentOf } from './process-tree.ts';
import { withContext } from './with-context.ts';

/** The settings that make a commit survive a power cut, and others that affect speed. */
const DURABILITY = ['fsync', 'synchronous_commit', 'full_page_writes'] as const;
const OTHER_SETTINGS = ['wal_sync_method', 'shared_buffers', 'max_wal_size', 'wal_compression'] as const;

const INSUFFICIENT_PRIVILEGE = '42501';
/** Autovacuum finishes the largest of our tables well within a minute. */
const MAX_DROP_ATTEMPTS = 240;
const DROP_PAUSE_MS = 250;

const BOOK = { name: 'Bench', country: 'DE', bankCode: '10010010', timeZone: 'UTC' };

/** An embedded PostgreSQL with its default settings, and databases on it. */
export class BenchPostgres {
  readonly version: string;
  readonly databaseUrl: string;
  /** All of its processes; undefined without /proc. */
  readonly tree: ProcessTree | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly #close: () => Promise<void>;

  private constructor(
    fields: Pick<BenchPostgres, 'version' | 'databaseUrl' | 'tree' | 'settings' | 'close'>,
  ) {
    this.version = fields.version;
    this.databaseUrl = fields.databaseUrl;
    this.tree = fields.tree;
    this.settings = fields.settings;
    this.#close = fields.close;
  }

  /** Starts the server of a data directory. Throws when it is not as durable as PostgreSQL is by default. */
  static async open(dataDir: string, onProgress: (line: string) => void): Promise<BenchPostgres> {
    const embedded = await openEmbeddedPostgres({ dataDir, port: 0, onProgress });
    const { databaseUrl, version } = embedded;
    const close = (): Promise<void> => embedded.close();
    try {
      const { settings, tree } = await withClient(databaseUrl, async (client) => ({
        settings: await showSettings(client),
        tree: await treeOf(client),
      }));
      const unsafe = DURABILITY.filter((name) => settings[name] !== 'on');
      if (unsafe.length > 0) throw new Error(`refusing to measure with ${unsafe.join(' and ')} not on`);
      return new BenchPostgres({ version, databaseUrl, tree, settings, close });
    } catch (error) {
      await close();
      throw error;
    }
  }

  urlOf(database: string): string {
    const url = new URL(this.databaseUrl);
    url.pathname = `/${database}`;
    return url.href;
  }

  /** Drops and creates a database, as a copy of `template`. Names are ours, and need no quotes. */
  async createDatabase(name: string, template = 'template1'): Promise<string> {
    await this.dropDatabase(name);
    await withClient(this.databaseUrl, (client) =>
      client.query(`create database ${name} template ${template}`),
    );
    return this.urlOf(name);
  }

  /** The same by copying files, for large ones: a checkpoint comes with it, and no WAL as large as they are. */
  async copyDatabase(name: string, template: string): Promise<string> {
    await this.dropDatabase(name);
    await withClient(this.databaseUrl, (client) =>
      client.query(`create database ${name} template ${template} strategy file_copy`),
    );
    return this.urlOf(name);
  }

  /** Drops a database with whoever is in it; while that is autovacuum, which may not be sent away, it is waited for. */
  async dropDatabase(name: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await withClient(this.databaseUrl, (client) =>
          client.query(`drop database if exists ${name} with (force)`),
        );
        return;
      } catch (error) {
        const isRefused = error instanceof pg.DatabaseError && error.code === INSUFFICIENT_PRIVILEGE;
        if (!isRefused || attempt >= MAX_DROP_ATTEMPTS) throw error;
        await delay(DROP_PAUSE_MS);
      }
    }
  }

  /** A database with this version's schema and an opened book without customers. */
  async createBook(name: string): Promise<string> {
    const databaseUrl = await this.createDatabase(name);
    await migrate(databaseUrl);
    await withContext({ databaseUrl, dataKey: BENCH_DATA_KEY }, (context) => openBook(context, BOOK));
    return databaseUrl;
  }

  /** Stops the server. */
  close(): Promise<void> {
    return this.#close();
  }
}

/** Runs work with a connection as the owner of a database. */
export async function withClient<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function showSettings(client: pg.Client): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const name of [...DURABILITY, ...OTHER_SETTINGS]) {
    const { rows } = await client.query<Record<string, string>>(`show ${name}`);
    settings[name] = rows[0]?.[name] ?? '';
  }
  return settings;
}

async function treeOf(client: pg.Client): Promise<ProcessTree | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = parentOf(rows[0]?.pid ?? 0);
  return postmaster === undefined ? undefined : new ProcessTree(postmaster);
}
