import { type Currency, currencyDecimals } from '#lib/money/currencies.ts';
import type { Config } from './config.ts';
import type { LoadedConfig, Origin } from './load-config.ts';
import type { VariableName } from './variables.ts';

/** A variable in force: `value` is null where it is not set, and `[hidden]` for a secret. */
export type EffectiveVariable = {
  readonly name: string;
  readonly value: string | null;
  readonly from: Origin;
};

const HIDDEN = '[hidden]';

/** Values are shown from the configuration in use, not from the text that was given. */
const SHOWN: Readonly<
  Record<Exclude<VariableName, 'FLORIN_CONFIG'>, (config: Config) => string | undefined>
> = {
  PORT: ({ port }) => String(port),
  HOST: ({ host }) => host,
  DATABASE_URL: ({ databaseUrl }) => withoutSecrets(databaseUrl),
  DATABASE_CA_FILE: ({ databaseUrl }) => caFileOf(databaseUrl),
  FLORIN_DATA_DIR: ({ dataDir }) => dataDir,
  FLORIN_EMBEDDED_PORT: ({ embeddedPort }) => String(embeddedPort),
  FLORIN_DATA_KEY: ({ dataKey }) => dataKey && HIDDEN,
  FLORIN_NEW_DATA_KEY: ({ newDataKey }) => newDataKey && HIDDEN,
  FLORIN_READ_ONLY: ({ isReadOnly }) => onOff(isReadOnly),
  FLORIN_WORKERS: ({ workers }) => String(workers),
  FLORIN_DRAIN_SECONDS: ({ drainSeconds }) => String(drainSeconds),
  FLORIN_END_OF_DAY: ({ endOfDay }) => endOfDay && `${pad(endOfDay.hour)}:${pad(endOfDay.minute)}`,
  FLORIN_DEMO: ({ demo }) => onOff(demo),
  FLORIN_BANK_NAME: ({ book }) => book.name,
  FLORIN_COUNTRY: ({ book }) => book.country,
  FLORIN_BANK_CODE: ({ book }) => book.bankCode,
  FLORIN_TIME_ZONE: ({ book }) => book.timeZone,
  FLORIN_ADMIN_EMAIL: ({ admin }) => admin?.email,
  FLORIN_ADMIN_PASSWORD: ({ admin }) => admin && HIDDEN,
  FLORIN_OIDC_ISSUER: ({ oidc }) => oidc?.issuer,
  FLORIN_OIDC_AUDIENCE: ({ oidc }) => oidc?.audience,
  FLORIN_OIDC_JWKS_URL: ({ oidc }) => oidc?.jwksUrl,
  FLORIN_OIDC_ROLE_CLAIM: ({ oidc }) => oidc?.roleClaim,
  FLORIN_OIDC_CUSTOMER_CLAIM: ({ oidc }) => oidc?.customerClaim,
  FLORIN_RATE_LIMIT: ({ rateLimit }) => (rateLimit ? `${rateLimit.perSecond}/${rateLimit.burst}` : 'off'),
  FLORIN_TELLER_LIMIT: ({ tellerLimit: { perTransactionMinor, currency } }) =>
    `${wholeUnits(perTransactionMinor, currency)} ${currency}`,
  FLORIN_TELLER_DAY_LIMIT: ({ tellerLimit: { perDayMinor, currency } }) => wholeUnits(perDayMinor, currency),
  FLORIN_TRUST_PROXY: ({ trustedProxies }) => listed(trustedProxies),
  FLORIN_CORS_ORIGINS: ({ corsOrigins }) => listed(corsOrigins),
  FLORIN_METRICS_TOKEN: ({ metricsToken }) => metricsToken && HIDDEN,
  OTEL_EXPORTER_OTLP_ENDPOINT: ({ tracing }) => tracing?.endpoint,
  OTEL_EXPORTER_OTLP_HEADERS: ({ tracing }) => listed(Object.keys(tracing?.headers ?? {})) && HIDDEN,
  OTEL_SERVICE_NAME: ({ tracing }) => tracing?.serviceName,
  OTEL_TRACES_SAMPLER_ARG: ({ tracing }) => tracing && String(tracing.sampledShare),
  FLORIN_CONFIG_DIR: ({ configDir }) => configDir,
  FLORIN_SERVER: ({ server }) => server,
  FLORIN_TOKEN: ({ serverToken }) => serverToken && HIDDEN,
  LOG_LEVEL: ({ logLevel }) => logLevel,
};

/** Every variable with the value in force and its source; secrets are hidden. */
export function effectiveConfig({ config, originOf, file }: LoadedConfig): EffectiveVariable[] {
  const variables = Object.entries(SHOWN).map(([name, shown]) => ({
    name,
    value: shown(config) ?? null,
    from: originOf(name),
  }));
  return [{ name: 'FLORIN_CONFIG', value: file ?? null, from: originOf('FLORIN_CONFIG') }, ...variables];
}

/** In place of a password within a URL, where brackets would be escaped. */
const STARS = '***';
/** Parameters of a URL of PostgreSQL that are secrets. */
const SECRET_PARAMETERS = ['password', 'sslpassword'];

function withoutSecrets(databaseUrl: string | undefined): string | undefined {
  if (databaseUrl === undefined) return undefined;
  const url = new URL(databaseUrl);
  if (url.password !== '') url.password = STARS;
  for (const name of SECRET_PARAMETERS) if (url.searchParams.has(name)) url.searchParams.set(name, STARS);
  return url.href;
}

function caFileOf(databaseUrl: string | undefined): string | undefined {
  return databaseUrl === undefined
    ? undefined
    : (new URL(databaseUrl).searchParams.get('sslrootcert') ?? undefined);
}

function onOff(isOn: boolean): string {
  return isOn ? 'on' : 'off';
}

function listed(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(',');
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

/** An amount of whole major units. */
function wholeUnits(minor: bigint | undefined, currency: Currency): string | undefined {
  return minor === undefined ? undefined : String(minor / 10n ** BigInt(currencyDecimals(currency)));
}
