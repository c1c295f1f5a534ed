import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { IdempotencyHeaders } from '#http/idempotency.ts';
import { registerOpenApi } from '#http/openapi.ts';
import { pageQuery } from '#http/pagination.ts';
import { AmountSchema, closedObject, pageSchema, problemResponses, typeIdSchema } from '#http/schemas.ts';
import { createServer } from '#http/server.ts';
import { problemOf, sendRaw, startServer } from './test-server.ts';

const TAGS = [{ name: 'Things', description: 'All things.' }];
const Thing = Type.Object({ id: typeIdSchema('account'), amount: AmountSchema, kind: Type.Literal('thing') });
const LIST = {
  operationId: 'listThings',
  tags: ['Things'],
  summary: 'List things',
  querystring: pageQuery({ q: Type.Optional(Type.String()) }),
  response: { 200: pageSchema(Thing), ...problemResponses(400) },
};

const { origin, port } = await startServer(async (server) => {
  await registerOpenApi(server, { version: '1.2.3', tags: TAGS });
  server.get('/v1/things', { schema: LIST }, async () => ({ data: [], nextCursor: null }));
  const schema = {
    operationId: 'createThing',
    tags: ['Things'],
    summary: 'Create a thing',
    headers: IdempotencyHeaders,
    body: closedObject({ amount: AmountSchema }),
    response: { 201: Thing, ...problemResponses(400, 409, 503) },
  };
  server.post('/v1/things', { schema }, async (request, reply) => {
    reply.code(201);
    return { id: 'acc_01h455vb4pex5vsknk084sn02q', amount: request.body.amount, kind: 'thing' as const };
  });
});

type Json = { [name: string]: Json } & { [index: number]: Json };

test('the document is OpenAPI 3.1.0 and names problems, headers, queries and components', async () => {
  const response = await fetch(`${origin}/openapi.json`);
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  const document = (await response.json()) as Json;
  assert.equal(document.openapi, '3.1.0');
  assert.equal(document.info?.version, '1.2.3');
  assert.deepEqual(document.tags, TAGS);
  assert.deepEqual(Object.keys(document.paths ?? {}), ['/v1/things']);
  const { get, post } = document.paths!['/v1/things']!;
  assert.deepEqual(Object.keys(post!.responses!), ['201', '400', '409', '503']);
  assert.deepEqual(post!.responses!['409'], {
    description: 'Not possible in the present state.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  const created = post!.responses!['201']!.content!['application/json']!.schema!.properties!;
  assert.equal(created.kind!.const, 'thing');
  assert.equal(document.components!.schemas!.Problem!.type, 'object');
  const [key] = post!.parameters as unknown as Json[];
  assert.deepEqual([key!.in, key!.name, key!.required], ['header', 'Idempotency-Key', true]);
  assert.deepEqual(
    (get!.parameters as unknown as Json[]).map(({ name }) => name),
    ['limit', 'cursor', 'q'],
  );
  assert.equal(post!.requestBody!.content!['application/json']!.schema!.additionalProperties, false);
});

test('a documented route works, and the documented key is asked for by its own code alone', async () => {
  const init = { method: 'POST', body: '{"amount":"1.00"}', headers: { 'content-type': 'application/json' } };
  assert.equal((await fetch(`${origin}/v1/things`, init)).status, 201);
});

test('the page at /docs runs a script of ours and talks to nobody else', async () => {
  const page = await fetch(`${origin}/docs`);
  assert.equal(page.status, 200);
  assert.equal(page.url, `${origin}/docs/`);
  const html = await page.text();
  assert.deepEqual(html.match(/https?:\/\/[^"'\s]+/g), null);
  assert.match(html, /<script src="js\/scalar.js"><\/script>/);
  assert.match(html, /"url": "\/openapi.json"/);
  assert.match(html, /"telemetry": false/);
  assert.match(html, /"withDefaultFonts": false/);
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none';script-src 'self' 'sha256-/);
  assert.match(policy, /connect-src 'self';/);
  const script = await fetch(`${origin}/docs/js/scalar.js`);
  assert.match(script.headers.get('content-type') ?? '', /javascript/);
  assert.ok((await script.text()).length > 1_000_000);
});

test('/docs with a Host that is none is 400', async () => {
  const answer = await sendRaw(port, 'GET /docs/ HTTP/1.1\r\nhost: [\r\nconnection: close\r\n\r\n');
  assert.match(answer, /^HTTP\/1.1 400 .*"code":"bad_request"/s);
});

test('what stands outside /v1 is not in the way of a 404', async () => {
  await problemOf(await fetch(`${origin}/docs/nothing`), 404, 'not_found');
});

const LACKING: [lack: string, change: Record<string, unknown>][] = [
  ['an operationId', { operationId: undefined }],
  ['a summary', { summary: undefined }],
  ['a known tag', { tags: [] }],
  ['a known tag', { tags: ['Nonsense'] }],
  ['a success response schema', { response: undefined }],
  ['a success response schema', { response: problemResponses(400) }],
];
for (const [lack, change] of LACKING) {
  test(`a route with ${JSON.stringify(change)} does not register: it lacks ${lack}`, async () => {
    const server = createServer({ logger: false });
    await registerOpenApi(server, { version: '1', tags: TAGS });
    const schema = Object.fromEntries(
      Object.entries({ ...LIST, ...change }).filter(([, value]) => value !== undefined),
    );
    assert.throws(() => server.get('/v1/things', { schema }, async () => ({})), new RegExp(`lacks ${lack}`));
  });
}

test('two routes cannot have one operationId', async () => {
  const server = createServer({ logger: false });
  await registerOpenApi(server, { version: '1', tags: TAGS });
  server.get('/v1/a', { schema: LIST }, async () => ({ data: [], nextCursor: null }));
  assert.throws(
    () => server.get('/v1/b', { schema: LIST }, async () => ({ data: [], nextCursor: null })),
    /an operationId other than listThings/,
  );
});
