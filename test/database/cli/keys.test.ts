import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRefused, failureOf, openFlorin } from './florin.ts';

const florin = await openFlorin();

test('a key is made, listed without its token, and revoked', async () => {
  const scopes = ['--scope', 'accounts:read', '--scope', 'transactions:write'];
  const { token, ...key } = await florin.json('api-key', 'create', '--name', 'Nightly import', ...scopes);
  assert.match(String(token), /^florin_live_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
  assert.equal(key.createdBy, 'cli');
  assert.deepEqual((await florin.json('api-key', 'list')).data, [key]);
  const revoked = await florin.json('api-key', 'revoke', String(key.id));
  assert.notEqual(revoked.revokedAt, null);
  const absent = await florin.run('api-key', 'revoke', 'key_01h455vb4pex5vsknk084sn02q');
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
  [['api-key', 'create', '--name', 'x'], /required option '--scope/],
  [['api-key', 'create', '--scope', 'accounts:read'], /required option '--name/],
  [['api-key', 'create', '--name', 'x', '--scope', 'all'], /It takes one of customers:read/],
  [['api-key', 'create', '--name', 'x', '--scope', 'accounts:read', '--expires', '2027'], /an instant like/],
  [['api-key', 'revoke', 'x'], /key_…/],
  [['keys'], /^florin|^$/],
];
for (const [args, says] of WRONG) {
  test(`wrong usage: ${args.join(' ')}`, async () => {
    const { line = '', exitCode } = await failureOf(args);
    assert.equal(exitCode, 2);
    assert.match(line, says);
  });
}
