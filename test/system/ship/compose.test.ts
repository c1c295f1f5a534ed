import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

type Service = {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
};
type Compose = {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, null>>;
};

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const compose: Compose = parse(readFileSync(`${ROOT}compose.yaml`, 'utf8'), { merge: true });
const services = Object.entries(compose.services);

test('the bank and its database start by themselves, what watches them on demand', () => {
  const profiles = services.map(([name, { profiles = [] }]) => `${name}: ${profiles.join() || 'always'}`);
  assert.deepEqual(profiles, [
    'florin: always',
    'postgres: always',
    'prometheus: metrics',
    'grafana: metrics',
    'otel-collector: traces',
  ]);
  assert.deepEqual(compose.services.florin?.depends_on, { postgres: { condition: 'service_healthy' } });
});

test('images cannot become others; that of the bank is built here or named', () => {
  for (const [name, { image }] of services) {
    if (name === 'florin') assert.equal(image, `\${FLORIN_IMAGE:-florin:local}`);
    else assert.match(image, /^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?@sha256:[0-9a-f]{64}$/, name);
  }
  assert.match(compose.services.postgres?.image ?? '', /^postgres:18\./);
});

test('nothing listens outside of the machine', () => {
  for (const [name, { ports = [] }] of services) {
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, name);
  }
});

test('services are confined; all but the database, which prepares its volume as root, cannot write', () => {
  for (const [name, service] of services) {
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    if (name === 'postgres') continue;
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
  }
});

test('passwords come as files, and no service is given one that is not there', () => {
  for (const [name, { environment = {}, secrets = [] }] of services) {
    for (const secret of secrets) assert.ok(secret in compose.secrets, `${name}: ${secret}`);
    for (const [variable, value] of Object.entries(environment)) {
      if (/PASSWORD|KEY|TOKEN|DATABASE_URL|CONFIG$/.test(variable)) {
        assert.match(value, /^\/run\/secrets\//, `${name}: ${variable}`);
        assert.ok(secrets.includes(value.slice('/run/secrets/'.length)), `${name}: ${variable}`);
      }
    }
  }
});

test('secrets are made by a script, and kept out of git and of the image', () => {
  const script = readFileSync(`${ROOT}scripts/make-compose-secrets.ts`, 'utf8');
  for (const { file } of Object.values(compose.secrets)) {
    const [, name = ''] = /^deploy\/secrets\/([a-z.-]+)$/.exec(file) ?? [];
    assert.ok(script.includes(`'${name}':`), file);
  }
  assert.match(readFileSync(`${ROOT}.gitignore`, 'utf8'), /^deploy\/secrets\*\/$/m);
});

test('the files that services are given are in the repository', () => {
  for (const [name, { volumes = [] }] of services) {
    for (const [source = '', ...to] of volumes.map((one) => one.split(':'))) {
      if (!source.startsWith('./')) assert.ok(source in compose.volumes, `${name}: ${source}`);
      else assert.ok(existsSync(ROOT + source) && to[1] === 'ro', `${name}: ${source}`);
    }
  }
});
