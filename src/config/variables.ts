/** Every variable that Florin reads, from the environment or the file of FLORIN_CONFIG, with its meaning. */
export const VARIABLES = {
  FLORIN_CONFIG: 'a file of variables, one a line, like PORT=8080; the environment takes precedence',
  PORT: 'the port of the API',
  HOST: 'the address it listens on; the demo bank accepts only loopback',
  DATABASE_URL: 'an external PostgreSQL; without it the embedded one is used',
  DATABASE_CA_FILE: 'certificates (PEM) that verify the database; with it the connection is encrypted',
  FLORIN_DATA_DIR: 'where the embedded server keeps its data',
  FLORIN_EMBEDDED_PORT: 'the port of the embedded server; 0: any free port',
  FLORIN_DATA_KEY: 'the key that encrypts secrets; the embedded server generates its own',
  FLORIN_READ_ONLY: 'on: for maintenance, everything can be read and nothing changed',
  FLORIN_WORKERS: 'processes that serve the API, 1 to 64',
  FLORIN_DRAIN_SECONDS: 'how long a stopping server still answers while it reports that it is not ready',
  FLORIN_END_OF_DAY:
    "a time of day (HH:MM in the book's time zone) at which the server closes the business date",
  FLORIN_DEMO: 'on: demo data at the first start of the embedded server; off: an empty bank',
  FLORIN_BANK_NAME: 'the name of the bank, at its first start',
  FLORIN_COUNTRY: 'its country, at its first start; determines the form of its IBANs',
  FLORIN_BANK_CODE: 'its bank code, at its first start; part of its IBANs',
  FLORIN_TIME_ZONE: 'the time zone whose midnight ends its business date, at its first start',
  FLORIN_ADMIN_EMAIL: 'the first administrator of a bank without users',
  FLORIN_ADMIN_PASSWORD: 'their password',
  FLORIN_OIDC_ISSUER: 'an OpenID provider whose access tokens are accepted in place of our own',
  FLORIN_OIDC_AUDIENCE: 'the audience that its tokens must name',
  FLORIN_OIDC_JWKS_URL: 'the URL of its public keys',
  FLORIN_OIDC_ROLE_CLAIM: 'the claim that names the role',
  FLORIN_OIDC_CUSTOMER_CLAIM: 'the claim that names the customer',
  FLORIN_RATE_LIMIT: 'requests a second and in a burst, for each caller in each process; off: no limit',
  FLORIN_TELLER_LIMIT: 'the largest amount that a teller may move without a manager, in major units',
  FLORIN_TRUST_PROXY: 'addresses or networks of proxies whose X-Forwarded-For is trusted',
  FLORIN_CORS_ORIGINS: 'origins whose pages may read answers',
  FLORIN_METRICS_TOKEN: 'the bearer token for /metrics; without it only this machine may read them',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'where traces are sent (OTLP over HTTP); without it nothing is traced',
  OTEL_EXPORTER_OTLP_HEADERS: 'headers to send with traces, like api-key=…, separated by commas',
  OTEL_SERVICE_NAME: 'the name of the service in traces',
  OTEL_TRACES_SAMPLER_ARG: 'the share of requests to trace, 0 to 1, unless the caller decides',
  FLORIN_CONFIG_DIR: 'where the command line stores the login of its user',
  LOG_LEVEL: 'fatal, error, warn, info, debug, trace, silent',
} as const satisfies Readonly<Record<string, string>>;

export type VariableName = keyof typeof VARIABLES;

export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES);
