import { Client, DatabaseError } from 'pg';
import { SUPERUSER_ROLE } from './cluster.ts';
import { EmbeddedPostgresError, errorCodeOf, toEmbeddedError } from './embedded-error.ts';
import { LOOPBACK } from './ports.ts';

/** Name in pg_stat_activity of each process that uses the server, for as long as it does. */
export const PRESENCE_NAME = 'florin presence';

/** A connection on this machine takes 10 ms; only a stopped process or a stuck disk makes it longer. */
const CONNECT_TIMEOUT_MS = 10_000;

export type Credentials = {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
};

/** Connects for this module's own needs. Losing the connection later is not an error of the process. */
export async function connectTo(credentials: Credentials, applicationName: string): Promise<Client> {
  const client = new Client({
    ...credentials,
    host: LOOPBACK,
    ssl: false,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw explainRefusal(error, credentials.port);
  }
}

function explainRefusal(error: unknown, port: number): EmbeddedPostgresError {
  // invalid_password, invalid_authorization_specification, and a database that is not ours
  if (error instanceof DatabaseError && ['28P01', '28000', '3D000'].includes(error.code ?? '')) {
    return new EmbeddedPostgresError(
      `The PostgreSQL on port ${port} does not accept the passwords in postgres.secrets.json`,
      { cause: error },
    );
  }
  return toEmbeddedError(error, `Cannot connect to PostgreSQL on port ${port}`);
}

/** The state of the server after a failed connection: gone, about to be back, or neither. */
export function serverAbsence(error: unknown): 'gone' | 'restarting' | undefined {
  const code = errorCodeOf(error instanceof EmbeddedPostgresError ? error.cause : error);
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'gone';
  // cannot_connect_now and admin_shutdown, crash_shutdown
  return code === '57P03' || code === '57P01' || code === '57P02' ? 'restarting' : undefined;
}

/** Sessions of a server other than this process's own presence and the one that counts. */
export type OtherSessions = {
  /** Other processes that opened the embedded server and have not closed it. */
  readonly presences: number;
  /** Any other client: connections of a pool on their way out, a psql. */
  readonly clients: number;
};

/** Counts who else uses the server. As superuser: it sees all sessions, and gets in when all slots are taken. */
export async function countOtherSessions(superuser: Client, ownPresencePid: number): Promise<OtherSessions> {
  const { rows } = await superuser.query<{ presences: number; clients: number }>(
    `select (count(*) filter (where application_name = $2))::int as presences,
            (count(*) filter (where application_name <> $2))::int as clients
     from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid() and pid <> $1`,
    [ownPresencePid, PRESENCE_NAME],
  );
  return rows[0] ?? { presences: 0, clients: 0 };
}

export function superuserCredentials(port: number, password: string): Credentials {
  return { port, user: SUPERUSER_ROLE, password, database: 'postgres' };
}
