import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { PROBLEMS } from '#bank/problems.ts';
import { IdempotencyHeaders } from '#http/idempotency.ts';
import { registerOpenApi } from '#http/openapi.ts';
import { pageQuery } from '#http/pagination.ts';
import {
  AmountSchema,
  described,
  nullable,
  pageSchema,
  requestObject,
  resource,
  typeIdSchema,
} from '#http/schemas.ts';
import { createServer } from '#http/server.ts';
import { problemOf, sendRaw, startServer } from './test-server.ts';

const TAGS = [{ name: 'Things', description: 'All things.' }];
const Thing = resource('Thing', 'A thing.', {
  id: typeIdSchema('account'),
  amount: described(AmountSchema, 'What it costs.'),
  kind: Type.Literal('thing'),
  part: nullable(resource('Part', 'A part of a thing.', { name: Type.String() })),
});
const LIST = {
  operationId: 'listThings',
  tags: ['Things'],
  summary: 'List things',
  querystring: pageQuery({ q: Type.Optional(Type.String()) }),
  response: { 200: pageSchema(Thing) },
  problems: [],
};

const EXAMPLES = { createThing: { amount: '7.00' } };

const { origin, port } = await startServer(async (server) => {
  await registerOpenApi(server, { version: '1.2.3', tags: TAGS, problems: PROBLEMS, examples: EXAMPLES });
  server.get('/v1/things', { schema: LIST }, async () => ({ data: [], nextCursor: null }));
  const schema = {
    operationId: 'createThing',
    tags: ['Things'],
    summary: 'Create a thing',
    headers: IdempotencyHeaders,
    body: requestObject('CreateThingRequest', 'A thing to create.', { amount: AmountSchema }),
    response: { 201: Thing },
    problems: ['account_closed', 'same_account'],
  };
  server.post('/v1/things', { schema }, async (request, reply) => {
    reply.code(201);
    return {
      id: 'acc_01h455vb4pex5vsknk084sn02q',
      amount: request.body.amount,
      kind: 'thing' as const,
      part: null,
    };
  });
});

type Json = { [name: string]: Json } & { [index: number]: Json };

const readDocument = async () => (await (await fetch(`${origin}/openapi.json`)).json()) as Json;

test('the document is OpenAPI 3.1.0 and names headers, queries and answers', async () => {
  const response = await fetch(`${origin}/openapi.json`);
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  const document = (await response.json()) as Json;
  assert.equal(document.openapi, '3.1.0');
  assert.equal(document.info?.version, '1.2.3');
  assert.deepEqual(document.tags, TAGS);
  assert.deepEqual(Object.keys(document.paths ?? {}), ['/v1/things']);
  const { get, post } = document.paths!['/v1/things']!;
  const [key] = post!.parameters as unknown as Json[];
  assert.deepEqual([key!.in, key!.name, key!.required], ['header', 'Idempotency-Key', true]);
  assert.deepEqual(
    (get!.parameters as unknown as Json[]).map(({ name }) => name),
    ['limit', 'cursor', 'q'],
  );
});

