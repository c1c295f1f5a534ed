import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openDatabase } from '#db/database.ts';
import type { ApiKeyView } from '#identity/api-keys/contract.ts';
import { ApiKeyService } from '#identity/api-keys/service.ts';
import { badFields, created, openApi, type Page, person, refused } from '#test/support/api.ts';
import { START_MS } from '#test/support/bank.ts';

type CreatedKey = ApiKeyView & { readonly token: string };

const MINUTE_MS = 60_000;
const closers: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closers) await close();
});

const api = await (await openApi()).as('admin');
const { bank } = api;
const { apiKeys, clock } = bank;

async function newKey(fields: Readonly<Record<string, unknown>> = {}): Promise<CreatedKey> {
  const body = { name: 'Nightly import', scopes: ['transactions:write', 'accounts:read'], ...fields };
  return created(await api.post<CreatedKey>('/v1/api-keys', body));
}

const get = async (key: ApiKeyView) => created(await api.get<ApiKeyView>(`/v1/api-keys/${key.id}`));

/** The API keys of another process of the same bank. */
function anotherProcess(): ApiKeyService {
  const { db, postingPool, close } = openDatabase({ databaseUrl: bank.databaseUrl });
  const other = new ApiKeyService({ ...bank.context, db, postingPool });
  closers.push(async () => {
    await other.drain();
    await close();
  });
  return other;
}

