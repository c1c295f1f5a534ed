/** Every variable that Florin reads, from the environment or the file of FLORIN_CONFIG, and what it is about. */
export const VARIABLES = {
  FLORIN_CONFIG: 'a file with further variables, a line each like PORT=8080; the environment wins',
  PORT: 'the port of the API',
  HOST: 'the address it listens on; the demo bank takes loopback only',
  DATABASE_URL: 'an external PostgreSQL; without it the embedded one runs',
  DATABASE_CA_FILE:
    'the certificates (PEM) by which the database is known; with it the connection is encrypted',
  FLORIN_DATA_DIR: 'where the embedded server keeps its data',
  FLORIN_EMBEDDED_PORT: 'the port of the embedded server; 0: a free one',
  FLORIN_DATA_KEY: 'what secrets are encrypted with; the embedded server makes its own',
  FLORIN_READ_ONLY: 'on: for maintenance, everything can be read and nothing is changed',
  FLORIN_WORKERS: 'processes that serve the API, 1 to 64',
  FLORIN_DRAIN_SECONDS:
    'how long a server that is told to stop goes on answering, while it is not ready any more',
  FLORIN_END_OF_DAY: 'a time of day (HH:MM, of the book) at which the server closes the business date',
  FLORIN_DEMO: 'on: demo data at the first start of the embedded server; off: an empty bank',
  FLORIN_BANK_NAME: 'the name of the bank, at its first start',
  FLORIN_COUNTRY: 'its country, at its first start; gives its IBANs their form',
  FLORIN_BANK_CODE: 'its bank code, at its first start; a part of its IBANs',
  FLORIN_TIME_ZONE: 'the time zone whose midnight ends its business date, at its first start',
  FLORIN_ADMIN_EMAIL: 'the first administrator of a bank without users',
  FLORIN_ADMIN_PASSWORD: 'their password',
  FLORIN_OIDC_ISSUER: 'an OpenID provider whose access tokens are taken in place of our own',
  FLORIN_OIDC_AUDIENCE: 'whom its tokens must be for',
  FLORIN_OIDC_JWKS_URL: 'where its public keys are',
  FLORIN_OIDC_ROLE_CLAIM: 'the claim that names the role',
  FLORIN_OIDC_CUSTOMER_CLAIM: 'the claim that names the customer',
  FLORIN_RATE_LIMIT: 'requests a second and at once, of each caller in each process; off: no limit',
  FLORIN_TELLER_LIMIT: 'what a teller may move at once without a manager, in major units',
  FLORIN_TRUST_PROXY: 'addresses or networks of proxies whose X-Forwarded-For is believed',
  FLORIN_CORS_ORIGINS: 'origins whose pages may read answers',
  FLORIN_METRICS_TOKEN:
    'the bearer token that whoever reads /metrics must bring; without it this machine alone may',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'where traces are sent (OTLP over HTTP); without it none are made',
  OTEL_EXPORTER_OTLP_HEADERS: 'headers sent along, like api-key=…, between commas',
  OTEL_SERVICE_NAME: 'the name of the service in traces',
  OTEL_TRACES_SAMPLER_ARG: 'the share of requests that is traced, 0 to 1, where the caller does not decide',
  FLORIN_CONFIG_DIR: 'where the command line keeps the login of whoever runs it',
  LOG_LEVEL: 'fatal, error, warn, info, debug, trace, silent',
} as const satisfies Readonly<Record<string, string>>;

export type VariableName = keyof typeof VARIABLES;

export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES);
