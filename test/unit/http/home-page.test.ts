import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerHomePage } from '#http/home-page.ts';
import { problemOf, startServer } from './test-server.ts';

const { origin } = await startServer(async (server) => registerHomePage(server, '1.2.3', false));

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

test('a browser is told at / what this is and where the documentation is', async () => {
  const answer = await fetch(origin, { headers: { accept: BROWSER } });
  const page = await answer.text();
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(page, /Florin 1\.2\.3/);
  for (const href of ['/docs', '/openapi.json', '/health/ready']) assert.ok(page.includes(`href="${href}"`));
  const policy = answer.headers.get('content-security-policy') ?? '';
  assert.match(policy, /^default-src 'none';style-src 'sha256-[^']+';/);
  assert.doesNotMatch(page, /<script|style=/);
  assert.equal(answer.headers.get('vary'), 'accept');
});

for (const accept of ['application/json', '*/*', 'application/problem+json']) {
  test(`/ is 404 in JSON for who accepts ${accept}`, async () => {
    await problemOf(await fetch(origin, { headers: { accept } }), 404, 'not_found');
  });
}

test('where there is a console, a browser is led to it', async () => {
  const { origin: withConsole } = await startServer(async (server) =>
    registerHomePage(server, '1.2.3', true),
  );
  const answer = await fetch(withConsole, { headers: { accept: BROWSER }, redirect: 'manual' });
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get('location'), '/console/');
  await problemOf(await fetch(withConsole, { headers: { accept: '*/*' } }), 404, 'not_found');
});
