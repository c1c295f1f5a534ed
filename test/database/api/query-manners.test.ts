import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangesOf } from '#http/query-ranges.ts';
import type { JsonObject } from '#lib/json-object.ts';
import { withoutReferences } from '#lib/json-references.ts';
import {
  type Answer,
  badFields,
  created,
  DAY_MS,
  openApi,
  type Page,
  type Problem,
} from '#test/support/api.ts';
import { START_MS } from '#test/support/bank.ts';
import { exampleOf, type Schema } from './examples.ts';

type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
};
type Get = {
  readonly path: string;
  /** What the query must have, and what comes before the next parameter. */
  readonly needed: string;
  readonly names: readonly string[];
  readonly schemas: Map<string, Schema>;
};

const api = await openApi();
const admin = await api.as('admin');
const account = await api.newAccount({ balance: '10.00' });
await api.deposit(account, '20.00');
await api.newCustomer();
const gets = await readGets();

/** Every GET under /v1 with an id of a thing that is not in its path: queries are judged first. */
async function readGets(): Promise<Get[]> {
  const response = await fetch(`http://127.0.0.1:${api.port}/openapi.json`);
  const { paths } = withoutReferences((await response.json()) as JsonObject) as {
    paths: Record<string, { get?: { parameters?: Parameter[]; security?: unknown[] } }>;
  };
  return Object.entries(paths).flatMap(([path, { get }]) => {
    if (get === undefined || get.security?.length === 0 || !path.startsWith('/v1/')) return [];
    const query = (get.parameters ?? []).filter((parameter) => parameter.in === 'query');
    return {
      path: path.replaceAll(/\{[a-zA-Z]+\}/g, account.id),
      needed: `?${query
        .filter(({ required }) => required === true)
        .map(({ name, schema }) => `${name}=${String(exampleOf(schema, 'all'))}&`)
        .join('')}`,
      names: query.map(({ name }) => name),
      schemas: new Map(query.map(({ name, schema }) => [name, schema])),
    };
  });
}

/** As the one of two who may. */
async function read<Body>(path: string): Promise<Answer<Body>> {
  const answer = await api.get<Body>(path);
  return answer.status === 403 ? admin.get<Body>(path) : answer;
}

test('what is wrong with a query is told by a name that the query has', async () => {
  for (const { path, needed, names } of gets) {
    for (const name of names) {
      const { status, body } = await read<Partial<Problem>>(`${path}${needed}${name}=x`);
      const told = status === 400 ? (body.errors ?? []).map((error) => error.path) : [];
      for (const one of told) assert.ok(names.includes(one), `${path} ${name}: ${one}`);
    }
  }
});

test('every GET refuses a parameter that it does not know', async () => {
  assert.ok(gets.length > 50);
  for (const { path, needed } of gets)
    assert.deepEqual(badFields(await read(`${path}${needed}surprise=1`)), ['surprise'], path);
});

test('a DELETE refuses one too', async () => {
  assert.deepEqual(badFields(await api.delete(`/v1/customers/${account.id}?surprise=1`)), ['surprise']);
});

const LATE_AND_EARLY: Record<string, [late: string, early: string]> = {
  date: ['2026-01-10', '2026-01-09'],
  number: ['31', '30'],
  amount: ['10.00', '9.99'],
};

test('every query with two bounds refuses the first after the second, and takes them equal', async () => {
  const found: string[] = [];
  for (const { path, names, schemas } of gets) {
    for (const [least, greatest] of rangesOf(names)) {
      found.push(`${least}–${greatest}`);
      const { type, pattern } = schemas.get(least) as { type?: string; pattern?: string };
      const kind = type === 'integer' ? 'number' : pattern === undefined ? 'date' : 'amount';
      const [late, early] = LATE_AND_EARLY[kind]!;
      const currency = names.includes('currency') ? '&currency=EUR' : '';
      const asked = (end: string) => read(`${path}?${least}=${late}&${greatest}=${end}${currency}`);
      assert.deepEqual(badFields(await asked(early)), [greatest], `${path} ${least}`);
      assert.notEqual((await asked(late)).status, 400, `${path} ${least}`);
    }
  }
  const kinds = ['from–to', 'minAmount–maxAmount', 'minDaysPastDue–maxDaysPastDue', 'dueFrom–dueTo'];
  for (const kind of kinds) assert.ok(found.includes(kind), kind);
  assert.ok(found.length >= 9, found.join());
});

test('a range of instants and dates is judged by what they mean', async () => {
  const asked = (from: string, to: string) => admin.get(`/v1/audit-log?from=${from}&to=${to}`);
  created(await asked('2026-01-31T23:59:59Z', '2026-01-31'));
  created(await asked('2026-02-01T00:30:00%2B01:00', '2026-01-31'));
  assert.deepEqual(badFields(await asked('2026-02-01T00:00:00Z', '2026-01-31')), ['to']);
  assert.deepEqual(badFields(await asked('2026-01-31T12:00:00Z', '2026-01-31T11:59:59Z')), ['to']);
});

test('a cursor is good for its own list, with the same filters, at any length of a page', async () => {
  const first = created(await api.get<Page<{ id: string }>>('/v1/customers?limit=1'));
  assert.ok(first.nextCursor !== null);
  const cursor = first.nextCursor;
  const next = created(await api.get<Page<{ id: string }>>(`/v1/customers?limit=5&cursor=${cursor}`));
  assert.notEqual(next.data[0]?.id, first.data[0]?.id);
  for (const { path, needed, names } of gets) {
    if (!names.includes('cursor') || path === '/v1/customers') continue;
    assert.deepEqual(badFields(await read(`${path}${needed}cursor=${cursor}`)), ['cursor'], path);
  }
  const filtered = await api.get(`/v1/customers?status=active&cursor=${cursor}`);
  assert.deepEqual(badFields(filtered), ['cursor']);
});

test('a cursor of the lines of an account is not one of another account', async () => {
  const other = await api.newAccount({ balance: '1.00' });
  const path = (id: string) => `/v1/accounts/${id}/transactions`;
  const { nextCursor } = created(await api.get<Page<unknown>>(`${path(account.id)}?limit=1`));
  created(await api.get(`${path(account.id)}?cursor=${nextCursor}`));
  assert.deepEqual(badFields(await api.get(`${path(other.id)}?cursor=${nextCursor}`)), ['cursor']);
});

test('there are no figures as of the future', async () => {
  const paths = [
    `/v1/accounts/${account.id}/balance`,
    `/v1/accounts/${account.id}/balance-confirmation`,
    `/v1/accounts/${account.id}/balance/explain`,
    '/v1/accounting/balance-sheet',
    '/v1/accounting/cash-flow',
    '/v1/accounting/positions',
    '/v1/accounting/profit-and-loss',
    '/v1/accounting/trial-balance',
    '/v1/loans/portfolio',
  ];
  assert.deepEqual(
    gets
      .filter(({ names }) => names.includes('asOf'))
      .map(({ path }) => path)
      .sort(),
    paths.sort(),
  );
  for (const path of paths) {
    assert.equal((await api.get(`${path}?asOf=2026-01-14`)).status, 200, path);
    assert.deepEqual(badFields(await api.get(`${path}?asOf=2026-01-15`)), ['asOf'], path);
  }
  const balance = (instantMs: number) =>
    api.get(`/v1/accounts/${account.id}/balance?asOf=${new Date(instantMs).toISOString()}`);
  created(await balance(START_MS));
  assert.deepEqual(badFields(await balance(START_MS + 1)), ['asOf']);
  assert.deepEqual(badFields(await balance(START_MS + DAY_MS)), ['asOf']);
});
