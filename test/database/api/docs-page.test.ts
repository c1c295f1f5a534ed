import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REQUEST_EXAMPLES } from '#bank/examples/request-examples.ts';
import type { JsonObject } from '#lib/json-object.ts';
import { withoutReferences } from '#lib/json-references.ts';
import { type Answer, created, openApi } from '#test/support/api.ts';
import { Lending } from './loans.ts';
import { readOperations } from './operations.ts';
import { withExample } from './sent-examples.ts';
import { Depositing } from './time-deposits.ts';

type Operation = {
  parameters?: { in: string; example?: unknown; required?: boolean }[];
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

const examples = new Map((await readOperations(api)).map(({ id, example }) => [id, example]));

/** Operations that reckon and change nothing: what the body of the document is sent to. */
const QUOTES: Readonly<Record<string, () => Promise<() => Promise<Answer>>>> = {
  quoteInterest: async () => () => api.post('/v1/interest/quote', {}),
  quoteLoan: async () => () => api.post('/v1/loans/quote', {}),
  quoteLoanPayoff: async () => {
    const loan = await new Lending(api).newLoan(await api.newAccount());
    return () => api.post(`/v1/loans/${loan.id}/payoff-quote`, {});
  },
  quoteTimeDeposit: async () => {
    const product = await new Depositing(api).define('quoted');
    return () => api.post('/v1/time-deposits/quote', { product });
  },
  quoteConversion: async () => {
    const { id: fromAccountId, customerId } = await api.newAccount();
    const { id: toAccountId } = await api.newAccount({ customerId, currency: 'USD' });
    created(await api.post('/v1/exchange-rates', examples.get('setExchangeRate') ?? {}));
    return () => api.post('/v1/conversions/quote', { fromAccountId, toAccountId });
  },
};

for (const [operation, prepare] of Object.entries(QUOTES)) {
  test(`${operation} takes the body of the document`, async () => {
    const answer = await withExample(examples.get(operation), await prepare());
    assert.equal(answer.status, 200, answer.text);
  });
}

test('what has a body has an example of it, and there is no other example', () => {
  const withBody = [...examples].flatMap(([id, example]) => (example === undefined ? [] : [id]));
  assert.ok(withBody.length > 100);
  assert.deepEqual(Object.keys(REQUEST_EXAMPLES).toSorted(), withBody.toSorted());
});
