import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, readConfig } from '#config/config.ts';
import { effectiveConfig } from '#config/effective-config.ts';
import { loadConfig } from '#config/load-config.ts';
import { VARIABLE_NAMES } from '#config/variables.ts';
import { TEST_DATA_KEY_TEXT } from '#test/support/data-key.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'florin-config-'));
after(() => rmSync(folder, { recursive: true }));

function fileOf(text: string): string {
  const file = path.join(folder, 'florin.env');
  writeFileSync(file, text);
  return file;
}

test('what the environment does not say, the file does, and only then the defaults', () => {
  const file = fileOf(`# The bank of the harbour
PORT=9000
HOST="127.0.0.2"
export LOG_LEVEL='debug' # for a while
FLORIN_WORKERS=
`);
  const { config, originOf } = loadConfig({ FLORIN_CONFIG: file, PORT: '9001', HOST: '' });
  assert.deepEqual(
    [config.port, config.host, config.logLevel, config.workers],
    [9001, '127.0.0.2', 'debug', 1],
  );
  assert.deepEqual(['PORT', 'HOST', 'LOG_LEVEL', 'FLORIN_WORKERS', 'FLORIN_CONFIG'].map(originOf), [
    'environment',
    'file',
    'file',
    'default',
    'environment',
  ]);
});

test('a wrong value is refused by its name, wherever it is from', () => {
  const file = fileOf('PORT=none\n');
  assert.throws(() => loadConfig({ FLORIN_CONFIG: file }), /^ConfigError: PORT takes a port/);
  assert.equal(loadConfig({ FLORIN_CONFIG: file, PORT: '1' }).config.port, 1);
});

const BAD_FILES: readonly (readonly [string, string, RegExp])[] = [
  ['a name with a typing error', 'FLORIN_WORKER=2\n', /FLORIN_CONFIG takes no FLORIN_WORKER, which /],
  ['another file', 'FLORIN_CONFIG=other.env\n', /FLORIN_CONFIG takes no FLORIN_CONFIG, which /],
  ['a line that is none', 'PORT=1\nHOST 127.0.0.1\n', /lines like PORT=8080, unlike line 2 of /],
  ['JSON', '{"PORT": 1}\n', /unlike line 1 of /],
];
for (const [what, text, expected] of BAD_FILES) {
  test(`a file with ${what} is refused`, () => {
    assert.throws(
      () => loadConfig({ FLORIN_CONFIG: fileOf(text) }),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, expected);
        return true;
      },
    );
  });
}

test('a file that is not there is refused', () => {
  const missing = path.join(folder, 'missing.env');
  assert.throws(
    () => loadConfig({ FLORIN_CONFIG: missing }),
    /FLORIN_CONFIG takes a file that can be read, not .*missing\.env: there is no such file/,
  );
});

/** Told apart in what is shown, should one get there. */
const SECRETS = {
  FLORIN_DATA_KEY: TEST_DATA_KEY_TEXT,
  FLORIN_ADMIN_EMAIL: 'ada@example.com',
  FLORIN_ADMIN_PASSWORD: 'sesame-password',
  FLORIN_METRICS_TOKEN: 'sesame-metrics-token-of-32-characters',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/',
  OTEL_EXPORTER_OTLP_HEADERS: 'api-key=sesame-header, tenant=a%20b',
  DATABASE_URL: 'postgres://florin:sesame-url@127.0.0.1:5432/bank?sslpassword=sesame-key',
};

