import { type Config, ConfigError } from '#config/config.ts';
import { checkServer, DatabaseStartError } from '#db/check-server.ts';
import { hasDataKey } from '#db/data-key-check.ts';
import { BOOK_ID, type Database, openDatabase } from '#db/database.ts';
import { assertMigrated, migrate } from '#db/migrate.ts';
import { hasCluster } from '#embedded/data-directory.ts';
import { loadOrCreateDataKey } from '#embedded/data-key-file.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { assertBookOpened, openBook } from '#features/books/contract.ts';
import { deriveCustomers, sealNationalIds } from '#features/customers/contract.ts';
import { assert } from '#lib/assert.ts';
import type { DataKey } from '#lib/data-key.ts';
import { randomIds } from '#lib/ids.ts';
import { NO_OBSERVER, type Observer } from '#lib/observer.ts';
import { systemClock } from '#lib/time/clock.ts';
import { createServices, type Services } from './services.ts';

/** A bank that is ready for work: its database is up, at this version's schema, with its book opened. */
export type Bank = {
  readonly services: Services;
  readonly databaseUrl: string;
  /** The use of the connections to the database. */
  readonly poolUse: Database['poolUse'];
  /** The embedded server, if no DATABASE_URL was given. */
  readonly embedded: EmbeddedPostgres | undefined;
  /** Finishes accepted requests, then closes the database; the embedded server stops with its last user. */
  close(): Promise<void>;
  /** Closes the database at once: uncommitted work is rolled back. For a process that should end. */
  abandon(): Promise<void>;
};

export type OpenBankOptions = {
  /**
   * Brings the database to this version's schema and opens the book; without it, a database or a book that is not
   * there is refused and left alone.
   */
  readonly migrates?: boolean;
  /** Long work (imports, verification) is not cut off; the server's statements are. */
  readonly longWork?: boolean;
  /** The observers of its work. */
  readonly observer?: Observer;
  readonly onProgress?: (line: string) => void;
  /** Work on a migrated database before the book is opened: the demo. */
  readonly beforeOpening?: (
    databaseUrl: string,
    embedded: EmbeddedPostgres | undefined,
    dataKey: DataKey,
  ) => Promise<void>;
};

/**
 * Starts or reaches the database and opens the book. Throws ConfigError, EmbeddedPostgresError or DatabaseStartError
 * with one line for the operator; DatabaseStartError `schema_outdated` where the schema is not this version's.
 */
export async function openBank(config: Config, options: OpenBankOptions = {}): Promise<Bank> {
  if (options.migrates !== true) requireDatabase(config);
  const { databaseUrl, embedded } = await reachDatabase(config, options.onProgress);
  try {
    return await openBankAt(config, databaseUrl, embedded, options);
  } catch (error) {
    await embedded?.close();
    throw error;
  }
}

/**
 * Starts or reaches the database, and does nothing with it. Throws ConfigError for an external one without its data
 * key, EmbeddedPostgresError or DatabaseStartError.
 */
export async function reachDatabase(
  config: Config,
  onProgress?: (line: string) => void,
): Promise<{ databaseUrl: string; embedded: EmbeddedPostgres | undefined }> {
  requireDataKey(config);
  if (config.databaseUrl !== undefined) {
    await checkServer(config.databaseUrl);
    return { databaseUrl: config.databaseUrl, embedded: undefined };
  }
  const embedded = await openEmbeddedPostgres({
    dataDir: config.dataDir,
    port: config.embeddedPort,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return { databaseUrl: embedded.databaseUrl, embedded };
}

/** Throws DatabaseStartError `no_bank` where the embedded server would make its database now. */
export function requireDatabase({ databaseUrl, dataDir }: Config): void {
  if (databaseUrl !== undefined || hasCluster(dataDir)) return;
  throw new DatabaseStartError(`no bank in ${dataDir}: \`florin serve\` makes one, as do demo and restore`, {
    code: 'no_bank',
  });
}

/** An external database has no folder to keep a key in. */
function requireDataKey({ databaseUrl, dataKey }: Config): void {
  if (databaseUrl === undefined || dataKey !== undefined) return;
  throw new ConfigError(
    'FLORIN_DATA_KEY is needed with DATABASE_URL: make one with `florin data-key`, once, and keep it as safe as the database',
  );
}

/** The existing data key, without a database: none is made. Throws ConfigError or EmbeddedPostgresError. */
export async function heldDataKey(config: Config): Promise<DataKey> {
  requireDataKey(config);
  return config.dataKey ?? loadOrCreateDataKey(config.dataDir, async () => true);
}

async function openBankAt(
  config: Config,
  databaseUrl: string,
  embedded: EmbeddedPostgres | undefined,
  { migrates = false, longWork = false, observer = NO_OBSERVER, beforeOpening }: OpenBankOptions,
): Promise<Bank> {
  const { isReadOnly } = config;
  if (migrates && !isReadOnly) await migrate(databaseUrl);
  else await assertMigrated(databaseUrl, { isReadOnly });
  const dataKey = await findDataKey(config, databaseUrl);
  await beforeOpening?.(databaseUrl, embedded, dataKey);
  const database = openDatabase({
    databaseUrl,
    isReadOnly,
    dataKey,
    tracer: observer.tracer,
    ...(longWork ? { statementTimeoutMs: 0 } : {}),
  });
  const bank = bankOn(config, { dataKey, database, databaseUrl, embedded, observer });
  try {
    const { context } = bank.services;
    if (isReadOnly || !migrates) {
      await assertBookOpened(context);
    } else {
      await openBook(context, config.book);
      await sealNationalIds(context);
      await deriveCustomers(context);
    }
  } catch (error) {
    await database.close();
    throw error;
  }
  return bank;
}

/** The bank of a DATABASE_URL that another process has opened and keeps open. Sends no query yet. */
export function joinBank(config: Config, observer: Observer = NO_OBSERVER): Bank {
  const { databaseUrl, dataKey, isReadOnly } = config;
  assert(databaseUrl !== undefined && dataKey !== undefined, 'who joins a bank is told where it is');
  const database = openDatabase({ databaseUrl, isReadOnly, dataKey, tracer: observer.tracer });
  return bankOn(config, { dataKey, database, databaseUrl, embedded: undefined, observer });
}

type Opened = {
  readonly dataKey: DataKey;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly embedded: EmbeddedPostgres | undefined;
  readonly observer: Observer;
};

function bankOn(
  { oidc, tellerLimit, isReadOnly }: Config,
  { dataKey, database, databaseUrl, embedded, observer }: Opened,
): Bank {
  const { db, postingPool, poolUse } = database;
  const context = {
    db,
    postingPool,
    bookId: BOOK_ID,
    clock: systemClock,
    ids: randomIds,
    dataKey,
    isReadOnly,
  };
  const services = createServices(context, { oidc, tellerLimit, observer });
  const close = async (): Promise<void> => {
    await services.drain();
    await database.close();
    await embedded?.close();
  };
  const abandon = async (): Promise<void> => {
    await database.abandon();
    await embedded?.close();
  };
  return { services, databaseUrl, poolUse, embedded, close, abandon };
}

/** The key of the environment, or the embedded server's own: made now if nothing was sealed with one before. */
async function findDataKey(config: Config, databaseUrl: string): Promise<DataKey> {
  if (config.dataKey !== undefined) return config.dataKey;
  return loadOrCreateDataKey(config.dataDir, async () => {
    const { db, close } = openDatabase({ databaseUrl, poolSize: 1 });
    try {
      return await hasDataKey(db, BOOK_ID);
    } finally {
      await close();
    }
  });
}
