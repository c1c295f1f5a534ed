import type { Duplex } from 'node:stream';
import type pg from 'pg';

/*
 * Everything that Florin knows of the driver beyond its documented interface. The driver gives no codes to errors of
 * its own, and no access to a connection's socket. An upgrade of `pg` that changes one of these fails in
 * test/database/db/driver-quirks.test.ts, and is answered here alone.
 */

/** The message of the driver's pool when every connection stays in use until the time is up. */
const NO_CONNECTION_CAME_FREE = 'timeout exceeded when trying to connect';

/** In the messages about a broken connection, one that could not be made in time, and a client that has lost its own. */
const CONNECTION_MESSAGE = /connection|timeout|not queryable/i;

/** The codes of the operating system that Node passes on, such as `ECONNREFUSED`. */
const SYSTEM_CODE = /^E[A-Z]+$/;

/** Whether no connection of the pool came free in time. */
export function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && error.message === NO_CONNECTION_CAME_FREE;
}

/**
 * Whether the driver reports a broken or refused connection: it does so with a plain `Error`, which has a system
 * code or a known message, or with an AggregateError when a host name has several addresses.
 */
export function isDriverConnectionError(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDriverConnectionError);
  // A TypeError or an error of ours may speak of connections too, and is not the driver's.
  if (!(error instanceof Error) || error.name !== 'Error') return false;
  const code = 'code' in error ? String(error.code) : '';
  return SYSTEM_CODE.test(code) || CONNECTION_MESSAGE.test(error.message);
}

/**
 * Drops the connection of a client at once, without telling the server: work on it rejects with an error that
 * `isDriverConnectionError` recognises, and PostgreSQL rolls back uncommitted work.
 */
export function cutConnection(client: pg.ClientBase): void {
  socketOf(client).destroy();
}

/**
 * Calls `onSilence` once when nothing has come from the server for so long. An event loop that is late reads what has come
 * before it is judged. Returns the end of watching.
 */
export function watchSilence(client: pg.ClientBase, limitMs: number, onSilence: () => void): () => void {
  const socket = socketOf(client);
  let chunks = 0;
  let isWatching = true;
  const timer = setTimeout(() => {
    const before = chunks;
    setImmediate(() => {
      if (isWatching && chunks === before) onSilence();
    });
  }, limitMs);
  const hear = (): void => {
    chunks += 1;
    timer.refresh();
  };
  socket.on('data', hear);
  return () => {
    isWatching = false;
    clearTimeout(timer);
    socket.off('data', hear);
  };
}

/**
 * Holds back everything sent within one turn of the event loop until its end. It then goes out with one system call and
 * wakes the server's process once: the driver would write each statement separately. Returns a function to call before
 * a statement is sent.
 */
export function holdWrites(client: pg.ClientBase): () => void {
  const socket = socketOf(client);
  let holding = false;
  return () => {
    if (holding) return;
    holding = true;
    socket.cork();
    process.nextTick(() => {
      holding = false;
      socket.uncork();
    });
  };
}

/** A connection's own lists of statements: those that were parsed, and those sent to be. */
type PreparingConnection = pg.Connection & {
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
};

/** Sends a named statement to be parsed, unless the connection has it or is getting it. */
export function parseOnce(connection: pg.Connection, name: string, text: string): void {
  const { parsedStatements, submittedNamedStatements } = connection as PreparingConnection;
  if (name !== '' && (name in parsedStatements || name in submittedNamedStatements)) return;
  connection.parse({ name, text, types: [] }, true);
  if (name !== '') submittedNamedStatements[name] = text;
}

/** Statements that were sent and that the server has skipped: they are sent again when they are needed. */
export function forgetUnparsed(connection: pg.Connection, names: readonly string[]): void {
  const { submittedNamedStatements } = connection as PreparingConnection;
  for (const name of names) delete submittedNamedStatements[name];
}

/** The types of the driver give a connection to clients of a pool alone; every client has one. */
function socketOf(client: pg.ClientBase): Duplex {
  return (client as unknown as { readonly connection: pg.Connection }).connection.stream;
}
