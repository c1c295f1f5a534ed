import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRefused, openFlorin, runFlorin } from './florin.ts';

const florin = await openFlorin();

test('a key is made, listed without its token, and revoked', async () => {
  const scopes = ['--scope', 'accounts:read', '--scope', 'transactions:write'];
  const { token, ...key } = await florin.json('api-keys', 'create', '--name', 'Nightly import', ...scopes);
  assert.match(String(token), /^florin_live_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
  assert.equal(key.createdBy, 'cli');
  assert.deepEqual((await florin.json('api-keys', 'list')).data, [key]);
  const revoked = await florin.run('api-keys', 'revoke', String(key.id));
  assert.equal(revoked.stdout, `Revoked ${String(key.id)}.\n`);
  assert.notEqual((await florin.json('api-keys', 'get', String(key.id))).revokedAt, null);
  const absent = await florin.run('api-keys', 'revoke', 'key_01h455vb4pex5vsknk084sn02q');
  assertRefused(absent, 1, /\(not_found\)$/m);
});

test('the signing key is rotated', async () => {
  const first = await florin.json('keys', 'rotate');
  const second = await florin.json('keys', 'rotate');
  assert.notEqual(first.kid, second.kid);
  assert.ok(String(second.activeFrom) > String(first.activeFrom));
  const { stdout } = await florin.run('keys', 'rotate', '--immediately');
  assert.match(stdout, /^Key [A-Za-z0-9_-]{43} signs from 20\d\d-.*Z\.\n$/);
});

const WRONG: readonly [args: readonly string[], says: RegExp][] = [
  [['api-keys', 'create', '--name', 'x'], /required option '--scope/],
  [['api-keys', 'create', '--scope', 'accounts:read'], /required option '--name/],
  [['api-keys', 'create', '--name', 'x', '--scope', 'all'], /Allowed choices are .*customers:read/],
  [
    ['api-keys', 'create', '--name', 'x', '--scope', 'accounts:read', '--expires-at', '2027'],
    /an instant with Z/,
  ],
  [['api-keys', 'revoke', 'x'], /key_…/],
  [['keys'], /^Usage: florin keys/],
];
for (const [args, says] of WRONG) {
  test(`wrong usage: ${args.join(' ')}`, async () => {
    const { stderr, exitCode } = await runFlorin(args);
    assert.equal(exitCode, 2);
    assert.match(stderr, says);
  });
}
