import { checkServer } from '#db/check-server.ts';
import type { Database } from '#db/database.ts';
import { openDatabase } from '#db/database.ts';
import type { EmbeddedPostgres } from '#db/embedded/embedded-postgres.ts';
import { openEmbeddedPostgres } from '#db/embedded/embedded-postgres.ts';
import { migrate } from '#db/migrate.ts';
import { openBook } from '#features/books/contract.ts';
import { assert } from '#lib/assert.ts';
import { systemClock } from '#lib/clock.ts';
import { randomIds } from '#lib/ids.ts';
import type { Config } from './config.ts';
import type { Services } from './services.ts';
import { createServices } from './services.ts';

/** The one book that a process serves. */
export const BOOK_ID = 1;

/** A bank that is ready for work: its database is up, at this version's schema, with its book opened. */
export type Bank = {
  readonly services: Services;
  readonly databaseUrl: string;
  /** The embedded server, if no DATABASE_URL was given. */
  readonly embedded: EmbeddedPostgres | undefined;
  /** Finishes what was accepted, then lets go of the database; the embedded server stops with its last user. */
  close(): Promise<void>;
  /** Lets go of the database at once: what was not committed is taken back. For a process that is to end. */
  abandon(): Promise<void>;
};

export type OpenBankOptions = {
  /** Long work (imports, verification) is not cut off; the server's statements are. */
  readonly longWork?: boolean;
  readonly onProgress?: (line: string) => void;
  /** What is to be done with a migrated database before the book is opened: the demo. */
  readonly beforeOpening?: (databaseUrl: string, embedded: EmbeddedPostgres | undefined) => Promise<void>;
};

/**
 * Starts or reaches the database, migrates it and opens the book. Throws EmbeddedPostgresError or
 * DatabaseStartError with one line for whoever starts it.
 */
export async function openBank(config: Config, options: OpenBankOptions = {}): Promise<Bank> {
  const { databaseUrl, embedded } = await reachDatabase(config, options);
  try {
    return await openBankAt(config, databaseUrl, embedded, options);
  } catch (error) {
    await embedded?.close();
    throw error;
  }
}

async function reachDatabase(
  config: Config,
  { onProgress }: OpenBankOptions,
): Promise<{ databaseUrl: string; embedded: EmbeddedPostgres | undefined }> {
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

async function openBankAt(
  config: Config,
  databaseUrl: string,
  embedded: EmbeddedPostgres | undefined,
  { longWork = false, beforeOpening }: OpenBankOptions,
): Promise<Bank> {
  await migrate(databaseUrl);
  await beforeOpening?.(databaseUrl, embedded);
  const database = openDatabase({ databaseUrl, ...(longWork ? { statementTimeoutMs: 0 } : {}) });
  const bank = bankOn(database, databaseUrl, embedded);
  try {
    await openBook(bank.services.context, config.book);
  } catch (error) {
    await database.close();
    throw error;
  }
  return bank;
}

/** The bank of a DATABASE_URL that another process has opened and keeps open. Asks nothing of it yet. */
export function joinBank({ databaseUrl }: Config): Bank {
  assert(databaseUrl !== undefined, 'who joins a bank is told where it is');
  return bankOn(openDatabase({ databaseUrl }), databaseUrl, undefined);
}

function bankOn(database: Database, databaseUrl: string, embedded: EmbeddedPostgres | undefined): Bank {
  const { db, postingPool } = database;
  const services = createServices({ db, postingPool, bookId: BOOK_ID, clock: systemClock, ids: randomIds });
  const close = async (): Promise<void> => {
    await services.drain();
    await database.close();
    await embedded?.close();
  };
  const abandon = async (): Promise<void> => {
    await database.abandon();
    await embedded?.close();
  };
  return { services, databaseUrl, embedded, close, abandon };
}
