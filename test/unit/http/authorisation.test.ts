import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Type } from 'typebox';
import { addAuthentication } from '#http/authentication.ts';
import { type Access, type AccessTable, addAuthorisation } from '#http/authorisation.ts';
import { addRateLimit, RateLimiter } from '#http/rate-limit.ts';
import { closedObject } from '#http/schemas.ts';
import { createServer, type HttpServer } from '#http/server.ts';
import type { Caller } from '#lib/caller.ts';
import { problemOf, startServer } from './test-server.ts';

const READ = { roles: new Set(['auditor', 'manager'] as const), scope: 'accounts:read' } as const;
const WRITE = { roles: new Set(['manager'] as const), scope: undefined } as const;
const TABLE: AccessTable = new Map<string, Access | 'public'>([
  ['getThing', READ],
  ['putThing', WRITE],
  ['getNews', 'public'],
]);

const CALLERS: Readonly<Record<string, Caller>> = {
  auditor: { actor: 'usr_1', role: 'auditor' },
  manager: { actor: 'usr_2', role: 'manager' },
  operator: { actor: 'cli', role: 'operator' },
  reader: { actor: 'key_1', role: 'service', scopes: ['accounts:read'] },
  writer: { actor: 'key_2', role: 'service', scopes: ['accounts:write', 'manager'] },
  scopeless: { actor: 'key_3', role: 'service' },
};

function addRoutes(server: HttpServer, { table = TABLE, extra = false } = {}): void {
  addRateLimit(server, new RateLimiter({ perSecond: 1, burst: 5 }));
  addAuthentication(server, async (token) => CALLERS[token]!);
  addAuthorisation(server, table);
  const answer = async () => ({ ok: true });
  const response = { 200: Type.Object({ ok: Type.Boolean() }) };
  server.get('/v1/thing', { schema: { operationId: 'getThing', response } }, answer);
  const body = closedObject({ name: Type.String() });
  server.post('/v1/thing', { schema: { operationId: 'putThing', body, response } }, answer);
  server.get('/v1/news', { schema: { operationId: 'getNews', response } }, answer);
  server.get('/page', { config: { isPublic: true } }, answer);
  if (extra) server.get('/v1/forgotten', { schema: { operationId: 'getForgotten', response } }, answer);
}

const { origin, port } = await startServer((server) => addRoutes(server));

const ask = (token: string | undefined, path = '/v1/thing', method = 'GET') =>
  fetch(`${origin}${path}`, {
    method,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

test('a user is let in by role and a service by scope, on HEAD as on GET', async () => {
  for (const name of ['auditor', 'manager', 'reader']) assert.equal((await ask(name)).status, 200, name);
  for (const name of ['operator', 'writer', 'scopeless']) await problemOf(await ask(name), 403, 'forbidden');
  assert.equal((await ask('reader', '/v1/thing', 'HEAD')).status, 200);
  assert.equal((await ask('writer', '/v1/thing', 'HEAD')).status, 403);
});

test('what is public asks nobody, and what is nowhere is a 404', async () => {
  for (const path of ['/v1/news', '/page']) assert.equal((await ask(undefined, path)).status, 200);
  await problemOf(await ask(undefined), 401, 'unauthenticated');
  await problemOf(await ask(undefined, '/v1/nothing'), 404, 'not_found');
});

test('a refusal does not wait for the body', async () => {
  const socket = connect(port, '127.0.0.1');
  const head = [
    'POST /v1/thing HTTP/1.1',
    'host: x',
    'authorization: Bearer reader',
    'content-type: application/json',
  ];
  socket.write(`${head.join('\r\n')}\r\ncontent-length: 1000\r\n\r\n{`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 403 /);
  socket.destroy();
});

test('refusals count against the rate limit', async () => {
  const statuses = await Promise.all(
    Array.from({ length: 8 }, async () => (await ask('scopeless', '/v1/thing', 'POST')).status),
  );
  assert.ok(statuses.includes(429), statuses.join());
});

test('a route without an entry stops the start', async () => {
  const server = createServer({ logger: false });
  addRoutes(server, { extra: true });
  await assert.rejects(async () => server.ready(), /GET \/v1\/forgotten has no entry in the table of access/);
});

test('an entry without a route stops the start', async () => {
  const server = createServer({ logger: false });
  addRoutes(server, { table: new Map<string, Access | 'public'>([...TABLE, ['getLost', READ]]) });
  await assert.rejects(async () => server.ready(), /getLost of the table of access has no route/);
});
