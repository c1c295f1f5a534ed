import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseUrlError, requireDeliberate, urlOptions, withCaFile } from '#db/database-url.ts';
import type { RoleLimit } from '#features/authority/contract.ts';
import type { ExternalIssuer } from '#identity/tokens/contract.ts';
import {
  findNationalForm,
  isBankCode,
  plainBankCode,
  whyUnknown,
} from '#lib/account-numbers/account-numbers.ts';
import { isCountryCode } from '#lib/countries.ts';
import { DataKey, DataKeyError } from '#lib/data-key.ts';
import { isTimeZone, parseTimeOfDay, type TimeOfDay } from '#lib/time/dates.ts';
import { isUntampered } from '#lib/untampered-url.ts';
import type { TracingOptions } from '#watch/tracing.ts';
import { readTellerLimit } from './teller-limit.ts';
import type { VariableName } from './variables.ts';

/** A wrong variable: one line with its name and the values that it takes. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
const LOG_LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Everything the environment decides, read once at start. */
export type Config = {
  readonly port: number;
  readonly host: string;
  /** An external PostgreSQL, with the certificates it is known by; undefined runs the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Where the command line keeps its user's login. */
  readonly configDir: string;
  /** Where the command line asks for what the API does, and with which token; undefined looks for a database. */
  readonly server: string | undefined;
  readonly serverToken: string | undefined;
  /** The key that seals secrets; undefined uses the embedded server's own, and stops a start on an external one. */
  readonly dataKey: DataKey | undefined;
  /** The key that a rotation puts in its place. */
  readonly newDataKey: DataKey | undefined;
  /** An OpenID provider whose access tokens are accepted in place of our own. */
  readonly oidc: ExternalIssuer | undefined;
  /** The first administrator, where the book has no user yet. */
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  /** 0: a free one. */
  readonly embeddedPort: number;
  readonly demo: boolean;
  /** For each caller, in each process; undefined means no limit. */
  readonly rateLimit: { readonly perSecond: number; readonly burst: number } | undefined;
  /** The largest amount that a teller may move without a manager, in major units of any currency. */
  readonly tellerLimit: RoleLimit;
  /** Addresses and networks whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[];
  /** Origins whose pages may read our answers. */
  readonly corsOrigins: readonly string[];
  /** Processes that serve the API; one: this process itself. */
  readonly workers: number;
  /** How long a server that is asked to stop goes on answering, while its probe says that it is not ready. */
  readonly drainSeconds: number;
  /** When the server closes the day, in the book's time zone; undefined leaves it to others. */
  readonly endOfDay: TimeOfDay | undefined;
  /** Nothing can be changed by anyone: for maintenance. */
  readonly isReadOnly: boolean;
  /** The bearer token for /metrics; undefined allows only this machine. */
  readonly metricsToken: string | undefined;
  /** Where traces are sent; undefined makes none. */
  readonly tracing: TracingOptions | undefined;
  readonly logLevel: LogLevel;
  /** How to open book 1 where it does not exist; an existing book keeps its own values. */
  readonly book: {
    readonly name: string;
    readonly country: string;
    readonly bankCode: string;
    readonly timeZone: string;
  };
};

/** As many as the cores of one PostgreSQL; with a dozen connections each, more would only wait for it. */
const MAX_WORKERS = 64;

export type Environment = Readonly<Record<string, string | undefined>>;

type Read = (name: VariableName) => string | undefined;

