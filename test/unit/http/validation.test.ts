import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { pageQuery } from '#http/pagination.ts';
import {
  AmountSchema,
  CurrencySchema,
  closedObject,
  DateSchema,
  InstantSchema,
  MetadataSchema,
  nullable,
  pageSchema,
  SignedAmountSchema,
  typeIdSchema,
} from '#http/schemas.ts';
import { createServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { postJson, problemOf, startServer } from './test-server.ts';

const Item = closedObject({ amount: AmountSchema, kind: Type.Union([Type.Literal('a'), Type.Literal('b')]) });
const Body = closedObject({
  amount: AmountSchema,
  currency: CurrencySchema,
  to: Type.Optional(typeIdSchema('account')),
  count: Type.Optional(Type.Integer({ minimum: 1 })),
  flag: Type.Optional(Type.Boolean()),
  color: Type.Optional(Type.Enum(['red', 'blue'])),
  due: Type.Optional(DateSchema),
  at: Type.Optional(InstantSchema),
  limit: Type.Optional(nullable(AmountSchema)),
  metadata: Type.Optional(MetadataSchema),
  items: Type.Optional(Type.Array(Item, { maxItems: 10_000 })),
  address: Type.Optional(closedObject({ city: Type.String({ minLength: 1 }) })),
});
const Query = pageQuery({ open: Type.Optional(Type.Boolean()), q: Type.Optional(Type.String()) });
const Answer = Type.Object({ amount: SignedAmountSchema, note: nullable(Type.String()) });

const { origin } = await startServer((server) => {
  server.post('/body', { schema: { body: Body } }, async (request) => request.body);
  server.get('/list', { schema: { querystring: Query } }, async (request) => request.query);
  const Params = Type.Object({ id: typeIdSchema('account') });
  server.get('/accounts/:id', { schema: { params: Params } }, async (request) => ({
    id: fromTypeId('account', request.params.id),
  }));
  const response = { 200: pageSchema(Answer) };
  server.get('/answer', { schema: { response } }, async () => {
    const row = { amount: '-1.00', note: null, secret: 'x' };
    return { data: [row], nextCursor: null };
  });
});

const GOOD = { amount: '1.00', currency: 'EUR' };
const post = (body: unknown) => postJson(`${origin}/body`, JSON.stringify(body));

test('a body comes through as it was sent: no coercion, no default, nothing removed', async () => {
  const metadata = { 'order id': '7', constructor: 'x' };
  const body = { ...GOOD, limit: null, metadata, items: [{ amount: '1', kind: 'b' }], due: '2028-02-29' };
  assert.deepEqual(await (await post(body)).json(), body);
});

const AMOUNTS: unknown[] = [
  5,
  true,
  null,
  {},
  [],
  '',
  '-1',
  '+1',
  '1e3',
  ' 1',
  '1 ',
  '1,00',
  '1.',
  '.5',
  '01',
];
for (const amount of AMOUNTS) {
  test(`the amount ${JSON.stringify(amount)} is 400 invalid_amount`, async () => {
    const problem = await problemOf(await post({ ...GOOD, amount }), 400, 'invalid_amount');
    const message = 'must be a decimal string in major units, like "1250.00"';
    const named = { path: 'amount', in: 'body', pointer: '/amount', code: 'invalid_amount', message };
    assert.deepEqual(problem.errors, [named]);
  });
}

test('an amount that may be null says invalid_amount for a number too, and so does one in a list', async () => {
  await problemOf(await post({ ...GOOD, limit: 5 }), 400, 'invalid_amount');
  const problem = await problemOf(
    await post({ ...GOOD, items: [{ amount: 1, kind: 'a' }] }),
    400,
    'invalid_amount',
  );
  assert.equal(problem.errors?.[0]?.path, 'items[0].amount');
});

const REFUSED: [name: string, change: Record<string, unknown>, path: string, message: RegExp][] = [
  ['a missing amount', { amount: undefined }, 'amount', /^is required$/],
  ['an unknown field', { extra: 1 }, 'extra', /^is not a known field$/],
  ['an unknown nested field', { address: { city: 'x', zip: 1 } }, 'address.zip', /^is not a known field$/],
  ['a missing nested field', { address: {} }, 'address.city', /^is required$/],
  [
    'a missing field in a list',
    { items: [{ amount: '1', kind: 'a' }, { amount: '1' }] },
    'items[1].kind',
    /required/,
  ],
  ['a text for a number', { count: '1' }, 'count', /integer/],
  ['a fraction for an integer', { count: 1.5 }, 'count', /integer/],
  ['true for a number', { count: true }, 'count', /integer/],
  ['null for a number', { count: null }, 'count', /integer/],
  ['a number below the least', { count: 0 }, 'count', />= 1/],
  ['a text for a boolean', { flag: 'true' }, 'flag', /boolean/],
  ['a number for a boolean', { flag: 1 }, 'flag', /boolean/],
  ['a number for a currency', { currency: 978 }, 'currency', /string/],
  ['a currency in lower case', { currency: 'eur' }, 'currency', /pattern/],
  ['a colour there is not', { color: 'green' }, 'color', /^must be one of red, blue$/],
  ['a kind there is not', { items: [{ amount: '1', kind: 'c' }] }, 'items[0].kind', /^must be one of a, b$/],
  ['a date that does not exist', { due: '2027-02-29' }, 'due', /valid date/],
  ['a date with a time', { due: '2027-02-28T00:00:00Z' }, 'due', /valid date/],
  ['an instant without an offset', { at: '2027-02-28T00:00:00' }, 'at', /valid date-time/],
  ['an instant that does not exist', { at: '2027-02-30T00:00:00Z' }, 'at', /valid date-time/],
  ['metadata with a number', { metadata: { a: 1 } }, 'metadata.a', /string/],
  ['metadata with a long text', { metadata: { a: 'x'.repeat(501) } }, 'metadata.a', /500/],
  ['metadata with a long name', { metadata: { ['k'.repeat(41)]: 'x' } }, `metadata.${'k'.repeat(41)}`, /40/],
  ['metadata with an empty name', { metadata: { '': 'x' } }, 'metadata.', /1/],
];
for (const [name, change, path, message] of REFUSED) {
  test(`${name} is 400 validation_failed and named`, async () => {
    const problem = await problemOf(await post({ ...GOOD, ...change }), 400, 'validation_failed');
    assert.deepEqual(
      problem.errors?.map((error) => error.path),
      [path],
    );
    assert.match(problem.errors?.[0]?.message ?? '', message);
    assert.ok(problem.detail.startsWith(path), problem.detail);
  });
}

test('metadata takes 50 names and not 51', async () => {
  const names = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'x']));
  assert.equal((await post({ ...GOOD, metadata: names(50) })).status, 200);
  const problem = await problemOf(await post({ ...GOOD, metadata: names(51) }), 400, 'validation_failed');
  assert.equal(problem.errors?.[0]?.path, 'metadata');
});

