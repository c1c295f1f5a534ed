import { isIP } from 'node:net';
import { resolve } from 'node:path';
import countries from 'i18n-iso-countries';
import { isTimeZone } from '#lib/dates.ts';
import { firstAccountNumber } from '#lib/iban.ts';

/** A wrong variable: one line that names it and says what it takes. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
const LOG_LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Everything the environment decides, read once at start. */
export type Config = {
  readonly port: number;
  readonly host: string;
  /** An external PostgreSQL; undefined runs the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** 0: a free one. */
  readonly embeddedPort: number;
  readonly demo: boolean;
  /** Processes that serve the API; one: this process itself. */
  readonly workers: number;
  readonly logLevel: LogLevel;
  /** How book 1 is opened when it is not there; an existing book keeps its own. */
  readonly book: {
    readonly name: string;
    readonly country: string;
    readonly bankCode: string;
    readonly timeZone: string;
  };
};

/** As many cores as one PostgreSQL is run on; with a dozen connections each, more would only wait for it. */
const MAX_WORKERS = 64;

/** As the table account_numbers begins; the bank code must give such numbers an IBAN. */
const FIRST_ACCOUNT_NUMBER = 1_000_000_001n;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment; an empty variable counts as unset. Throws ConfigError for a value that is wrong. */
export function readConfig(environment: Environment): Config {
  const read = (name: string): string | undefined => environment[name] || undefined;
  return Object.freeze({
    port: readPort('PORT', read('PORT'), 8080),
    host: readHost(read('HOST')),
    databaseUrl: readDatabaseUrl(read('DATABASE_URL')),
    dataDir: resolve(read('FLORIN_DATA_DIR') ?? '.florin'),
    embeddedPort: readPort('FLORIN_EMBEDDED_PORT', read('FLORIN_EMBEDDED_PORT'), 0),
    demo: readChoice('FLORIN_DEMO', read('FLORIN_DEMO') ?? 'on', ['on', 'off']) === 'on',
    workers: readWorkers(read('FLORIN_WORKERS')),
    logLevel: readChoice('LOG_LEVEL', read('LOG_LEVEL') ?? 'info', LOG_LEVELS),
    book: readBook(read),
  });
}

function wrong(name: string, takes: string, value: string): ConfigError {
  return new ConfigError(`${name} takes ${takes}, not ${JSON.stringify(value)}`);
}

function readPort(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : -1;
  if (port < 0 || port > 65_535) throw wrong(name, 'a port from 0 to 65535', value);
  return port;
}

function readWorkers(value: string | undefined): number {
  if (value === undefined) return 1;
  const workers = /^\d{1,2}$/.test(value) ? Number(value) : 0;
  if (workers < 1 || workers > MAX_WORKERS) {
    throw wrong('FLORIN_WORKERS', `a number from 1 to ${MAX_WORKERS}`, value);
  }
  return workers;
}

/** Until access control is built, whoever reaches the port is the bank: only this machine may. */
function readHost(value: string | undefined): string {
  const host = value ?? '127.0.0.1';
  const loopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  if (!loopback) throw wrong('HOST', 'a loopback address until access control is built', host);
  return host;
}

function readDatabaseUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const protocol = URL.parse(value)?.protocol;
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
    // The value may hold a password: it is not repeated.
    throw new ConfigError('DATABASE_URL takes a URL like postgres://user:password@host:5432/database');
  }
  return value;
}

function readChoice<Choice extends string>(name: string, value: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((one) => one === value);
  if (choice === undefined) throw wrong(name, `one of ${choices.join(', ')}`, value);
  return choice;
}

function readBook(read: (name: string) => string | undefined): Config['book'] {
  const name = read('FLORIN_BANK_NAME') ?? 'Florin Demo Bank';
  if (name.length > 200) throw wrong('FLORIN_BANK_NAME', 'at most 200 characters', name);
  const country = read('FLORIN_COUNTRY') ?? 'DE';
  if (!/^[A-Z]{2}$/.test(country) || !countries.isValid(country)) {
    throw wrong('FLORIN_COUNTRY', 'a country code like DE', country);
  }
  const bankCode = read('FLORIN_BANK_CODE') ?? (country === 'DE' ? '10010010' : '');
  if (firstAccountNumber(country, bankCode, FIRST_ACCOUNT_NUMBER) === undefined) {
    throw wrong('FLORIN_BANK_CODE', `a bank code that gives a valid IBAN in ${country}`, bankCode);
  }
  const timeZone = read('FLORIN_TIME_ZONE') ?? 'Europe/Berlin';
  if (!isTimeZone(timeZone)) throw wrong('FLORIN_TIME_ZONE', 'a time zone like Europe/Berlin', timeZone);
  return { name, country, bankCode, timeZone };
}
