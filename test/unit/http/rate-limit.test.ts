import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { addAuthentication } from '#http/authentication.ts';
import { addRateLimit, networkOf, RateLimiter } from '#http/rate-limit.ts';
import { createServer, type HttpServer } from '#http/server.ts';
import { unauthenticated } from '#lib/errors.ts';
import { problemOf, startServer } from './test-server.ts';

describe('a token bucket', () => {
  test('gives the burst at once, then one for each interval, and says when the next comes', () => {
    let nowMs = 0;
    const limiter = new RateLimiter({ perSecond: 2, burst: 3 }, () => nowMs);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => limiter.take('a').allowed),
      [true, true, true, false],
    );
    assert.deepEqual(limiter.take('a'), {
      allowed: false,
      remaining: 0,
      retryAfterSeconds: 1,
      resetSeconds: 2,
    });
    nowMs = 499;
    assert.equal(limiter.take('a').allowed, false);
    nowMs = 500;
    assert.equal(limiter.look('a').allowed, true);
    assert.equal(limiter.take('a').allowed, true);
    assert.equal(limiter.take('a').allowed, false);
    assert.equal(limiter.take('b').allowed, true, 'another caller has a bucket of their own');
    nowMs = 60_000;
    assert.equal(limiter.look('a').remaining, 3);
  });

  test('never gives more than the burst and the rate allow, however the requests come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 300 }),
        (perSecond, burst, gapsMs) => {
          let nowMs = 0;
          const limiter = new RateLimiter({ perSecond, burst }, () => nowMs);
          let given = 0;
          for (const gapMs of gapsMs) {
            nowMs += gapMs;
            if (limiter.take('a').allowed) given += 1;
            assert.ok(given <= burst + (nowMs / 1000) * perSecond + 1e-6);
          }
        },
      ),
    );
  });

  test('is forgotten with the 10,000 callers after it, and then is full again', () => {
    const limiter = new RateLimiter({ perSecond: 1, burst: 1 }, () => 0);
    limiter.take('first');
    for (let index = 0; index < 9_999; index += 1) limiter.take(`caller ${index}`);
    assert.equal(limiter.look('first').allowed, false);
    limiter.take('one more');
    assert.equal(limiter.look('first').allowed, true);
  });
});

test('the addresses of one IPv6 network are one caller, those of IPv4 each their own', () => {
  assert.equal(networkOf('2001:db8:0:1:aaaa::1'), '2001:db8:0:1::/64');
  assert.equal(networkOf('2001:0DB8:0000:0001::2'), '2001:db8:0:1::/64');
  assert.equal(networkOf('2001:db8::1'), '2001:db8:0:0::/64');
  assert.equal(networkOf('::1'), '0:0:0:0::/64');
  assert.equal(networkOf('192.0.2.7'), '192.0.2.7');
  assert.equal(networkOf('::ffff:192.0.2.7'), '192.0.2.7');
});

async function startLimited(burst: number) {
  return startServer((server: HttpServer) => {
    addRateLimit(server, new RateLimiter({ perSecond: 0.001, burst }));
    addAuthentication(server, async (token) => {
      if (token === 'wrong') throw unauthenticated();
      const who = { actor: token, role: token === 'root' ? 'operator' : 'teller' } as const;
      return token === 'far' ? { ...who, bounds: { networks: ['203.0.113.0/24'] } } : who;
    });
    server.get('/', async () => 'ok');
    server.get('/probe', { config: { answersWhileClosing: true, isPublic: true } }, async () => 'ok');
    server.get('/public', { config: { isPublic: true } }, async () => 'ok');
  });
}

const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test('a caller beyond the limit is told 429 with Retry-After; others, operators and probes are not', async () => {
  const { origin } = await startLimited(2);
  const first = await fetch(origin, as('ada'));
  assert.equal(first.status, 200);
  assert.equal(first.headers.get('ratelimit-policy'), '"caller";q=2;w=2000');
  assert.equal(first.headers.get('ratelimit'), '"caller";r=1;t=1000');
  assert.equal((await fetch(origin, as('ada'))).status, 200);
  const refused = await fetch(origin, as('ada'));
  assert.match(refused.headers.get('retry-after') ?? '', /^(999|1000)$/);
  assert.match(refused.headers.get('ratelimit') ?? '', /^"caller";r=0;t=(1999|2000)$/);
  await problemOf(refused, 429, 'too_many_requests');
  assert.equal((await fetch(origin, as('bob'))).status, 200);
  for (let round = 0; round < 4; round += 1) {
    assert.equal((await fetch(origin, as('root'))).status, 200);
    assert.equal((await fetch(`${origin}/probe`)).status, 200);
  }
});

test('requests without a caller, and those with a refused token, count for their address', async () => {
  const { origin } = await startLimited(3);
  const forwarded = { headers: { 'x-forwarded-for': '203.0.113.9' } };
  assert.equal((await fetch(`${origin}/public`, forwarded)).status, 200, 'nobody’s word is taken for it');
  assert.equal((await fetch(`${origin}/public`)).status, 200);
  assert.equal((await fetch(origin, as('wrong'))).status, 401);
  await problemOf(await fetch(origin, as('wrong')), 429, 'too_many_requests');
  await problemOf(await fetch(`${origin}/public`, forwarded), 429, 'too_many_requests');
  assert.equal((await fetch(`${origin}/probe`)).status, 200);
});

test('a key that came from a wrong address counts for that address', async () => {
  const { origin } = await startLimited(2);
  for (let round = 0; round < 2; round += 1) {
    await problemOf(await fetch(origin, as('far')), 403, 'address_not_allowed');
  }
  await problemOf(await fetch(origin, as('far')), 429, 'too_many_requests');
});

test('the address a trusted proxy names is the caller’s; what is written before it is not', async (t) => {
  const server = createServer({ logger: false, trustedProxies: ['127.0.0.1/32'] });
  server.get('/', async ({ ip }) => ip);
  t.after(() => server.close());
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' };
  assert.equal(await (await fetch(origin, { headers })).text(), '203.0.113.9');
});