test('a key is made with its token, which is shown this once', async () => {
  const { token, ...key } = await newKey();
  assert.match(token, /^florin_live_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
  assert.ok(token.startsWith(`${key.prefix}_`));
  assert.match(key.id, /^key_/);
  assert.deepEqual(key.scopes, ['accounts:read', 'transactions:write']);
  assert.match(key.createdBy, /^usr_/);
  assert.deepEqual(await get(key), key);
  const list = created(await api.get<Page<ApiKeyView>>('/v1/api-keys?limit=1'));
  assert.deepEqual(list.data, [key]);
  const [row] = await api.asOwner<{ row: string }>(`select k::text as row from api_keys k`);
  assert.ok(!row?.row.includes(token.slice(-43)), 'the secret is not stored');
});

test('a key names its caller and scopes', async () => {
  const { token, id } = await newKey();
  const caller = await apiKeys.verify(token);
  assert.deepEqual(caller, { actor: id, role: 'service', scopes: ['accounts:read', 'transactions:write'] });
});

test('what is wrong with a new key is said by field', async () => {
  const bad: [Record<string, unknown>, string[]][] = [
    [{ name: ' ' }, ['name']],
    [{ name: 'x'.repeat(101) }, ['name']],
    [{ scopes: [] }, ['scopes']],
    [{ expiresAt: '2026-01-14T12:00:00Z' }, ['expiresAt']],
    [{ expiresAt: '2032-01-14T12:00:00Z' }, ['expiresAt']],
    [{ role: 'admin' }, ['role']],
    [{ token: 'x' }, ['token']],
  ];
  await api.leavesNothing(async () => {
    for (const [fields, paths] of bad) {
      const body = { name: 'x', scopes: ['accounts:read'], ...fields };
      assert.deepEqual(badFields(await api.post('/v1/api-keys', body)), paths);
    }
    const unknown = { name: 'x', scopes: ['accounts:read', 'everything:write'] };
    assert.match(badFields(await api.post('/v1/api-keys', unknown))[0] ?? '', /^scopes/);
  });
});

test('a wrong secret behind a right prefix is refused, and so is every other form', async () => {
  const { token } = await newKey();
  const { token: other } = await newKey();
  await apiKeys.verify(token);
  const [secret, otherSecret] = [token.slice(-43), other.slice(-43)];
  const bad = [
    token.slice(0, -43) + otherSecret,
    token.slice(0, -1),
    token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'),
    `${token}x`,
    ` ${token}`,
    `${token} `,
    token.toUpperCase(),
    token.replace('live', 'test'),
    `florin_live_${'0'.repeat(12)}_${secret}`,
    secret,
    'florin_',
    `florin_live_${'%'.repeat(12)}_${secret}`,
  ];
  for (const text of bad)
    await assert.rejects(bank.authenticate(text), { code: 'unauthenticated', status: 401 }, text);
  await apiKeys.verify(token);
});

test('a key ends when it expires, also where it was just used', async () => {
  clock.setMs(START_MS);
  const { token } = await newKey({ expiresAt: '2026-01-14T12:10:00Z' });
  clock.setMs(START_MS + 10 * MINUTE_MS - 1);
  await apiKeys.verify(token);
  clock.setMs(START_MS + 10 * MINUTE_MS);
  await assert.rejects(apiKeys.verify(token), { code: 'unauthenticated', status: 401 });
  await assert.rejects(anotherProcess().verify(token), { code: 'unauthenticated', status: 401 });
});

test('a revoked key ends at once here, and within five seconds in another process; it stays in the list', async () => {
  const { token, id } = await newKey();
  const other = anotherProcess();
  await apiKeys.verify(token);
  await other.verify(token);
  const answer = await api.delete(`/v1/api-keys/${id}`);
  assert.equal(answer.status, 204);
  await assert.rejects(apiKeys.verify(token), { code: 'unauthenticated', status: 401 });
  clock.skip(5_000);
  await assert.rejects(other.verify(token), { code: 'unauthenticated', status: 401 });
  const { revokedAt } = created(await api.get<ApiKeyView>(`/v1/api-keys/${id}`));
  assert.notEqual(revokedAt, null);
  clock.setMs(clock.nowMs() + MINUTE_MS);
  assert.equal((await api.delete(`/v1/api-keys/${id}`)).status, 204);
  assert.equal(created(await api.get<ApiKeyView>(`/v1/api-keys/${id}`)).revokedAt, revokedAt);
});

test('last use is written once a minute', async () => {
  const key = await newKey();
  const other = anotherProcess();
  const lastUse = async () => {
    await Promise.all([apiKeys.drain(), other.drain()]);
    return (await get(key)).lastUsedAt;
  };
  assert.equal(await lastUse(), null);
  const firstMs = clock.nowMs();
  await apiKeys.verify(key.token);
  assert.equal(await lastUse(), new Date(firstMs).toISOString());
  clock.setMs(firstMs + MINUTE_MS - 1);
  await Promise.all([apiKeys.verify(key.token), other.verify(key.token)]);
  assert.equal(await lastUse(), new Date(firstMs).toISOString());
  clock.setMs(firstMs + MINUTE_MS);
  await Promise.all([apiKeys.verify(key.token), other.verify(key.token)]);
  assert.equal(await lastUse(), new Date(firstMs + MINUTE_MS).toISOString());
});

test('requests that come together get the one answer of one query', async () => {
  const { token } = await newKey();
  const callers = await Promise.all(Array.from({ length: 100 }, () => apiKeys.verify(token)));
  assert.equal(new Set(callers).size, 1);
});

test('absent and foreign ids are 404', async () => {
  for (const id of ['key_01h455vb4pex5vsknk084sn02q', 'usr_01h455vb4pex5vsknk084sn02q', 'x']) {
    refused(await api.get(`/v1/api-keys/${id}`), 404, 'not_found');
    refused(await api.delete(`/v1/api-keys/${id}`), 404, 'not_found');
  }
});

test('a key opens what its scopes say and no more, and is who does it', async () => {
  const { token } = await newKey({ scopes: ['customers:read'] });
  const service = api.withToken(async () => token);
  created(await service.get('/v1/customers'));
  refused(await service.post('/v1/customers', person()), 403, 'forbidden');
  refused(await service.get('/v1/accounts'), 403, 'forbidden');
  const body = { name: 'Made by a key', scopes: ['customers:read'] };
  refused(await service.post('/v1/api-keys', body), 403, 'forbidden');
  refused(await service.get('/v1/auth/me'), 403, 'forbidden');
  const bare = await api.withToken(async () => undefined).get('/v1/customers');
  refused(bare, 401, 'unauthenticated');
  assert.equal(bare.headers.get('www-authenticate'), 'Bearer');
});

test('people make keys and users: no scope lets a key do so', async () => {
  for (const scope of ['api-keys:write', 'users:write']) {
    const answer = await api.post('/v1/api-keys', { name: 'x', scopes: [scope] });
    assert.match(badFields(answer)[0] ?? '', /^scopes/);
  }
});

test('the key that follows another is the same caller: a request repeated under it is not done again', async () => {
  const account = await (await api.as('manager')).newAccount();
  const scopes = ['transactions:write', 'customers:write'];
  const first = await newKey({ scopes });
  const next = created(await api.post<CreatedKey>(`/v1/api-keys/${first.id}/rotate`, {}));
  assert.notEqual(next.id, first.id);
  assert.deepEqual([next.clientId, next.scopes], [first.id, first.scopes]);
  const body = { accountId: account.id, amount: '5.00', currency: 'EUR', mode: 'cash' };
  const calls: [string, Record<string, unknown>][] = [
    ['/v1/deposits', body],
    ['/v1/customers', person()],
  ];
  for (const [path, fields] of calls) {
    const key = `${first.id}${path}`;
    const by = (token: string) => api.withToken(async () => token).pay<{ id: string }>(path, fields, key);
    const answer = await by(first.token);
    assert.equal(answer.status, 201, answer.text);
    const again = await by(next.token);
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.equal(again.body.id, answer.body.id);
  }
  const third = created(await api.post<CreatedKey>(`/v1/api-keys/${next.id}/rotate`, {}));
  assert.equal(third.clientId, first.id);
});

test('both keys are valid until the old one ends; a key that has ended has no successor', async () => {
  const nowMs = clock.nowMs();
  const first = await newKey();
  const previousUntil = new Date(nowMs + MINUTE_MS).toISOString();
  const next = created(await api.post<CreatedKey>(`/v1/api-keys/${first.id}/rotate`, { previousUntil }));
  assert.equal((await get(first)).expiresAt, previousUntil);
  assert.equal(next.expiresAt, null);
  await apiKeys.verify(first.token);
  await apiKeys.verify(next.token);
  clock.setMs(nowMs + MINUTE_MS);
  await assert.rejects(apiKeys.verify(first.token), { code: 'unauthenticated' });
  await apiKeys.verify(next.token);
  // Uses are noted on the side.
  await apiKeys.drain();
  const again = () => api.post(`/v1/api-keys/${first.id}/rotate`, {});
  refused(await api.leavesNothing(again), 409, 'api_key_ended');
  for (const bad of [nowMs, nowMs + 100 * 24 * 60 * MINUTE_MS]) {
    const request = { previousUntil: new Date(bad).toISOString() };
    const call = () => api.post(`/v1/api-keys/${next.id}/rotate`, request);
    assert.deepEqual(badFields(await api.leavesNothing(call)), ['previousUntil']);
  }
});

test('a key that lacks a scope learns which', async () => {
  const { token } = await newKey({ scopes: ['accounts:read'] });
  const answer = await api.withToken(async () => token).get<{ scope: string }>('/v1/customers');
  assert.match(refused(answer, 403, 'forbidden').detail, /customers:read/);
  assert.equal(answer.body.scope, 'customers:read');
});