/** Reads variables; an empty one counts as unset. Throws ConfigError for a wrong value. */
export function readConfig(environment: Environment): Config {
  const read: Read = (name) => environment[name] || undefined;
  return Object.freeze({
    port: readPort('PORT', read('PORT'), 8080),
    host: readHost(read('HOST')),
    databaseUrl: readDatabaseUrl(read),
    dataDir: resolve(read('FLORIN_DATA_DIR') ?? '.florin'),
    configDir: resolve(
      read('FLORIN_CONFIG_DIR') ?? join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'florin'),
    ),
    server: readServer(read('FLORIN_SERVER')),
    serverToken: read('FLORIN_TOKEN'),
    dataKey: readDataKey('FLORIN_DATA_KEY', read),
    newDataKey: readDataKey('FLORIN_NEW_DATA_KEY', read),
    oidc: readOidc(read),
    admin: readAdmin(read),
    embeddedPort: readPort('FLORIN_EMBEDDED_PORT', read('FLORIN_EMBEDDED_PORT'), 0),
    demo: readChoice('FLORIN_DEMO', read('FLORIN_DEMO') ?? 'on', ['on', 'off']) === 'on',
    rateLimit: readRateLimit(read('FLORIN_RATE_LIMIT') ?? '1000/2000'),
    tellerLimit: readTellerLimit(read, wrong),
    trustedProxies: readTrustedProxies(read('FLORIN_TRUST_PROXY')),
    corsOrigins: readCorsOrigins(read('FLORIN_CORS_ORIGINS')),
    workers: readWorkers(read('FLORIN_WORKERS')),
    drainSeconds: readDrainSeconds(read('FLORIN_DRAIN_SECONDS')),
    endOfDay: readEndOfDay(read('FLORIN_END_OF_DAY')),
    isReadOnly: readChoice('FLORIN_READ_ONLY', read('FLORIN_READ_ONLY') ?? 'off', ['on', 'off']) === 'on',
    metricsToken: readMetricsToken(read('FLORIN_METRICS_TOKEN')),
    tracing: readTracing(read),
    logLevel: readChoice('LOG_LEVEL', read('LOG_LEVEL') ?? 'info', LOG_LEVELS),
    book: readBook(read),
  });
}

function wrong(name: VariableName, takes: string, value: string): ConfigError {
  return new ConfigError(`${name} takes ${takes}, not ${JSON.stringify(value)}`);
}

function readPort(name: VariableName, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : -1;
  if (port < 0 || port > 65_535) throw wrong(name, 'a port from 0 to 65535', value);
  return port;
}

function readEndOfDay(value: string | undefined): TimeOfDay | undefined {
  if (value === undefined) return undefined;
  const time = parseTimeOfDay(value);
  if (time === undefined) throw wrong('FLORIN_END_OF_DAY', 'a time of day from 00:00 to 23:59', value);
  return time;
}

function readWorkers(value: string | undefined): number {
  if (value === undefined) return 1;
  const workers = /^\d{1,2}$/.test(value) ? Number(value) : 0;
  if (workers < 1 || workers > MAX_WORKERS) {
    throw wrong('FLORIN_WORKERS', `a number from 1 to ${MAX_WORKERS}`, value);
  }
  return workers;
}

/** Five minutes: a load balancer that probes once a minute has noticed by then. */
const MAX_DRAIN_SECONDS = 300;

function readDrainSeconds(value = '0'): number {
  const seconds = /^\d{1,3}$/.test(value) ? Number(value) : -1;
  if (seconds < 0 || seconds > MAX_DRAIN_SECONDS) {
    throw wrong('FLORIN_DRAIN_SECONDS', `seconds from 0 to ${MAX_DRAIN_SECONDS}`, value);
  }
  return seconds;
}