test('all errors are told at once, up to twenty; with one that is no amount the code is validation_failed', async () => {
  await problemOf(await post({ amount: 5, currency: 5 }), 400, 'validation_failed');
  const two = await problemOf(await post({ amount: 5 }), 400, 'validation_failed');
  assert.deepEqual(two.errors?.map(({ path }) => path).sort(), ['amount', 'currency']);
  const items = Array.from({ length: 100 }, () => ({ amount: 5, kind: 'a' }));
  assert.equal((await problemOf(await post({ ...GOOD, items }), 400, 'invalid_amount')).errors?.length, 20);
});

test('of a huge body only the first error is told', async () => {
  const items = Array.from({ length: 2000 }, () => ({ amount: 5, kind: 'a' }));
  assert.equal((await problemOf(await post({ ...GOOD, items }), 400, 'invalid_amount')).errors?.length, 1);
});

test('a body that is no object is 400 validation_failed', async () => {
  for (const body of ['[]', '1', '"x"', 'null', 'true']) {
    const problem = await problemOf(await postJson(`${origin}/body`, body), 400, 'validation_failed');
    assert.equal(problem.errors?.[0]?.path, 'body');
  }
});

test('a query is read as numbers and booleans', async () => {
  const response = await fetch(`${origin}/list?limit=100&open=false&q=5`);
  assert.deepEqual(await response.json(), { limit: 100, open: false, q: '5' });
});

const QUERIES: [query: string, path: string][] = [
  ...['0', '101', 'abc', '', '-1', '1.5', '1e1', '0x10', '%201', '+1', 'NaN', '01'].map(
    (limit): [string, string] => [`limit=${limit}`, 'limit'],
  ),
  ['limit=1&limit=2', 'limit'],
  ['cursor=a&cursor=b', 'cursor'],
  ['open=1', 'open'],
  ['open=', 'open'],
  ['surprise=1', 'surprise'],
  ['__proto__=1', '__proto__'],
  ['q=a%00b', 'q'],
];
for (const [query, path] of QUERIES) {
  test(`the query ${query} is 400 validation_failed`, async () => {
    const problem = await problemOf(await fetch(`${origin}/list?${query}`), 400, 'validation_failed');
    assert.deepEqual(
      problem.errors?.map((error) => error.path),
      [path],
    );
  });
}

test('an id of the wrong form is 404 like the id of nothing, however it is written', async () => {
  const ids = [
    'x',
    'acc_x',
    'cus_01h455vb4pex5vsknk084sn02q',
    '%00',
    `acc_${'0'.repeat(500)}`,
    '0'.repeat(101),
  ];
  for (const id of ids) await problemOf(await fetch(`${origin}/accounts/${id}`), 404, 'not_found');
  assert.equal((await fetch(`${origin}/accounts/acc_01h455vb4pex5vsknk084sn02q`)).status, 200);
});

test('an answer holds what its schema names and nothing else', async () => {
  const response = await fetch(`${origin}/answer`);
  assert.deepEqual(await response.json(), { data: [{ amount: '-1.00', note: null }], nextCursor: null });
});

test('a request schema that would take unknown fields stops the start', async () => {
  const open = Type.Object({ a: Type.String() });
  for (const body of [open, closedObject({ b: open }), closedObject({ b: Type.Array(open) })]) {
    const server = createServer({ logger: false });
    server.post('/open', { schema: { body } }, async () => ({}));
    await assert.rejects(async () => server.ready(), /takes unknown fields/);
  }
});