test('every variable is shown with what is in force, and no secret', () => {
  const shown = effectiveConfig(loadConfig({ ...SECRETS, PORT: '9000', FLORIN_END_OF_DAY: '06:05' }));
  assert.deepEqual(
    shown.map(({ name }) => name),
    VARIABLE_NAMES,
  );
  const values = Object.fromEntries(shown.map(({ name, value }) => [name, value]));
  assert.equal(values.PORT, '9000');
  assert.equal(values.FLORIN_END_OF_DAY, '06:05');
  assert.equal(values.FLORIN_RATE_LIMIT, '1000/2000');
  assert.equal(values.FLORIN_READ_ONLY, 'off');
  assert.equal(values.FLORIN_OIDC_ISSUER, null);
  assert.equal(values.FLORIN_DATA_KEY, '[hidden]');
  assert.equal(values.OTEL_EXPORTER_OTLP_HEADERS, '[hidden]');
  assert.equal(values.OTEL_EXPORTER_OTLP_ENDPOINT, 'http://127.0.0.1:4318');
  assert.equal(values.DATABASE_URL, 'postgres://florin:***@127.0.0.1:5432/bank?sslpassword=***');
  assert.doesNotMatch(JSON.stringify(shown), /sesame/);
  assert.equal(JSON.stringify(shown).includes(TEST_DATA_KEY_TEXT), false);
});

test('what is traced, and where to, is read as OpenTelemetry names it', () => {
  assert.deepEqual(readConfig(SECRETS).tracing, {
    endpoint: 'http://127.0.0.1:4318',
    headers: { 'api-key': 'sesame-header', tenant: 'a b' },
    serviceName: 'florin',
    sampledShare: 1,
  });
  assert.equal(readConfig({ OTEL_TRACES_SAMPLER_ARG: 'nonsense' }).tracing, undefined);
});

const WRONG: readonly (readonly [Record<string, string>, RegExp])[] = [
  [{ FLORIN_READ_ONLY: 'yes' }, /FLORIN_READ_ONLY takes one of on, off, not "yes"/],
  [{ FLORIN_WORKERS: '0' }, /FLORIN_WORKERS takes a number from 1 to 64, not "0"/],
  [{ FLORIN_WORKERS: '65' }, /FLORIN_WORKERS takes a number from 1 to 64, not "65"/],
  [{ PORT: '65536' }, /PORT takes a port from 0 to 65535, not "65536"/],
  [{ FLORIN_METRICS_TOKEN: 'sesame' }, /FLORIN_METRICS_TOKEN takes 32 to 255 visible ASCII characters/],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, /OTEL_EXPORTER_OTLP_ENDPOINT takes a URL like /],
  [
    { ...SECRETS, OTEL_EXPORTER_OTLP_HEADERS: 'sesame' },
    /OTEL_EXPORTER_OTLP_HEADERS takes pairs like name=value, between commas$/,
  ],
  [{ ...SECRETS, OTEL_TRACES_SAMPLER_ARG: '1.5' }, /OTEL_TRACES_SAMPLER_ARG takes a share from 0 to 1/],
];
for (const [environment, expected] of WRONG) {
  test(`it is one line that says ${expected.source.split(' takes')[0]} is wrong`, () => {
    assert.throws(
      () => readConfig(environment),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, expected);
        return true;
      },
    );
  });
}

test('an unknown name that begins with FLORIN_ is refused, with the nearest known one', () => {
  const refusals: readonly (readonly [string, RegExp])[] = [
    ['FLORIN_DEMOO', /^FLORIN_DEMOO is not a variable of Florin's; FLORIN_DEMO is one$/],
    ['FLORIN_DATADIR', /; FLORIN_DATA_DIR is one$/],
    ['FLORIN_WORKER', /; FLORIN_WORKERS is one$/],
    ['FLORIN_SOMETHING_ELSE_ALTOGETHER', /^FLORIN_SOMETHING_ELSE_ALTOGETHER is not a variable of Florin's$/],
  ];
  for (const [name, message] of refusals) {
    assert.throws(() => loadConfig({ [name]: 'off' }), { name: 'ConfigError', message });
    const file = fileOf(`${name}=off\n`);
    assert.throws(() => loadConfig({ FLORIN_CONFIG: file }), { name: 'ConfigError' });
  }
  assert.equal(loadConfig({ FLORIN_TEST_RUNS: '20', OTHERS: 'x' }).config.port, 8080);
});
