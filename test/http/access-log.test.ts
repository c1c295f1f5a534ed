import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, test } from 'node:test';
import { createApp } from '#src/app.ts';
import { newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';

const bank = await openTestBank();
await bank.accessTokens.start();
after(() => bank.accessTokens.stop());
const lines: Record<string, unknown>[] = [];
const stream = new Writable({
  write: (chunk: Buffer, _encoding, done) => {
    lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
    done();
  },
});
const app = await createApp(bank, { level: 'info', stream }, { isReadOnly: false });
after(() => app.close());
const accountId = await bank.newAccount({ balanceMinor: 1_000n });
const { token, key } = await bank.apiKeys.create(TEST_CALLER, {
  name: 'Desk',
  scopes: ['transactions:write', 'accounts:read'],
});

/** Sends a request and gives the line that it left, without what differs from run to run. */
async function lineOf(
  request: Parameters<typeof app.inject>[0] & object,
): Promise<Record<string, unknown> | undefined> {
  const { headers } = await app.inject(request);
  const requestId = headers['request-id'];
  const mine = lines.filter((line) => line.requestId === requestId && line.msg === 'request');
  assert.equal(mine.length, 1, 'one line a request');
  const { method, route, status, outcome, caller, durationMs } = mine[0]!;
  assert.equal(typeof durationMs, 'number');
  return { method, route, status, outcome, caller };
}
