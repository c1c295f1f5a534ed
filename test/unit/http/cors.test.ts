import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '#config/config.ts';
import { addAuthentication } from '#http/authentication.ts';
import { addAuthorisation } from '#http/authorisation.ts';
import { addCors } from '#http/cors.ts';
import { addRateLimit, RateLimiter } from '#http/rate-limit.ts';
import { unauthenticated } from '#lib/errors.ts';
import { problemOf, startServer } from './test-server.ts';

const DESK = 'https://desk.example';
const QUESTION = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,idempotency-key',
};

async function startBank(origins: readonly string[]) {
  return startServer(async (server) => {
    addRateLimit(server, new RateLimiter({ perSecond: 1, burst: 8 }, () => 0));
    if (origins.length > 0) await addCors(server, origins);
    addAuthentication(server, async (token) => {
      if (token !== 'good') throw unauthenticated();
      return { actor: 'usr_1', role: 'teller' };
    });
    addAuthorisation(server, new Map([['pay', { roles: new Set(['teller'] as const), scope: undefined }]]));
    server.post('/v1/pay', { schema: { operationId: 'pay' } }, async () => ({ paid: true }));
  });
}

const { origin } = await startBank([DESK, 'http://localhost:5173']);
const plain = await startBank([]);

const ask = (url: string, from: string) =>
  fetch(`${url}/v1/pay`, { method: 'OPTIONS', headers: { origin: from, ...QUESTION } });
const pay = (url: string, from: string, token = 'good') =>
  fetch(`${url}/v1/pay`, { method: 'POST', headers: { origin: from, authorization: `Bearer ${token}` } });

const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

test('a page of a named origin is let ask, and reads the answers, also those that refuse it', async () => {
  const asked = await ask(origin, DESK);
  assert.equal(asked.status, 204);
  assert.deepEqual(corsOf(asked), {
    'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key, If-Match',
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'access-control-allow-origin': DESK,
    'access-control-expose-headers':
      'ETag, Idempotent-Replayed, RateLimit, RateLimit-Policy, Request-Id, Retry-After',
    'access-control-max-age': '600',
  });
  assert.equal(asked.headers.get('vary'), 'Origin');
  assert.equal(asked.headers.get('x-content-type-options'), 'nosniff');
  for (const token of ['good', 'bad']) {
    const answer = await pay(origin, DESK, token);
    assert.equal(answer.status, token === 'good' ? 200 : 401);
    assert.equal(answer.headers.get('access-control-allow-origin'), DESK);
    assert.equal(answer.headers.get('access-control-allow-credentials'), null);
  }
});

test('any other origin is told nothing, however like it is', async () => {
  const others = [
    'https://desk.example.evil.example',
    'http://desk.example',
    `${DESK}:8443`,
    'null',
    `${DESK}/`,
  ];
  for (const other of others) {
    const { server, origin: url } = await startBank([DESK]);
    const asked = await ask(url, other);
    assert.deepEqual(corsOf(asked), {}, other);
    assert.equal(asked.headers.get('vary'), 'Origin');
    await problemOf(asked, 404, 'not_found');
    assert.deepEqual(corsOf(await pay(url, other)), {}, other);
    await server.close();
  }
});

test('without origins there is no CORS at all', async () => {
  const asked = await ask(plain.origin, DESK);
  assert.deepEqual(corsOf(asked), {});
  assert.equal(asked.headers.get('vary'), null);
  await problemOf(asked, 404, 'not_found');
  assert.deepEqual(corsOf(await pay(plain.origin, DESK)), {});
});

test('a browser’s questions count for its address, and one too many is 429', async () => {
  const { origin: url } = await startBank([DESK]);
  for (let count = 0; count < 8; count++) assert.equal((await ask(url, DESK)).status, 204);
  await problemOf(await ask(url, DESK), 429, 'too_many_requests');
});

test('FLORIN_CORS_ORIGINS takes origins as browsers write them, and nothing wider', () => {
  const read = (value: string) => readConfig({ FLORIN_CORS_ORIGINS: value }).corsOrigins;
  assert.deepEqual(readConfig({}).corsOrigins, []);
  assert.deepEqual(read(`${DESK}, http://localhost:5173`), [DESK, 'http://localhost:5173']);
  const wrong = ['*', 'null', 'desk.example', `${DESK}/`, 'http://desk.example', 'https://*.example'];
  const unusual = [
    'https://Desk.example',
    `${DESK}:443`,
    `${DESK},`,
    'https://u:p@desk.example',
    `${DESK}/x`,
  ];
  for (const value of [...wrong, ...unusual]) {
    assert.throws(() => read(value), /^ConfigError: FLORIN_CORS_ORIGINS takes origins like https:/, value);
  }
});
