import type { FastifyServerOptions } from 'fastify';

type Logger = Exclude<FastifyServerOptions['logger'], undefined | true>;

/** Names under which a secret could stand in something logged, at the top of it or one or two levels down. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'password',
  'newPassword',
  'oldPassword',
  'nationalId',
  'national_id',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'otp',
  'otpauthUri',
  'recoveryCode',
  'recoveryCodes',
  'dataKey',
  'databaseUrl',
  'connectionString',
];

const PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.headers.${name}`]);

/** Errors caused by errors: deeper ones say nothing new. */
const MAX_CAUSES = 5;

/**
 * The log's options, made to keep secrets out: an error is logged by what kind it is and where it came from, and
 * never with the values that the database puts beside it (`Failing row contains (…)`); what carries a secret's
 * name is struck out.
 */
export function withoutSecrets(logger: Logger): Logger {
  if (logger === false) return false;
  return {
    ...logger,
    redact: { paths: [...new Set(PATHS)], censor: '[redacted]' },
    serializers: { ...logger.serializers, err: (error: unknown) => describeError(error, MAX_CAUSES) },
  };
}

type LoggedError = { [name: string]: unknown; type: string; message: string; stack: string };

/** What PostgreSQL's errors say that holds no data: names of the schema and of its own source. */
const SAFE_FIELDS = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine', 'syscall'];

function describeError(error: unknown, depth: number): LoggedError {
  // fastify's types ask for these three.
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error', stack: '' };
  const fields = SAFE_FIELDS.flatMap((name) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const cause =
    error.cause === undefined || depth === 0 ? {} : { cause: describeError(error.cause, depth - 1) };
  return {
    type: error.name,
    message: withoutQuoted(error.message),
    stack: withoutQuoted(error.stack ?? ''),
    ...Object.fromEntries(fields),
    ...cause,
  };
}

/** PostgreSQL quotes what it was given: `invalid input syntax for type uuid: "…"`. Names of tables stay. */
function withoutQuoted(text: string): string {
  return text.replaceAll(
    /(invalid input [^:\n]*|malformed [^:\n]*|out of range[^:\n]*): "[^\n]*"/g,
    '$1: "…"',
  );
}
