import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '#config/config.ts';
import { openFlorin, runFlorin } from './florin.ts';

const florin = await openFlorin();

test('users are created, listed and disabled', async () => {
  const make = (role: string, password: string) => createUser(role, password);
  const short = await make('teller', 'short\n');
  assert.equal(short.exitCode, 1);
  assert.match(short.stderr, /^florin: password: must have at least 15 characters \(validation_failed\)/);
  const made = await make('teller', 'violet anchors drift slowly\n');
  assert.equal(made.exitCode, 0, made.stderr);
  const user = JSON.parse(made.stdout) as { id: string; email: string };
  assert.equal(user.email, 'grace@florin.example');
  const listed = await florin.json('users', 'list');
  assert.deepEqual(listed, { data: [user], nextCursor: null });
  const disabled = await florin.json('users', 'disable', user.id);
  assert.equal(disabled.status, 'disabled');
  const bare = await florin.run(
    'users',
    'create',
    '--email',
    'a@b.example',
    '--name',
    'A',
    '--role',
    'teller',
  );
  assert.equal(bare.exitCode, 2);
  assert.match(bare.stderr, /--password-stdin/);
});

test('the first administrator of the environment needs both variables', () => {
  const both = { FLORIN_ADMIN_EMAIL: 'a@b.example', FLORIN_ADMIN_PASSWORD: 'violet anchors' };
  assert.deepEqual(readConfig(both).admin, { email: 'a@b.example', password: 'violet anchors' });
  assert.equal(readConfig({}).admin, undefined);
  for (const name of ['FLORIN_ADMIN_EMAIL', 'FLORIN_ADMIN_PASSWORD'] as const) {
    assert.throws(() => readConfig({ [name]: both[name] }), /^ConfigError: FLORIN_ADMIN_\w+ is needed with/);
  }
});

function createUser(role: string, password: string) {
  const args = ['users', 'create', '--email', 'Grace@florin.example', '--name', 'Grace', '--role', role];
  const env = { DATABASE_URL: florin.databaseUrl };
  return runFlorin([...args, '--password-stdin', '--json'], env, { input: password });
}
