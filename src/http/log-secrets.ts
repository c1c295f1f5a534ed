import type { FastifyServerOptions } from 'fastify';

type Logger = Exclude<FastifyServerOptions['logger'], undefined | true>;

/** Names of fields that could hold a secret in a logged object, at any depth. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'newPassword',
  'oldPassword',
  'nationalId',
  'national_id',
  'token',
  'accessToken',
  'refreshToken',
  'deviceToken',
  'secret',
  'otp',
  'otpauthUri',
  'recoveryCode',
  'recoveryCodes',
  'dataKey',
  'newDataKey',
  'databaseUrl',
  'connectionString',
]);

const CENSOR = '[redacted]';
/** Deeper than anything logged on purpose, and a bound on objects that refer to themselves. */
const MAX_DEPTH = 8;
/** Errors caused by errors: deeper ones say nothing new. */
const MAX_CAUSES = 5;

/**
 * The log's options, made to keep secrets out. An error is logged by its kind and origin, never with the values that
 * the database puts beside it (`Failing row contains (…)`). Fields with the name of a secret are struck out. Not by
 * pino's `redact`: with paths that begin with a wildcard it took 13 µs and 23 kB of every request, whether or not a
 * line was written for it.
 */
export function withoutSecrets(logger: Logger): Logger {
  if (logger === false) return false;
  return {
    ...logger,
    // Not for `child`: pino calls no formatter for its names, and we make only those of the requests.
    formatters: { log: (line) => strikeFields(line, MAX_DEPTH) },
    serializers: { ...logger.serializers, err: (error: unknown) => describeError(error, MAX_CAUSES) },
  };
}

function strikeFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      SECRET_NAMES.has(name) ? CENSOR : strikeValue(value, depth - 1),
    ]),
  );
}

/** Errors are left to the serializer, and objects with a `toJSON` to that. */
function strikeValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || 'toJSON' in value)
    return value;
  if (depth === 0) return '[…]';
  if (Array.isArray(value)) return value.map((item) => strikeValue(item, depth - 1));
  return strikeFields(value, depth);
}

type LoggedError = { [name: string]: unknown; type: string; message: string; stack: string };

/** The fields of PostgreSQL's errors that hold no data: names of the schema and of its own source. */
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