/** An IPv4 or IPv6 address, or a name of this machine (RFC 1123). */
function readHost(value = '127.0.0.1'): string {
  const isName = /^(?=.{1,253}$)[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/i.test(
    value,
  );
  // Numbers between dots that do not make an address are a typing error, not a name.
  if (isIP(value) === 0 && (!isName || /^[\d.]+$/.test(value))) {
    throw wrong('HOST', 'an address to listen on like 127.0.0.1, 0.0.0.0 or ::, or a host name', value);
  }
  return value;
}

/** Whether only this machine reaches a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** The command line sends a token there. */
function readServer(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.parse(value);
  if (url === null || url.href !== `${url.origin}/` || !isUntampered(url)) {
    throw wrong('FLORIN_SERVER', 'one like https://bank.example (or http on this machine)', value);
  }
  return url.origin;
}

/** The URL is never repeated: it may hold a password. */
function readDatabaseUrl(read: Read): string | undefined {
  const value = read('DATABASE_URL');
  const caFile = read('DATABASE_CA_FILE');
  if (value === undefined) {
    if (caFile !== undefined) throw new ConfigError('DATABASE_URL is needed with DATABASE_CA_FILE');
    return undefined;
  }
  try {
    const url = caFile === undefined ? value : withCaFile(value, resolve(caFile));
    requireDeliberate(url, isLoopback);
    urlOptions(url);
    return url;
  } catch (error) {
    if (!(error instanceof DatabaseUrlError)) throw error;
    throw new ConfigError(
      `${caFile === undefined ? '' : 'DATABASE_CA_FILE and '}DATABASE_URL ${error.message}`,
    );
  }
}

function readDataKey(name: VariableName, read: Read): DataKey | undefined {
  const value = read(name);
  if (value === undefined) return undefined;
  try {
    return DataKey.fromText(value);
  } catch (error) {
    if (!(error instanceof DataKeyError)) throw error;
    // The value may be a key with a typing error: it is not repeated.
    throw new ConfigError(`${name} takes 43 characters as \`florin data-key\` prints them`);
  }
}

/** Both or neither. Their values are checked where the user is created; a password is never repeated. */
function readAdmin(read: Read): Config['admin'] {
  const email = read('FLORIN_ADMIN_EMAIL');
  const password = read('FLORIN_ADMIN_PASSWORD');
  if (email === undefined && password === undefined) return undefined;
  if (email === undefined) throw new ConfigError('FLORIN_ADMIN_EMAIL is needed with FLORIN_ADMIN_PASSWORD');
  if (password === undefined)
    throw new ConfigError('FLORIN_ADMIN_PASSWORD is needed with FLORIN_ADMIN_EMAIL');
  return { email, password };
}

const OIDC_VARIABLES = {
  issuer: 'FLORIN_OIDC_ISSUER',
  audience: 'FLORIN_OIDC_AUDIENCE',
  jwksUrl: 'FLORIN_OIDC_JWKS_URL',
  roleClaim: 'FLORIN_OIDC_ROLE_CLAIM',
  customerClaim: 'FLORIN_OIDC_CUSTOMER_CLAIM',
} as const;

/** All of an external issuer, or nothing: half a configuration would let the wrong people in. */
function readOidc(read: Read): ExternalIssuer | undefined {
  const given = Object.values(OIDC_VARIABLES).filter((name) => read(name) !== undefined);
  if (given.length === 0) return undefined;
  const required = (name: VariableName): string => {
    const value = read(name);
    if (value === undefined) throw new ConfigError(`${name} is needed with ${given[0]}`);
    return value;
  };
  const jwksUrl = required(OIDC_VARIABLES.jwksUrl);
  if (!isKeySetUrl(jwksUrl)) {
    throw wrong(OIDC_VARIABLES.jwksUrl, 'an https URL (or http on this machine)', jwksUrl);
  }
  return {
    issuer: required(OIDC_VARIABLES.issuer),
    audience: required(OIDC_VARIABLES.audience),
    jwksUrl,
    roleClaim: required(OIDC_VARIABLES.roleClaim),
    customerClaim: required(OIDC_VARIABLES.customerClaim),
  };
}

function isKeySetUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.username === '' && isUntampered(url);
}

/** A caller with a good reason for more than 1000 requests a second has an agreement about it. */
function readRateLimit(value: string): Config['rateLimit'] {
  if (value === 'off') return undefined;
  const [, perSecond = '', burst = perSecond] = /^([1-9]\d{0,6})(?:\/([1-9]\d{0,6}))?$/.exec(value) ?? [];
  if (perSecond === '')
    throw wrong('FLORIN_RATE_LIMIT', 'requests a second and at once like 1000/2000, or off', value);
  return { perSecond: Number(perSecond), burst: Number(burst) };
}

/** Named one by one: trusting everybody would let every caller choose its own address. */
function readTrustedProxies(value: string | undefined): readonly string[] {
  const proxies = value?.split(',').map((proxy) => proxy.trim()) ?? [];
  for (const proxy of proxies) {
    const [address = '', bits, ...more] = proxy.split('/');
    const maxBits = isIP(address) === 6 ? 128 : 32;
    const isRange = bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= maxBits);
    if (isIP(address) === 0 || !isRange || more.length > 0) {
      throw wrong('FLORIN_TRUST_PROXY', 'addresses or networks like 10.0.0.0/8, between commas', proxy);
    }
  }
  return proxies;
}

/** Exactly as a browser writes it: any other spelling would let nobody in, and `*` everybody. */
function readCorsOrigins(value: string | undefined): readonly string[] {
  const origins = value?.split(',').map((origin) => origin.trim()) ?? [];
  for (const origin of origins) {
    const url = URL.parse(origin);
    // A host name with a star in it is one to the URL standard, and means nothing.
    if (url === null || url.origin !== origin || origin.includes('*') || !isUntampered(url)) {
      const takes = 'origins like https://desk.example (or http on this machine), between commas';
      throw wrong('FLORIN_CORS_ORIGINS', takes, origin);
    }
  }
  return origins;
}

