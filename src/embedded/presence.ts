import type { Client } from 'pg';
import { type Credentials, connectTo, PRESENCE_NAME } from './connection.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';

/** After a crash of one backend PostgreSQL ends all sessions and is back in about a second. */
const RECONNECT_DELAY_MS = 1_000;

/** A minute of trying: a server that is not back by then is not coming back, and needs no presence. */
const MAX_RECONNECTS = 60;

/**
 * One idle session that says "somebody uses this server", so that another process does not stop it on leaving while
 * this one's pool happens to hold no connection. It does not keep the process alive.
 */
export class Presence {
  readonly version: string;
  #credentials: Credentials;
  #client: Client;
  #pid: number;
  #isClosing = false;
  #reconnects = 0;

  private constructor(credentials: Credentials, client: Client, session: Session) {
    this.version = session.version;
    this.#credentials = credentials;
    this.#client = client;
    this.#pid = session.pid;
    this.#watch(client);
  }

  static async open(credentials: Credentials): Promise<Presence> {
    const { client, session } = await openSession(credentials);
    return new Presence(credentials, client, session);
  }

  /** Process id of the backend, to tell this presence from others. */
  get pid(): number {
    return this.#pid;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    // Otherwise a process with nothing else to do would end while it waits for this.
    if ('ref' in this.#client && typeof this.#client.ref === 'function') this.#client.ref();
    await this.#client.end();
  }

  #watch(client: Client): void {
    if ('unref' in client && typeof client.unref === 'function') client.unref();
    client.once('end', () => {
      if (!this.#isClosing) this.#reconnectLater();
    });
  }

  #reconnectLater(): void {
    if (this.#reconnects >= MAX_RECONNECTS) return;
    this.#reconnects += 1;
    setTimeout(() => void this.#reconnect(), RECONNECT_DELAY_MS).unref();
  }

  async #reconnect(): Promise<void> {
    if (this.#isClosing) return;
    try {
      const { client, session } = await openSession(this.#credentials);
      this.#client = client;
      this.#pid = session.pid;
      this.#reconnects = 0;
      this.#watch(client);
      if (this.#isClosing) await client.end();
    } catch {
      // Not back yet.
      this.#reconnectLater();
    }
  }
}

type Session = {
  readonly version: string;
  readonly pid: number;
};

async function openSession(credentials: Credentials): Promise<{ client: Client; session: Session }> {
  const client = await connectTo(credentials, PRESENCE_NAME);
  const { rows } = await client.query<Session>(
    "select current_setting('server_version') as version, pg_backend_pid() as pid",
  );
  const session = rows[0];
  if (!session) throw new EmbeddedPostgresError('PostgreSQL did not say which version it is');
  return { client, session };
}
