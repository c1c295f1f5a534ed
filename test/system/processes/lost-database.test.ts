import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { openEmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { createCustomer, deposit, openAccount, send, textOf } from './bank-client.ts';
import { Installation, LINUX_ONLY } from './florin-process.ts';

/** Without a database there is nothing to wait for. */
const PROMPT_MS = 6_000;

const bank = await Installation.prepared({ after }, { LOG_LEVEL: 'silent' });

test('a server that loses its PostgreSQL says so at once, and goes on when it is back', {
  skip: LINUX_ONLY,
}, async () => {
  const port = await freePort();
  const florin = bank.serve({ FLORIN_EMBEDDED_PORT: String(port) });
  const url = await florin.ready();
  const accountId = await openAccount(url, await createCustomer(url));
  bank.killDatabase();

  const key = randomUUID();
  await assertUnavailable(() => deposit(url, accountId, '1.00', key));
  await assertUnavailable(() => send(`${url}/v1/accounts/${accountId}`));
  await assertUnavailable(() => send(`${url}/v1/customers`));
  await assertUnavailable(() => send(`${url}/health/ready`), 'not_ready');
  assert.equal((await send(`${url}/health/live`)).status, 200);
  const many = Array.from({ length: 50 }, () =>
    assertUnavailable(() => deposit(url, accountId, '1.00', randomUUID())),
  );
  await Promise.all(many);

  const restarted = await openEmbeddedPostgres({ dataDir: bank.dataDir, port });
  assert.equal((await send(`${url}/health/ready`)).status, 200);
  const answer = await deposit(url, accountId, '1.00', key);
  assert.equal(answer.status, 201);
  assert.equal(answer.replayed, false);
  assert.equal(textOf(answer.body, 'balanceAfter'), '1.00');
  assert.deepEqual(await florin.stop(), { exitCode: 0, signal: null });
  await restarted.close();
  assert.ok(bank.isDatabaseStopped);
});

async function assertUnavailable(
  ask: () => ReturnType<typeof send>,
  code = 'database_unavailable',
): Promise<void> {
  const askedMs = performance.now();
  const answer = await ask();
  assert.ok(performance.now() - askedMs < PROMPT_MS);
  assert.equal(answer.status, 503);
  assert.equal(answer.contentType, 'application/problem+json');
  assert.equal(textOf(answer.body, 'code'), code);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
