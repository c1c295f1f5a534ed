import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { DataKey } from '#lib/data-key.ts';
import type { Tracer } from '#lib/observer.ts';
import { type Clock, systemClock } from '#lib/time/clock.ts';
import { PreparingClient } from './client.ts';
import { connectionVerifier } from './connection-verifier.ts';
import { urlOptions } from './database-url.ts';
import { Lanes } from './lanes.ts';
import { typeParsers } from './parsers.ts';
import { ConnectionPool, type PoolUse } from './pool.ts';
import type { DB } from './tables.ts';
import {
  CONNECT_TIMEOUT_MS,
  HOLD_TIMEOUT_MS,
  IDLE_TRANSACTION_TIMEOUT_MS,
  STATEMENT_TIMEOUT_MS,
} from './time-limits.ts';
import { tracedClient } from './traced-client.ts';

/** The pool: for reads that need no transaction. */
export type Db = Kysely<DB>;
/** One open database transaction. Functions that write take this, and cannot be given a plain pool. */
export type Tx = Transaction<DB>;

/** The pool whose connections take statements without waiting for the answers to those before. */
export type PostingPool = ConnectionPool;

export type DatabaseOptions = {
  readonly databaseUrl: string;
  /** The book that the application's role sees; no other, whatever a query asks for. */
  readonly bookId?: number;
  /** The key of this process: a connection to a book with another key fails. Without it nothing is compared. */
  readonly dataKey?: DataKey;
  /** Takes the application's role, which owns nothing (the default); false stays the owner. */
  readonly asApplication?: boolean;
  /** Maximum number of connections. */
  readonly poolSize?: number;
  /** Every transaction is read-only, whoever begins it: a change fails with 503 `read_only`. */
  readonly isReadOnly?: boolean;
  /** A statement is cut off after this; 0 never, and no connection or idle transaction either, for long work. */
  readonly statementTimeoutMs?: number;
  readonly applicationName?: string;
  /** Measures how long connections are held; the machine's clock unless given. */
  readonly clock?: Clock;
  /** Makes a span of each statement. */
  readonly tracer?: Tracer | undefined;
};

/** The one book that a process serves. */
export const BOOK_ID = 1;
/** Two cores run no more than this many queries well; the rest wait in the pool, not in PostgreSQL. */
const DEFAULT_POOL_SIZE = 10;
/**
 * Batches that are posted at once. With two, Node reads and answers requests while PostgreSQL writes; a third
 * only makes the batches smaller.
 */
export const POSTING_LANES = 2;
/** Connections for look-ups (look-ups.ts): two, and some for when they wait for a disk (lanes.ts). */
const READING_CONNECTIONS = 6;
/**
 * The lanes, one for flights, and one for batches of many items, which go one after the other: none blocks another. What
 * is to fly is read on whichever is free.
 */
const POSTING_CONNECTIONS = POSTING_LANES + 2;

/**
 * Statements of the posting queue and look-ups are planned once on a connection (planned for their arrays, each took a quarter longer:
 * decision 8), often in a bank that has no rows and no statistics yet. So no plan is possible that suits small tables
 * alone: each row is found by an index or by its place, and nothing is read to be joined or kept.
 */
const PLANNED_ONCE = ['hashjoin', 'mergejoin', 'material', 'memoize', 'seqscan', 'bitmapscan']
  .map((way) => `-c enable_${way}=off`)
  .join(' ');
export const PLANS_MADE_ONCE = `-c plan_cache_mode=force_generic_plan ${PLANNED_ONCE}`;

export type Database = {
  readonly db: Db;
  readonly pool: pg.Pool;
  /** Separate connections for the posting queue, so that reads never delay postings. */
  readonly postingPool: PostingPool;
  readonly poolUse: () => Readonly<Record<'general' | 'posting' | 'reading', PoolUse>>;
  /** Waits for work under way, and closes. */
  readonly close: () => Promise<void>;
  /** Closes now: PostgreSQL rolls back work under way. */
  readonly abandon: () => Promise<void>;
};

