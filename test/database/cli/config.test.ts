import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { assertRefused, runFlorin } from './florin.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'florin-config-'));
after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'florin.env');
writeFileSync(file, 'PORT=9000\nFLORIN_METRICS_TOKEN=sesame-metrics-token-of-32-characters\n');

test('config shows what is in force and from where, and asks no database', async () => {
  const DATABASE_URL = 'postgres://u:sesame@127.0.0.1:1/none';
  const { exitCode, stdout, stderr } = await runFlorin(['config'], { FLORIN_CONFIG: file, DATABASE_URL });
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^ *PORT +9000 +file *$/m);
  assert.match(stdout, /^ *DATABASE_URL +postgres:\/\/u:\*\*\*@127\.0\.0\.1:1\/none +environment *$/m);
  assert.match(stdout, /^ *FLORIN_METRICS_TOKEN +\[hidden\] +file *$/m);
  assert.match(stdout, /^ *FLORIN_OIDC_ISSUER +- +default *$/m);
  assert.doesNotMatch(stdout, /sesame/);
});

test('a configuration that is wrong is one line, for every command', async () => {
  const result = await runFlorin(['config', '--json'], { FLORIN_CONFIG: file, PORT: 'none' });
  assertRefused(result, 1, /^florin: PORT takes a port from 0 to 65535, not "none" \(configuration\)$/m);
});
