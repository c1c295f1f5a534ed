import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endConnectionsWhileDraining } from '#http/draining.ts';
import { registerHealth } from '#http/health.ts';
import { problemOf, sendRaw, startServer } from './test-server.ts';

const draining = new AbortController();
const { origin, port } = await startServer((server) => {
  endConnectionsWhileDraining(server, draining.signal);
  registerHealth(server, async () => true, { draining: draining.signal });
});

async function ask(path: string): Promise<string> {
  return sendRaw(port, `GET ${path} HTTP/1.1\r\nhost: florin\r\n\r\n`);
}

test('a server that drains is not ready, answers all the same, and keeps no connection', async () => {
  const before = await fetch(`${origin}/health/ready`);
  assert.equal(before.headers.get('connection'), 'keep-alive');
  draining.abort();
  await problemOf(await fetch(`${origin}/health/ready`), 503, 'not_ready');
  // It is the server that ends the connection: the answer is read to its end.
  assert.match(await ask('/health/ready'), /^HTTP\/1.1 503 /);
  assert.match(await ask('/health/live'), /^HTTP\/1.1 200 .*\r\nconnection: close\r\n/is);
});