/**
 * Opens pools on a database. No connection is made yet. The application's role and its book are given in the
 * start-up packet, so that they are in force from the first statement and RESET comes back to them.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const timeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const settings = settingsOf(options, timeoutMs);
  const poolOptions: pg.PoolConfig = {
    ...urlOptions(options.databaseUrl),
    Client: options.tracer === undefined ? PreparingClient : tracedClient(options.tracer),
    options: settings.join(' '),
    application_name: options.applicationName ?? 'florin',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: typeParsers,
    ...(options.dataKey === undefined
      ? {}
      : { verify: connectionVerifier(options.bookId ?? BOOK_ID, options.dataKey) }),
  };
  const clients = new Set<pg.PoolClient>();
  const pool = openPool({ ...poolOptions, max: options.poolSize ?? DEFAULT_POOL_SIZE }, clients);
  const postingPool = openPool(
    {
      ...poolOptions,
      options: [...settings, PLANS_MADE_ONCE].join(' '),
      max: POSTING_CONNECTIONS,
      pipeline: true,
    },
    clients,
  );
  const readingPool = openPool(
    {
      ...poolOptions,
      options: [...settings, PLANS_MADE_ONCE, '-c default_transaction_read_only=on'].join(' '),
      max: READING_CONNECTIONS,
    },
    clients,
  );
  // A frozen database never reports its own time-out.
  const holdTimeoutMs = timeoutMs === 0 ? 0 : HOLD_TIMEOUT_MS;
  const clock = options.clock ?? systemClock;
  const generalPool = new ConnectionPool(pool, holdTimeoutMs, clock);
  const boundedPostingPool = new ConnectionPool(postingPool, holdTimeoutMs, clock);
  const boundedReadingPool = new ConnectionPool(readingPool, holdTimeoutMs, clock);
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool: generalPool }) });
  pools.set(db, {
    general: generalPool,
    reading: boundedReadingPool,
    lanes: new Lanes(),
    tracer: options.tracer,
    clock,
  });
  return {
    db,
    pool,
    postingPool: boundedPostingPool,
    poolUse: () => ({
      general: generalPool.use,
      posting: boundedPostingPool.use,
      reading: boundedReadingPool.use,
    }),
    close: async () => {
      await Promise.all([pool.end(), postingPool.end(), readingPool.end()]);
    },
    abandon: async () => {
      // A client that is busy when it is ended drops its connection.
      await Promise.all([...clients].map((client) => endClient(client)));
    },
  };
}

/** Settings of every connection, for its start-up packet. */
function settingsOf(options: DatabaseOptions, timeoutMs: number): string[] {
  return [
    ...((options.asApplication ?? true)
      ? ['-c role=florin_app', `-c florin.book_id=${options.bookId ?? BOOK_ID}`]
      : []),
    `-c statement_timeout=${timeoutMs}`,
    ...(options.isReadOnly === true ? ['-c default_transaction_read_only=on'] : []),
    ...(timeoutMs === 0 ? [] : [`-c idle_in_transaction_session_timeout=${IDLE_TRANSACTION_TIMEOUT_MS}`]),
    '-c TimeZone=UTC',
    '-c DateStyle=ISO',
  ];
}

type Pools = {
  readonly general: ConnectionPool;
  readonly reading: ConnectionPool;
  /** Of the reading pool. */
  readonly lanes: Lanes;
  readonly tracer: Tracer | undefined;
  readonly clock: Clock;
};

const pools = new WeakMap<Db, Pools>();

/** The pools of an open database. */
export function poolsOf(db: Db): Pools {
  const found = pools.get(db);
  if (found === undefined) throw new TypeError('a transaction has no pool');
  return found;
}

/** The general pool of an open database. */
export function poolOf(db: Db): ConnectionPool {
  return poolsOf(db).general;
}

async function endClient(client: pg.PoolClient): Promise<void> {
  // A pooled client is a Client; its type leaves out what the pool does itself.
  if (client instanceof pg.Client) await client.end();
}

function openPool(options: pg.PoolConfig, clients: Set<pg.PoolClient>): pg.Pool {
  const pool = new pg.Pool(options);
  pool.on('connect', (client) => clients.add(client));
  pool.on('remove', (client) => clients.delete(client));
  // A connection lost while idle: the pool has dropped it already, and the next query opens another.
  pool.on('error', () => undefined);
  // A connection lost while in use: its query has failed with it. Without a listener the event would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
