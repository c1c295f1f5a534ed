import assert from 'node:assert/strict';
import { request as send } from 'node:http';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { AccountView } from '#features/accounts/schemas.ts';
import { parseTypeId } from '#lib/ids.ts';
import { created, openApi, refused } from '#test/support/api.ts';

const api = await openApi();
const account = await api.newAccount({ balance: '10.00' });
const teller = await api.as('teller');
const customer = await api.as('customer', parseTypeId('customer', account.holders[0]!.customerId));
const token = await tokenOf();

async function tokenOf(): Promise<string> {
  const admin = await api.as('admin');
  const scopes = ['accounts:read', 'loans:read', 'transactions:read', 'customers:read'];
  const made = created(await admin.post<{ token: string }>('/v1/api-keys', { name: 'Reader', scopes }));
  return made.token;
}

type Raw = { status: number; headers: Record<string, string | string[] | undefined>; bytes: Buffer };

/** As it comes over the wire: fetch would decompress it. */
function raw(method: string, path: string, headers: Record<string, string> = {}): Promise<Raw> {
  const { promise, resolve, reject } = Promise.withResolvers<Raw>();
  const options = { port: api.port, method, path, headers: { authorization: `Bearer ${token}`, ...headers } };
  const request = send(options, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }),
    );
  });
  request.on('error', reject);
  request.end();
  return promise;
}

test('a method that a path does not take is 405 with Allow, and a path that does not exist 404', async () => {
  const wrong: [method: string, path: string, allow: string][] = [
    ['PUT', '/v1/accounts', 'GET, HEAD, OPTIONS, POST'],
    ['DELETE', `/v1/accounts/${account.id}`, 'GET, HEAD, OPTIONS, PATCH'],
    ['GET', '/v1/transfers', 'OPTIONS, POST'],
    ['POST', `/v1/accounts/${account.id}/`, 'GET, HEAD, OPTIONS, PATCH'],
    ['PUT', '/health/live', 'GET, HEAD, OPTIONS'],
  ];
  for (const [method, path, allow] of wrong) {
    const answer = await raw(method, path);
    assert.equal(answer.status, 405, path);
    assert.equal(answer.headers.allow, allow, path);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.equal(JSON.parse(answer.bytes.toString()).code, 'method_not_allowed');
  }
  const absent = await raw('PUT', '/v1/account');
  assert.equal(absent.status, 404);
  assert.equal(absent.headers.allow, undefined);
});

test('OPTIONS says what a path takes, and HEAD is GET without its body', async () => {
  const options = await raw('OPTIONS', '/v1/accounts');
  assert.deepEqual([options.status, options.headers.allow], [204, 'GET, HEAD, OPTIONS, POST']);
  assert.equal((await raw('OPTIONS', '/v1/nothing')).status, 404);
  for (const path of [
    '/v1/accounts',
    `/v1/accounts/${account.id}`,
    '/v1/accounts?limit=1',
    '/openapi.json',
  ]) {
    const [get, head] = [await raw('GET', path), await raw('HEAD', path)];
    assert.equal(head.status, 200, path);
    assert.equal(head.bytes.length, 0);
    assert.equal(head.headers['content-length'], String(get.bytes.length), path);
    assert.equal(head.headers.etag, get.headers.etag);
  }
  const { nextCursor } = created(await api.get<{ nextCursor: string }>('/v1/transactions?limit=1'));
  await api.deposit(account, '1.00');
  const next =
    nextCursor ?? created(await api.get<{ nextCursor: string }>('/v1/transactions?limit=1')).nextCursor;
  assert.equal((await raw('HEAD', `/v1/transactions?limit=1&cursor=${next}`)).status, 200);
});

test('a slash at the end of a path makes no difference', async () => {
  created(await api.get('/v1/accounts/'));
  created(await api.get('/v1/accounts/?limit=1'));
  const one = await fetch(`http://127.0.0.1:${api.port}/health/live/`);
  assert.equal(one.status, 200);
  const key = { 'idempotency-key': 'slash' };
  const body = { accountId: account.id, amount: '1.00', currency: 'EUR', mode: 'cash' };
  const first = await api.post<{ id: string }>('/v1/deposits', body, key);
  const second = await api.post<{ id: string }>('/v1/deposits/', body, key);
  assert.equal(second.body.id, first.body.id);
});

