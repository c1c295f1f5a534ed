import assert from 'node:assert/strict';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { closedObject } from '#http/schemas.ts';
import { createServer } from '#http/server.ts';

/** The real ones divided by twenty: the rule is the same, and a test has not a minute. */
const server = createServer({
  logger: false,
  arrivalLimits: { headersMs: 500, requestMs: 1_500, checkIntervalMs: 100 },
});
let handled = 0;
const schema = { body: closedObject({ text: Type.String() }), response: { 200: Type.Object({}) } };
server.post('/thing', { schema }, async () => {
  handled += 1;
  return {};
});
const origin = await server.listen({ host: '127.0.0.1', port: 0 });
const { port } = server.server.address() as AddressInfo;
after(() => server.close());

/** Far above the limits, and what a busy machine adds to them. */
const LATE_MS = 15_000;

const HEAD = 'POST /thing HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
const BODY = 'content-length: 100\r\n\r\n{"text":"';

/** Sends a byte every 50 ms after the beginning until the other side hangs up: what it said, and how long it took. */
async function drip(beginning: string): Promise<{ said: string; tookMs: number }> {
  const startedMs = performance.now();
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  socket.write(beginning);
  const dripping = setInterval(() => socket.write('x'), 50);
  // A byte that comes too late is answered with a reset.
  socket.on('error', () => undefined);
  let said = '';
  socket.on('data', (text: string) => {
    said += text;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(dripping);
  return { said, tookMs: performance.now() - startedMs };
}

test('who drips headers is told 408 and cut off, however steadily they come', async () => {
  const { said, tookMs } = await drip(`${HEAD}x-slow: `);
  assert.match(said, /^HTTP\/1.1 408 .*request-id: req_.*connection: close.*"code":"request_timeout"/s);
  assert.ok(tookMs > 400 && tookMs < LATE_MS, `${tookMs} ms`);
});

test('who drips a body is told 408 and cut off, and nothing is done', async () => {
  const { said, tookMs } = await drip(HEAD + BODY);
  assert.match(said, /^HTTP\/1.1 408 .*"code":"request_timeout"/s);
  assert.ok(tookMs > 1_400 && tookMs < LATE_MS, `${tookMs} ms`);
  assert.equal(handled, 0);
});

test('three hundred who hold their connections open keep nobody from being answered, and are gone in time', async () => {
  const sockets: Socket[] = Array.from({ length: 300 }, () => connect(port, '127.0.0.1'));
  for (const socket of sockets)
    socket
      .on('error', () => undefined)
      .resume()
      .write(HEAD);
  const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  const body = JSON.stringify({ text: 'quick' });
  const answer = await fetch(`${origin}/thing`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(answer.status, 200);
  const late = sleep(LATE_MS, 'late', { ref: false });
  assert.notEqual(await Promise.race([Promise.all(closed), late]), 'late');
});

test('left alone, headers have ten seconds, a request a minute, and silence two', () => {
  const { server: real } = createServer({ logger: false });
  assert.equal(real.headersTimeout, 10_000);
  assert.equal(real.requestTimeout, 60_000);
  assert.equal(real.timeout, 120_000);
  assert.equal(real.keepAliveTimeout, 72_000);
});
