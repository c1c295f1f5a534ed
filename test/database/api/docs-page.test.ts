import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#lib/json-object.ts';
import { withoutReferences } from '#lib/json-references.ts';
import { openApi } from '#test/support/api.ts';

type Operation = {
  parameters?: { in: string; example?: unknown; required?: boolean }[];
  requestBody?: { content: Record<string, { example?: Record<string, unknown> }> };
};

const api = await openApi();
const origin = `http://127.0.0.1:${api.port}`;
const document = withoutReferences((await (await fetch(`${origin}/openapi.json`)).json()) as JsonObject) as {
  paths: Record<string, Record<string, Operation>>;
};
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

test('the page keeps the token for its tab: its script begins by taking the permanent storage away', async () => {
  const script = await (await fetch(`${origin}/docs/js/scalar.js`)).text();
  const first = "Object.defineProperty(window, 'localStorage', { get: () => window.sessionStorage });";
  assert.ok(script.startsWith(`${first}\n`), script.slice(0, 200));
  assert.match(await (await fetch(`${origin}/docs/`)).text(), /"persistAuth": true/);
});

test('the page reads a document in which every filter is unticked', async () => {
  const page = await (await fetch(`${origin}/docs/`)).text();
  assert.match(page, /"url": "\/docs\/openapi.json"/);
  const shown = withoutReferences(
    (await (await fetch(`${origin}/docs/openapi.json`)).json()) as JsonObject,
  ) as {
    paths: Record<
      string,
      Record<string, { parameters?: { in: string; name: string; required?: boolean; examples?: unknown }[] }>
    >;
  };
  const filters = Object.values(shown.paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap(({ parameters = [] }) =>
      parameters.filter((one) => one.in === 'query' && one.required !== true),
    );
  assert.ok(filters.length > 100);
  for (const { examples } of filters)
    assert.deepEqual(examples, { unused: { value: '', 'x-disabled': true } });
});

test('no filter has an example: the page would tick it', () => {
  const ticked = operations.flatMap(({ parameters = [] }) =>
    parameters.filter((one) => one.in === 'query' && one.required !== true && one.example !== undefined),
  );
  assert.deepEqual(ticked, []);
});

test('the example of a body names one payee, and one way where there are several', () => {
  const exampleOf = (path: string) =>
    document.paths[path]?.post?.requestBody?.content['application/json']?.example;
  assert.deepEqual(Object.keys(exampleOf('/v1/transfers') ?? {}), [
    'fromAccountId',
    'toIban',
    'toName',
    'amount',
    'currency',
    'reference',
  ]);
  const order = exampleOf('/v1/standing-orders') ?? {};
  assert.deepEqual(
    ['toIban', 'toAccountId', 'beneficiaryId', 'frequency', 'every', 'once'].filter((name) => name in order),
    ['toIban', 'frequency'],
  );
  assert.deepEqual(Object.keys(exampleOf('/v1/customers/{id}/beneficiaries') ?? {}), ['name', 'iban']);
  assert.deepEqual(Object.keys(exampleOf('/v1/outgoing-payments/settle') ?? {}), ['ids']);
});

test('the example of a body is one that the server takes', async () => {
  const quote = document.paths['/v1/loans/quote']?.post?.requestBody?.content['application/json']?.example;
  assert.equal((await api.post('/v1/loans/quote', quote ?? {})).status, 200);
});