test('a named schema is a component, and a field says of it what it is there', async () => {
  const document = await readDocument();
  const { get, post } = document.paths!['/v1/things']!;
  const schemas = document.components!.schemas!;
  const answered = (operation: Json, status: string) =>
    operation.responses![status]!.content!['application/json']!.schema;
  assert.deepEqual(answered(post!, '201'), { $ref: '#/components/schemas/Thing' });
  assert.deepEqual(answered(get!, '200'), { $ref: '#/components/schemas/ThingList' });
  assert.deepEqual(schemas.ThingList!.properties!.data!.items, { $ref: '#/components/schemas/Thing' });
  const { amount, kind, part } = schemas.Thing!.properties!;
  assert.deepEqual(amount, { description: 'What it costs.', $ref: '#/components/schemas/Amount' });
  assert.match(JSON.stringify(schemas.Amount!.description), /^"A decimal string in major units/);
  assert.equal(kind!.const, 'thing');
  assert.deepEqual(part, { anyOf: [{ $ref: '#/components/schemas/Part' }, { type: 'null' }] });
  assert.equal(schemas.Part!.type, 'object');
  const body = post!.requestBody!.content!['application/json']!.schema;
  assert.deepEqual(body, { $ref: '#/components/schemas/CreateThingRequest' });
  assert.equal(schemas.CreateThingRequest!.additionalProperties, false);
  assert.deepEqual(post!.requestBody!.content!['application/json']!.example, EXAMPLES.createThing);
});

test('an operation lists the codes of its problems: those it names and those of what it takes', async () => {
  const document = await readDocument();
  const { get, post } = document.paths!['/v1/things']!;
  const codesOf = (operation: Json): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(operation.responses!).flatMap(([status, { $ref, content }]) => {
        const name = /\w+(?="$)/.exec(JSON.stringify($ref) ?? '')?.[0] ?? '';
        const whole = $ref === undefined ? content! : document.components!.responses![name]!.content!;
        const [problem, codes] = (whole['application/problem+json']?.schema?.allOf ??
          []) as unknown as Json[];
        if (problem === undefined) return [];
        assert.deepEqual(problem, { $ref: '#/components/schemas/Problem' });
        return [[status, codes!.properties!.code!.enum]];
      }),
    );
  const unavailable = [
    'authentication_unavailable',
    'database_unavailable',
    'outcome_unknown',
    'overloaded',
    'read_only',
    'shutting_down',
  ];
  const forbidden = [
    'address_not_allowed',
    'api_key_bound',
    'forbidden',
    'password_change_required',
    'second_factor_required',
  ];
  assert.deepEqual(codesOf(get!), {
    400: ['validation_failed'],
    401: ['unauthenticated'],
    403: forbidden,
    503: unavailable,
  });
  assert.deepEqual(codesOf(post!), {
    400: ['bad_request', 'idempotency_key_required', 'invalid_amount', 'invalid_json', 'validation_failed'],
    401: ['unauthenticated'],
    403: forbidden,
    409: ['account_closed', 'idempotency_in_progress'],
    413: ['payload_too_large'],
    415: ['unsupported_media_type'],
    422: ['idempotency_key_reused', 'same_account'],
    503: unavailable,
  });
});

test('two schemas of one name, or a code that no problem has, are not served', async () => {
  for (const schema of [
    { ...LIST, response: { 200: Type.Array(resource('Thing', 'Another.', { other: Type.String() })) } },
    { ...LIST, problems: ['nonsense'] },
  ]) {
    const server = createServer({ logger: false });
    await registerOpenApi(server, { version: '1', tags: TAGS, problems: PROBLEMS, examples: {} });
    server.get('/v1/things', { schema: LIST }, async () => ({ data: [], nextCursor: null }));
    server.get('/v1/others', { schema: { ...schema, operationId: 'listOthers' } }, async () => []);
    await server.ready();
    assert.throws(() => server.swagger(), /Two schemas are called Thing|No problem has the code nonsense/);
  }
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
  assert.match(html, /"url": "\/docs\/openapi.json"/);
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
  ['an example of its body', { body: requestObject('ListRequest', 'What to list.', {}) }],
  ['a success response schema', { response: undefined }],
  ['a success response schema', { response: { 400: Type.Object({}) } }],
];
for (const [lack, change] of LACKING) {
  test(`a route with ${JSON.stringify(change)} does not register: it lacks ${lack}`, async () => {
    const server = createServer({ logger: false });
    await registerOpenApi(server, { version: '1', tags: TAGS, problems: PROBLEMS, examples: {} });
    const schema = Object.fromEntries(
      Object.entries({ ...LIST, ...change }).filter(([, value]) => value !== undefined),
    );
    assert.throws(() => server.post('/v1/things', { schema }, async () => ({})), new RegExp(`lacks ${lack}`));
  });
}

test('two routes cannot have one operationId', async () => {
  const server = createServer({ logger: false });
  await registerOpenApi(server, { version: '1', tags: TAGS, problems: PROBLEMS, examples: {} });
  server.get('/v1/a', { schema: LIST }, async () => ({ data: [], nextCursor: null }));
  assert.throws(
    () => server.get('/v1/b', { schema: LIST }, async () => ({ data: [], nextCursor: null })),
    /an operationId other than listThings/,
  );
});
