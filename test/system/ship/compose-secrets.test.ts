import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'florin-secrets-'));
const secrets = join(folder, 'deploy', 'secrets');

after(() => rmSync(folder, { recursive: true, force: true }));

function run(file: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: process.env.PATH, HOME: folder, FLORIN_CONFIG: join(secrets, 'florin.env') };
  return spawnSync(process.execPath, [join(ROOT, file), ...args], { cwd: folder, env, encoding: 'utf8' });
}

test('secrets for compose are made once, for their owner’s eyes, and Florin takes them', () => {
  mkdirSync(join(folder, 'deploy'));
  const made = run('scripts/make-compose-secrets.ts');
  assert.equal(made.status, 0, made.stderr);
  assert.deepEqual(readdirSync(join(folder, 'deploy')), ['secrets'], 'nothing half done is left');
  assert.equal(statSync(secrets).mode & 0o777, 0o700);
  const read = (name: string): string => readFileSync(join(secrets, name), 'utf8');
  const settings = read('florin.env');
  assert.ok(settings.includes(`:${read('owner-password')}@postgres:5432/florin?`));
  assert.ok(settings.includes(`FLORIN_METRICS_TOKEN=${read('metrics-token')}\n`));
  for (const name of ['postgres-password', 'owner-password', 'grafana-password', 'metrics-token']) {
    assert.match(read(name), /^[\w-]{32}$/, name);
    assert.ok(!made.stdout.includes(read(name)), 'and none is shown');
  }

  const config = run('bin/florin.mjs', 'config', '--json');
  assert.equal(config.status, 0, config.stderr);

  const again = run('scripts/make-compose-secrets.ts');
  assert.equal(again.status, 1);
  assert.equal(read('florin.env'), settings);
});
