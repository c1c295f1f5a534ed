import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What happens to a COMMIT: it never arrives (`cut before`), it is done and the answer is lost (`cut after`), it is
 * done and said to be and then the database is gone until `mend`, it is done and PostgreSQL dies of an error with this
 * SQLSTATE and severity, or PostgreSQL rolls back and says so.
 */
export type Breakage =
  | 'cut before'
  | 'cut after'
  | 'gone after'
  | { readonly severity: 'FATAL' | 'PANIC'; readonly sqlState: string }
  | { readonly severity: 'ERROR'; readonly sqlState: string };

const COMMIT = query('commit');
const ROLLBACK = query('rollback');
const SYNC = message('S', Buffer.alloc(0));
/** What PostgreSQL says of a transaction that it rolls back instead, and that it is ready. */
const UNSAID = new Set(['N', 'Z']);
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** A proxy between a server and its PostgreSQL that lets everything pass, and breaks one COMMIT when it is told to. */
export class CommitBreaker {
  readonly #server: Server;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #next: Breakage | undefined;
  #isGone = false;

  private constructor(server: Server, target: URL) {
    this.#server = server;
    this.#target = target;
  }

  static async open(databaseUrl: string): Promise<CommitBreaker> {
    const server = createServer();
    const breaker = new CommitBreaker(server, new URL(databaseUrl));
    server.on('connection', (client) => breaker.#serve(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return breaker;
  }

  /** The database as it is reached through the proxy. */
  get databaseUrl(): string {
    const address = this.#server.address();
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String(typeof address === 'object' ? address?.port : '');
    return url.href;
  }

  /** Whether the breakage that was asked for has happened. */
  get isSpent(): boolean {
    return this.#next === undefined;
  }

  /** The next COMMIT of any connection breaks. */
  breakNext(breakage: Breakage | undefined): void {
    this.#next = breakage;
  }

  /** The database is back. */
  mend(): void {
    this.#isGone = false;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    if (this.#isGone) {
      client.destroy();
      return;
    }
    const database = connect(Number(this.#target.port || 5432), this.#target.hostname);
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    let answer: ((data: Buffer) => void) | undefined;
    database.on('data', (data: Buffer) => {
      if (answer === undefined) client.write(data);
      else answer(data);
    });
    client.on('data', (data: Buffer) => {
      const found = this.#next === undefined ? undefined : findCommit(data);
      const breakage = this.#next;
      if (found === undefined || breakage === undefined) {
        database.write(data);
        return;
      }
      this.#next = undefined;
      const { at, commit } = found;
      database.write(data.subarray(0, at));
      if (breakage === 'cut before') {
        client.destroy();
        return;
      }
      const isDone = typeof breakage === 'string' || breakage.severity !== 'ERROR';
      let said: Buffer = Buffer.alloc(0);
      answer = (data) => {
        // An answer may come in pieces.
        said = Buffer.concat([said, data]);
        if (!isWhole(said, isDone ? commit : ROLLBACK)) return;
        answer = undefined;
        if (breakage === 'cut after') client.destroy();
        else if (breakage === 'gone after') this.#leave(client, said);
        else if (isDone) client.end(Buffer.concat([statementsOf(said), errorOf(breakage)]));
        else client.write(Buffer.concat([statementsOf(said), errorOf(breakage), READY]));
      };
      database.write(isDone ? commit : ROLLBACK);
    });
  }

  #leave(client: Socket, lastWords: Buffer): void {
    this.#isGone = true;
    client.end(lastWords);
    for (const socket of this.#sockets) if (socket !== client) socket.destroy();
  }
}

/** Where a transaction is committed: by a statement, or by the Sync behind the statements of a flight. */
function findCommit(data: Buffer): { readonly at: number; readonly commit: Buffer } | undefined {
  const at = data.indexOf(COMMIT);
  if (at !== -1) return { at, commit: COMMIT };
  let executed = 0;
  for (const { type, start } of messagesIn(data)) {
    if (type === 'E') executed += 1;
    if (type !== 'S') continue;
    if (executed > 1) return { at: start, commit: SYNC };
    executed = 0;
  }
  return undefined;
}

/** Whether the answer to what ends a transaction has come to its end: that it is done, and that the next may come. */
function isWhole(said: Buffer, ending: Buffer): boolean {
  const messages = [...messagesIn(said)];
  const last = messages.at(-1);
  if (last === undefined || last.type !== 'Z' || last.start + last.bytes.length < said.length) return false;
  return (
    ending === SYNC ||
    messages.some(({ type, bytes }) => type === 'C' && /COMMIT|ROLLBACK/.test(bytes.toString('latin1')))
  );
}

/** What was said of the statements of a flight; nothing, where a statement commits. */
function statementsOf(said: Buffer): Buffer {
  const kept = [...messagesIn(said)].filter(
    ({ type, bytes }) => !UNSAID.has(type) && !/COMMIT|ROLLBACK/.test(bytes.toString('latin1')),
  );
  return Buffer.concat(kept.map(({ bytes }) => bytes));
}

type Message = { readonly type: string; readonly start: number; readonly bytes: Buffer };

function* messagesIn(data: Buffer): Iterable<Message> {
  for (let start = 0; start + 5 <= data.length; ) {
    const end = start + 1 + data.readInt32BE(start + 1);
    yield { type: String.fromCharCode(data[start] ?? 0), start, bytes: data.subarray(start, end) };
    start = end;
  }
}

/** A simple query on the wire. */
function query(text: string): Buffer {
  return message('Q', Buffer.from(`${text}\0`));
}

/** An ErrorResponse (PostgreSQL manual, 54.8). */
function errorOf({ severity, sqlState }: { readonly severity: string; readonly sqlState: string }): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${sqlState}`, 'Mcould not fdatasync file: I/O error'];
  return message('E', Buffer.from(`${fields.join('\0')}\0\0`));
}

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}
