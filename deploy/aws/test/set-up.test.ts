import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SCRIPT = readFileSync(fileURLToPath(new URL('../host/set-up.sh', import.meta.url)), 'utf8');
const PLACES = ['/etc/florin', '/etc/systemd/system', '/usr/local/sbin', '/run/florin'];
const IMAGE = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/florin@sha256:${'ab'.repeat(32)}`;
const VARIABLES = {
  REGION: 'eu-central-1',
  IMAGE,
  DATABASE_SECRET: 'arn:database',
  DATA_KEY_SECRET: 'arn:data-key',
  TRUSTED_NETWORK: '10.42.0.0/16',
  VARIABLES: 'FLORIN_WORKERS=2\nLOG_LEVEL=info',
  LOG_GROUP: 'florin-log',
};
/** What a host has and this machine may not: each notes how it was called. */
const PROGRAMS = {
  curl: '',
  dnf: '',
  systemctl: '',
  // It reads the password to its end, as docker does: whoever writes to a pipe that nobody reads is ended.
  docker: 'case "$*" in *--password-stdin*) cat > /dev/null ;; esac',
  // The two secrets, as RDS and `florin data-key` make them.
  aws: `case "$*" in
    *arn:database*) echo '{"username":"florin_owner","password":"p-._~w","host":"db.example","port":5432,"dbname":"florin"}' ;;
    *arn:data-key*) echo AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ;;
    *get-login-password*) echo token ;;
  esac`,
};

const folder = mkdtempSync(path.join(tmpdir(), 'florin-host-'));
const place = (name: string): string => path.join(folder, name);

before(() => {
  for (const name of [...PLACES, '/bin']) mkdirSync(place(name), { recursive: true });
  for (const [name, body] of Object.entries(PROGRAMS)) {
    writeFileSync(
      place(`/bin/${name}`),
      `#!/usr/bin/env bash\necho "${name} $*" >> ${place('/calls')}\n${body}\n`,
    );
    chmodSync(place(`/bin/${name}`), 0o755);
  }
  run(here(SCRIPT), VARIABLES);
});

after(() => rmSync(folder, { recursive: true, force: true }));

/** The script with its places in our folder; what it says inside of the container stays. */
function here(script: string): string {
  return PLACES.reduce(
    (text, name) => text.replaceAll(new RegExp(`(?<![:=])${name}(?=[/ \\n])`, 'g'), place(name)),
    script,
  );
}

function run(script: string, variables: Readonly<Record<string, string>> = {}): void {
  const env = { PATH: `${place('/bin')}:${process.env.PATH}`, ...variables };
  execFileSync('bash', ['-euo', 'pipefail', '-c', script], { env, stdio: 'ignore' });
}

test('a host runs the image read-only, without rights, and logs to its group', () => {
  const unit = readFileSync(place('/etc/systemd/system/florin.service'), 'utf8');
  const command = /^ExecStart=((?:.*\\\n)*.*)$/m.exec(unit)?.[1]?.replaceAll(/\\\n\s*/g, '') ?? '';
  for (const part of [
    '--read-only',
    '--cap-drop ALL',
    '--security-opt no-new-privileges',
    '--publish 8080:8080',
  ]) {
    assert.ok(command.includes(` ${part} `), part);
  }
  assert.ok(command.includes('--log-opt awslogs-region=eu-central-1 --log-opt awslogs-group=florin-log'));
  assert.ok(command.endsWith(` ${IMAGE}`));
  const calls = readFileSync(place('/calls'), 'utf8');
  assert.match(calls, /systemctl enable --now florin\ncurl .*\/health\/ready\n$/);
  assert.match(
    calls,
    /^curl .*https:\/\/truststore\.pki\.rds\.amazonaws\.com\/eu-central-1\/eu-central-1-bundle\.pem$/m,
  );
});

const hasJq = spawnSync('jq', ['--version']).status === 0;

test('its secrets are fetched at every start, and nobody else on the host reads them', {
  skip: !hasJq && 'this machine has no jq, which a host installs',
}, () => {
  run(place('/usr/local/sbin/florin-environment'));
  const file = place('/run/florin/environment');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(
    readFileSync(file, 'utf8'),
    [
      'DATABASE_URL=postgres://florin_owner:p-._~w@db.example:5432/florin?sslmode=verify-full&sslrootcert=/etc/florin/rds-ca.pem',
      'FLORIN_DATA_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      'FLORIN_TRUST_PROXY=10.42.0.0/16',
      'FLORIN_WORKERS=2',
      'LOG_LEVEL=info',
      '',
    ].join('\n'),
  );
  const calls = readFileSync(place('/calls'), 'utf8');
  assert.match(
    calls,
    /^docker login --username AWS --password-stdin 123456789012\.dkr\.ecr\.eu-central-1\.amazonaws\.com$/m,
  );
  assert.ok(calls.endsWith(`docker pull --quiet ${IMAGE}\n`));
  assert.doesNotMatch(calls, /p-\._~w|AAAAAAA/, 'no secret is an argument, which all may read');
});
