import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerConsole } from '#http/console-pages.ts';
import { problemOf, startServer } from './test-server.ts';

const SCRIPT = 'console.log(1)';
const files = new Map(
  [
    ['index.html', '<!doctype html><title>Florin</title>'],
    ['assets/main-ABC.js', SCRIPT],
    ['assets/secret.pem', 'no type is known for it'],
  ].map(([path = '', text = '']) => [path, Buffer.from(text)] as const),
);
const { origin } = await startServer(async (server) => registerConsole(server, files));

for (const path of ['/console', '/console/', '/console/customers', '/console/accounts/acc_1?act=deposit']) {
  test(`${path} is the page, whose script reads the address`, async () => {
    const answer = await fetch(`${origin}${path}`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(answer.headers.get('cache-control'), 'no-cache');
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none';script-src 'self';style-src 'self';/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe/);
  });
}

test('what it loads is kept for ever: its name holds a hash of its content', async () => {
  const answer = await fetch(`${origin}/console/assets/main-ABC.js`);
  assert.equal(await answer.text(), SCRIPT);
  assert.equal(answer.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
});

for (const name of ['main-OLD.js', 'secret.pem', '..%2Findex.html', '%2e%2e%2fpackage.json'])
  test(`no asset ${name}`, async () => {
    await problemOf(await fetch(`${origin}/console/assets/${name}`), 404, 'not_found');
  });
