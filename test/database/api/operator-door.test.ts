import assert from 'node:assert/strict';
import { hostname, userInfo } from 'node:os';
import { after, test } from 'node:test';
import { ACCESS, accessTable } from '#bank/access.ts';
import { type DoorRequest, openOperatorDoor } from '#bank/operator-door.ts';
import { addOperator } from '#http/authentication.ts';
import { createServer } from '#http/server.ts';
import { newUser, PASSWORD } from '#test/database/identity/users/staff.ts';
import { openApi } from '#test/support/api.ts';

const api = await openApi();
const door = openOperatorDoor(api.bank);
after(() => door.close());

const ask = async (tag: string, method: DoorRequest['method'], path: string, body?: unknown) => {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const answer = await door.ask({ tag, method, path, headers: {}, body: text });
  const { length } = answer.body;
  return { ...answer, json: length === 0 ? undefined : JSON.parse(answer.body.toString()) };
};

test('the operator needs no token, and is answered as over HTTP', async () => {
  const account = await api.newAccount({ balance: '10.00' });
  const path = `/v1/accounts/${account.id}`;
  const answer = await ask('Accounts', 'GET', path);
  const overHttp = await api.get(path);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, overHttp.body);
  assert.equal(answer.headers.get('etag'), overHttp.headers.get('etag'));
  const refused = await ask('Accounts', 'POST', `${path}/freeze`, { reason: 7 });
  assert.deepEqual([refused.status, refused.json.code], [400, 'validation_failed']);
});

test('what the operator changes is in the trail as done by the command line', async () => {
  const account = await api.newAccount();
  const answer = await ask('Accounts', 'POST', `/v1/accounts/${account.id}/freeze`, { reason: 'lost card' });
  assert.equal(answer.json.status, 'frozen');
  const rows = await api.bank.db
    .selectFrom('audit_log')
    .select(['actor', 'operation', 'address', 'request_id'])
    .where('resource_id', '=', account.id)
    .where('operation', '=', 'freezeAccount')
    .execute();
  const address = `${userInfo().username}@${hostname()}`;
  assert.deepEqual(rows, [{ actor: 'cli', operation: 'freezeAccount', address, request_id: null }]);
});

test('what is about a user’s own login is closed to the operator, who has none', async () => {
  for (const [method, path] of [
    ['GET', '/v1/auth/me'],
    ['GET', '/v1/auth/sessions'],
    ['POST', '/v1/auth/logout'],
    ['POST', '/v1/auth/totp'],
  ] as const) {
    const { status, json } = await ask('Authentication', method, path);
    assert.deepEqual([status, json.code], [403, 'forbidden'], path);
  }
});

test('a read-only bank is read and not changed', async () => {
  const reading = openOperatorDoor(api.bank, { isReadOnly: true });
  const headers = {};
  const read = await reading.ask({
    tag: 'Products',
    method: 'GET',
    path: '/v1/products',
    headers,
    body: undefined,
  });
  assert.equal(read.status, 200);
  const body = '{"businessDate":"2999-12-31"}';
  const change = await reading.ask({
    tag: 'Calendar',
    method: 'POST',
    path: '/v1/business-date',
    headers,
    body,
  });
  assert.deepEqual([change.status, JSON.parse(change.body.toString()).code], [503, 'read_only']);
  await reading.close();
});

test('no table of the server lets an operator in', () => {
  for (const [operation, access] of accessTable()) {
    if (access !== 'public') assert.equal(access.roles.has('operator'), false, operation);
  }
  assert.ok(Object.keys(ACCESS).length > 100, 'the operations were found');
});

test('nothing that comes over a socket is the operator’s, whatever it carries', async () => {
  const server = createServer({ logger: false });
  addOperator(server, { actor: 'cli', role: 'operator' });
  server.get('/who', async ({ caller }) => caller);
  after(() => server.close());
  const url = `${await server.listen({ host: '127.0.0.1', port: 0 })}/who`;
  const { email } = await newUser(api.bank, { role: 'manager' });
  const token = (await api.bank.logins.login({ email, password: PASSWORD })).accessToken;
  const tried: Record<string, string>[] = [
    {},
    { authorization: `Bearer ${token}` },
    { authorization: 'Bearer cli' },
    { authorization: 'Bearer operator' },
    { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' },
    { 'x-florin-actor': 'cli', 'x-florin-role': 'operator', 'x-actor': 'cli', role: 'operator' },
    { 'user-agent': 'lightMyRequest', host: 'localhost:80' },
  ];
  for (const headers of tried) {
    const answer = await fetch(url, { headers });
    const text = await answer.text();
    assert.equal(answer.status, 401, JSON.stringify(headers));
    assert.equal(JSON.parse(text).code, 'unauthenticated');
  }
  const injected = await server.inject('/who');
  assert.deepEqual(injected.json(), { actor: 'cli', role: 'operator' });
});
