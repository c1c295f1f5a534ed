import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endConnectionsWhileDraining } from '#http/draining.ts';
import { registerHealth } from '#http/health.ts';
import { problemOf, startServer } from './test-server.ts';

const draining = new AbortController();
const { origin } = await startServer((server) => {
  endConnectionsWhileDraining(server, draining.signal);
  registerHealth(server, async () => true, { draining: draining.signal });
});

test('a server that drains is not ready, answers all the same, and keeps no connection', async () => {
  const before = await fetch(`${origin}/health/ready`);
  assert.equal(before.status, 200);
  assert.equal(before.headers.get('connection'), 'keep-alive');
  draining.abort();
  const ready = await fetch(`${origin}/health/ready`);
  assert.equal(ready.headers.get('connection'), 'close');
  await problemOf(ready, 503, 'not_ready');
  const live = await fetch(`${origin}/health/live`);
  assert.equal(live.status, 200);
  assert.equal(live.headers.get('connection'), 'close');
});
