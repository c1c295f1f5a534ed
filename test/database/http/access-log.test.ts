import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import { createApp } from '#bank/app.ts';
import { toTypeId } from '#lib/ids.ts';
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
const app = await createApp(bank, { level: 'info', stream });
after(() => app.close());
const accountId = await bank.newAccount({ balanceMinor: 1_000n });
const { token, key } = await bank.apiKeys.create(TEST_CALLER, {
  name: 'Desk',
  scopes: ['transactions:write', 'accounts:read'],
});

/** Sends a request and gives the line that it left, without what differs from run to run. */
async function lineOf(request: InjectOptions): Promise<Record<string, unknown> | undefined> {
  const { headers } = await app.inject(request);
  const requestId = headers['request-id'];
  const mine = lines.filter((line) => line.requestId === requestId && line.msg === 'request');
  assert.equal(mine.length, 1, 'one line a request');
  const { method, route, status, outcome, caller, durationMs } = mine[0]!;
  assert.equal(typeof durationMs, 'number');
  return { method, route, status, outcome, caller };
}

const KEY_ID = toTypeId('apiKey', key.state.id);
const ACCOUNT_ID = toTypeId('account', accountId);
const authorization = `Bearer ${token}`;

test('a request that is done is logged with its caller', async () => {
  const url = `/v1/accounts/${ACCOUNT_ID}/balance`;
  assert.deepEqual(await lineOf({ url, headers: { authorization } }), {
    method: 'GET',
    route: '/v1/accounts/:id/balance',
    status: 200,
    outcome: 'done',
    caller: KEY_ID,
  });
});

test('a refusal is logged with its code, whoever refused it', async () => {
  const withdrawal = {
    method: 'POST',
    url: '/v1/withdrawals',
    payload: { accountId: ACCOUNT_ID, amount: '1000.00', currency: 'EUR', mode: 'cash' },
    headers: { authorization, 'idempotency-key': newKey() },
  } as const;
  const expected = { method: 'POST', route: '/v1/withdrawals', caller: KEY_ID };
  // By the ledger, the schema, the table of access, the authentication, and where there is no route.
  assert.deepEqual(await lineOf(withdrawal), { ...expected, status: 422, outcome: 'insufficient_funds' });
  const badBody = { ...withdrawal, payload: { accountId: 1 } };
  assert.deepEqual(await lineOf(badBody), { ...expected, status: 400, outcome: 'validation_failed' });
  assert.deepEqual(await lineOf({ url: '/v1/users', headers: { authorization } }), {
    method: 'GET',
    route: '/v1/users',
    status: 403,
    outcome: 'forbidden',
    caller: KEY_ID,
  });
  assert.deepEqual(await lineOf({ url: '/v1/users' }), {
    method: 'GET',
    route: '/v1/users',
    status: 401,
    outcome: 'unauthenticated',
    caller: 'nobody',
  });
  assert.deepEqual(await lineOf({ url: '/v1/nowhere' }), {
    method: 'GET',
    route: undefined,
    status: 404,
    outcome: 'not_found',
    caller: 'nobody',
  });
});
