import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { PROBLEMS } from '#bank/problems.ts';
import { registerOpenApi } from '#http/openapi.ts';
import { sendRaw, startServer } from './test-server.ts';

const PROMISED = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

const { origin, port } = await startServer(async (server) => {
  await registerOpenApi(server, { version: '1', tags: [], problems: PROBLEMS, examples: {} });
  server.get('/thing', async () => ({ thing: true }));
  server.get('/broken', async () => {
    throw new Error('It broke.');
  });
});

const promisedOf = (headers: Headers) =>
  Object.fromEntries(Object.keys(PROMISED).map((name) => [name, headers.get(name)]));

for (const path of ['/thing', '/nothing', '/broken', '/thing/%zz', '/openapi.json']) {
  test(`${path} carries every header, and nothing says what serves it`, async () => {
    const { headers } = await fetch(origin + path);
    assert.deepEqual(promisedOf(headers), PROMISED);
    for (const name of ['server', 'x-powered-by', 'access-control-allow-origin']) {
      assert.equal(headers.get(name), null, name);
    }
  });
}

test('so does the answer to what is no HTTP', async () => {
  const answer = await sendRaw(port, 'nonsense\r\n\r\n');
  for (const [name, value] of Object.entries(PROMISED))
    assert.ok(answer.includes(`\r\n${name}: ${value}\r\n`));
});

test('the page at /docs has a policy of its own: scripts of ours, and the one written into it by its hash', async () => {
  const page = await fetch(`${origin}/docs/`);
  const [, inline = ''] = /<script type="text\/javascript">(.*?)<\/script>/s.exec(await page.text()) ?? [];
  assert.match(inline, /Scalar\.createApiReference/);
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.ok(policy.includes(`;script-src 'self' 'sha256-${hash('sha256', inline, 'base64')}';`), policy);
  assert.match(policy, /^default-src 'none';.*connect-src 'self';.*frame-ancestors 'none'$/);
  const { 'content-security-policy': _, ...others } = promisedOf(page.headers);
  const { 'content-security-policy': __, ...promised } = PROMISED;
  assert.deepEqual(others, promised);
  const script = await fetch(`${origin}/docs/js/scalar.js`);
  assert.deepEqual(promisedOf(script.headers), PROMISED);
});