function readChoice<Choice extends string>(
  name: VariableName,
  value: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((one) => one === value);
  if (choice === undefined) throw wrong(name, `one of ${choices.join(', ')}`, value);
  return choice;
}

/** As long as the output of `openssl rand -hex 16`, so that nobody can guess it. */
const MIN_METRICS_TOKEN_LENGTH = 32;

/** The value is a secret: it is not repeated. */
function readMetricsToken(value: string | undefined): string | undefined {
  if (value === undefined || new RegExp(`^[!-~]{${MIN_METRICS_TOKEN_LENGTH},255}$`).test(value)) return value;
  throw new ConfigError(
    `FLORIN_METRICS_TOKEN takes ${MIN_METRICS_TOKEN_LENGTH} to 255 visible ASCII characters, as of \`openssl rand -hex 32\``,
  );
}

function readTracing(read: Read): Config['tracing'] {
  const endpoint = read('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (endpoint === undefined) return undefined;
  const url = URL.parse(endpoint);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '') {
    throw wrong('OTEL_EXPORTER_OTLP_ENDPOINT', 'a URL like http://127.0.0.1:4318', endpoint);
  }
  const share = read('OTEL_TRACES_SAMPLER_ARG') ?? '1';
  if (!/^(0(\.\d{1,9})?|1(\.0{1,9})?)$/.test(share)) {
    throw wrong('OTEL_TRACES_SAMPLER_ARG', 'a share from 0 to 1, like 0.01', share);
  }
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    headers: readHeaders(read('OTEL_EXPORTER_OTLP_HEADERS')),
    serviceName: read('OTEL_SERVICE_NAME') ?? 'florin',
    sampledShare: Number(share),
  };
}

/** `name=value` between commas, the values percent-encoded where they need it. They are secrets, and not repeated. */
function readHeaders(value: string | undefined): Readonly<Record<string, string>> {
  const pairs =
    value?.split(',').map((pair) => /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*([ -~]+?)\s*$/.exec(pair)) ?? [];
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = '', text = ''] = pair ?? [];
      if (name === '' || /%(?![\da-f]{2})/i.test(text)) {
        throw new ConfigError('OTEL_EXPORTER_OTLP_HEADERS takes pairs like name=value, between commas');
      }
      return [name, decodeURIComponent(text)];
    }),
  );
}

function readBook(read: Read): Config['book'] {
  const name = read('FLORIN_BANK_NAME') ?? 'Florin Demo Bank';
  if (name.length > 200) throw wrong('FLORIN_BANK_NAME', 'at most 200 characters', name);
  const country = read('FLORIN_COUNTRY') ?? 'DE';
  if (!isCountryCode(country)) {
    throw wrong('FLORIN_COUNTRY', 'a country code like DE', country);
  }
  const bankCode = readBankCode(
    country,
    read('FLORIN_BANK_CODE') ?? (country === 'DE' ? '10010010' : undefined),
  );
  const timeZone = read('FLORIN_TIME_ZONE') ?? 'Europe/Berlin';
  if (!isTimeZone(timeZone)) throw wrong('FLORIN_TIME_ZONE', 'a time zone like Europe/Berlin', timeZone);
  return { name, country, bankCode, timeZone };
}

function readBankCode(country: string, text: string | undefined): string {
  const form = findNationalForm(country);
  if (form === undefined) {
    const name = new Intl.DisplayNames('en', { type: 'region' }).of(country) ?? country;
    throw new ConfigError(
      `FLORIN_COUNTRY takes a country whose account numbers Florin knows, not ${country} (${name}): ${whyUnknown(country)}`,
    );
  }
  const takes = `a ${form.bankCodeName} in ${country}, like ${form.bankCodeExample}`;
  if (text === undefined)
    throw new ConfigError(`FLORIN_BANK_CODE is needed with FLORIN_COUNTRY=${country}: ${takes}`);
  const bankCode = plainBankCode(text);
  if (!isBankCode(form, bankCode)) throw wrong('FLORIN_BANK_CODE', takes, text);
  return bankCode;
}
