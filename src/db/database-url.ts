import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { fileProblem } from '#lib/file-problem.ts';

/** A database URL that cannot be used: one line, without the URL, which may hold a password. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}

/** The driver's settings: the URL without its TLS parameters, and those as options. */
export type UrlOptions = { readonly connectionString: string; readonly ssl: false | ConnectionOptions };

/**
 * Values of `sslmode`. `require` checks the server as `verify-full` does: encryption without that hides nothing from a
 * man in the middle. Not accepted: `allow` and `prefer`, which go on in clear where the server has no TLS, and the
 * driver's own `no-verify`.
 */
const MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof MODES)[number];

/** Parameters of libpq that say how a connection is encrypted. */
const TLS_PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'];
/**
 * Parameters that would override the settings made here: the meaning of `sslmode`, and the role and book of the
 * connection.
 */
const REFUSED_PARAMETERS = ['ssl', 'uselibpqcompat', 'options'];

/**
 * How to connect. The driver never reads `sslmode` itself: its next version gives it another meaning, and it would drop
 * our certificates for those of the URL and look at PGSSLMODE when there is none. Throws DatabaseUrlError.
 */
export function urlOptions(databaseUrl: string): UrlOptions {
  const url = parse(databaseUrl);
  const { searchParams } = url;
  const refused = REFUSED_PARAMETERS.find((name) => searchParams.has(name));
  if (refused !== undefined) throw new DatabaseUrlError(`takes no ${refused}; sslmode says how to encrypt`);
  if (!TLS_PARAMETERS.some((name) => searchParams.has(name)))
    return { connectionString: databaseUrl, ssl: false };
  const ssl = tlsOptions(searchParams);
  for (const name of TLS_PARAMETERS) searchParams.delete(name);
  return { connectionString: url.href, ssl };
}

/**
 * The URL with the certificates of a file (absolute path), by which the server is verified; `verify-full` unless the
 * URL says otherwise. Throws DatabaseUrlError.
 */
export function withCaFile(databaseUrl: string, file: string): string {
  const url = parse(databaseUrl);
  const { searchParams } = url;
  if (searchParams.get('sslmode') === 'disable') throw new DatabaseUrlError('says sslmode=disable');
  const other = searchParams.get('sslrootcert') ?? file;
  if (other !== file) throw new DatabaseUrlError('names another file as sslrootcert');
  searchParams.set('sslrootcert', file);
  if (!searchParams.has('sslmode')) searchParams.set('sslmode', 'verify-full');
  return url.href;
}

/** Throws DatabaseUrlError for a connection that would leave this machine unencrypted without an explicit setting. */
export function requireDeliberate(databaseUrl: string, isLoopback: (host: string) => boolean): void {
  const { hostname, searchParams } = parse(databaseUrl);
  const host = searchParams.get('host') ?? hostname.replace(/^\[(.*)\]$/, '$1');
  const isLocal = host === '' || host.startsWith('/') || isLoopback(host);
  if (isLocal || TLS_PARAMETERS.some((name) => searchParams.has(name))) return;
  throw new DatabaseUrlError(
    'leaves this machine and does not say how: sslmode=verify-full (and DATABASE_CA_FILE) encrypts, sslmode=disable does not',
  );
}

function parse(databaseUrl: string): URL {
  const url = URL.parse(databaseUrl);
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new DatabaseUrlError('takes a URL like postgres://user:password@host:5432/database');
  }
  return url;
}

function tlsOptions(parameters: URLSearchParams): UrlOptions['ssl'] {
  const mode = readMode(parameters.get('sslmode') ?? 'verify-full');
  if (mode === 'disable') return false;
  const [caFile, certFile, keyFile] = ['sslrootcert', 'sslcert', 'sslkey'].map((name) =>
    parameters.get(name),
  );
  if (mode === 'verify-ca' && !caFile) {
    throw new DatabaseUrlError('says sslmode=verify-ca, which needs sslrootcert (or DATABASE_CA_FILE)');
  }
  return {
    rejectUnauthorized: true,
    ...(caFile ? { ca: readCertificates(caFile) } : {}),
    ...(certFile ? { cert: readFile(certFile) } : {}),
    ...(keyFile ? { key: readFile(keyFile) } : {}),
    // Any server with a certificate of one of the authorities, whatever its name.
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
}

function readMode(text: string): Mode {
  const mode = MODES.find((one) => one === text);
  if (mode === undefined) throw new DatabaseUrlError(`takes sslmode as one of ${MODES.join(', ')}`);
  return mode;
}

function readCertificates(file: string): string {
  const pem = readFile(file);
  try {
    new X509Certificate(pem);
  } catch (cause) {
    throw new DatabaseUrlError(`needs certificates, which ${file} does not hold`, { cause });
  }
  return pem;
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = fileProblem(cause) ?? 'unreadable';
    throw new DatabaseUrlError(`needs ${file}, which cannot be read: ${reason}`, { cause });
  }
}
