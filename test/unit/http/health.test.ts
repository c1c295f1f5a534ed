import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerHealth } from '#http/health.ts';
import { problemOf, startServer } from './test-server.ts';

let ready: () => Promise<boolean> = async () => true;
const { origin } = await startServer((server) => registerHealth(server, () => ready()));

test('live and ready are 200 while all is well', async () => {
  ready = async () => true;
  for (const path of ['/health/live', '/health/ready']) {
    const response = await fetch(`${origin}${path}`);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { status: 'ok' });
    assert.match(response.headers.get('request-id') ?? '', /^req_/);
  }
});

const NOT_READY: [string, () => Promise<boolean>][] = [
  ['says no', async () => false],
  ['throws', () => Promise.reject(new Error('down'))],
  ['does not answer', () => new Promise(() => {})],
];
for (const [name, check] of NOT_READY) {
  test(`ready is 503 within a second when the check ${name}, and live stays 200`, async () => {
    ready = check;
    const response = await fetch(`${origin}/health/ready`, { signal: AbortSignal.timeout(1000) });
    assert.equal(response.headers.get('retry-after'), '1');
    await problemOf(response, 503, 'not_ready');
    assert.equal((await fetch(`${origin}/health/live`)).status, 200);
  });
}