test('a resource that the client has is 304, until anything of it changes', async () => {
  const path = `/v1/accounts/${account.id}`;
  const read = await raw('GET', path);
  const etag = String(read.headers.etag);
  assert.match(etag, /^"1-[\w-]{8}"$/);
  for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    for (const method of ['GET', 'HEAD']) {
      const again = await raw(method, path, { 'if-none-match': known });
      assert.deepEqual([again.status, again.bytes.length], [304, 0], known);
      assert.equal(again.headers.etag, etag);
      assert.equal(again.headers['content-type'], undefined);
    }
  }
  assert.equal((await raw('GET', path, { 'if-none-match': '"1"' })).status, 200);
  await api.deposit(account, '1.00');
  const later = await raw('GET', path, { 'if-none-match': etag });
  assert.equal(later.status, 200);
  assert.match(String(later.headers.etag), /^"1-/);
  // The version is the same: money that moves makes no change stale.
  const changed = await api.patch<AccountView>(path, { externalId: 'A-1' }, etag);
  assert.equal(created(changed).externalId, 'A-1');
  refused(await api.patch(path, { externalId: 'A-2' }, etag), 412, 'version_conflict');
});

test('every GET that documents If-None-Match has an ETag, and every other has none', async () => {
  const response = await fetch(`http://127.0.0.1:${api.port}/openapi.json`);
  const { paths } = (await response.json()) as { paths: Record<string, { get?: { responses: object } }> };
  const conditional = Object.entries(paths).filter(([, { get }]) => '304' in (get?.responses ?? {}));
  assert.equal(conditional.length, 9);
  assert.equal((await raw('GET', '/v1/accounts')).headers.etag, undefined);
});

test('a large answer is compressed as the client takes it, and a small one stays plain', async () => {
  for (let count = 0; count < 6; count += 1) await api.newCustomer();
  const path = '/v1/customers';
  const plain = await raw('GET', path);
  assert.ok(plain.bytes.length > 2048);
  assert.deepEqual([plain.headers['content-encoding'], plain.headers.vary], [undefined, 'accept-encoding']);
  const codings: [accepted: string, coding: string | undefined][] = [
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0, *', 'gzip'],
    ['gzip;q=0', undefined],
    ['identity', undefined],
    ['deflate', undefined],
  ];
  for (const [accepted, coding] of codings) {
    const { headers, bytes } = await raw('GET', path, { 'accept-encoding': accepted });
    assert.equal(headers['content-encoding'], coding, accepted);
    assert.equal(headers['content-length'], String(bytes.length));
    const read =
      coding === 'br' ? brotliDecompressSync(bytes) : coding === 'gzip' ? gunzipSync(bytes) : bytes;
    assert.deepEqual(read, plain.bytes, accepted);
    if (coding !== undefined) assert.ok(bytes.length < plain.bytes.length / 2);
  }
  const small = await raw('GET', '/v1/customers?limit=1', { 'accept-encoding': 'gzip' });
  assert.equal(small.headers['content-encoding'], undefined);
  const document = await raw('GET', '/openapi.json', { 'accept-encoding': 'br' });
  assert.equal(document.headers['content-encoding'], 'br');
  assert.ok(document.bytes.length < 90_000, String(document.bytes.length));
});

test('a large answer that is kept under a key is kept as it is, and compressed again', async () => {
  const body = {
    amount: '100000.00',
    currency: 'EUR',
    annualRatePercent: '3',
    instalments: 120,
    every: { count: 1, unit: 'month' },
    method: 'annuity',
    dayCount: '30/360',
    interestPer: 'period',
    disbursedOn: '2026-01-14',
    monthEnd: 'clamp',
    rounding: 'half_even',
  };
  const key = { 'idempotency-key': 'quote', 'accept-encoding': 'gzip' };
  const first = await api.post('/v1/loans/quote', body, key);
  assert.equal(first.headers.get('content-encoding'), 'gzip');
  assert.deepEqual((await api.post('/v1/loans/quote', body, key)).text, first.text);
});

test('a refusal says which scope or role it takes', async () => {
  const byRole = refused(await teller.post('/v1/users', {}), 403, 'forbidden') as unknown as { role: string };
  assert.equal(byRole.role, 'admin');
  const staff = refused(await customer.get('/v1/customers'), 403, 'forbidden');
  assert.equal(staff.detail, 'This takes the role admin or manager or teller or loan-officer or auditor.');
  const answer = await raw('GET', '/v1/audit-log');
  assert.deepEqual([answer.status, JSON.parse(answer.bytes.toString()).scope], [403, 'audit-log:read']);
});
