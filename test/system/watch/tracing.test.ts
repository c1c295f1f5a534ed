import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { createTestDatabase } from '#test/support/test-database.ts';
import { createCustomer, openAccount, tokenOf } from '#test/system/processes/bank-client.ts';
import { Installation, type Scope } from '#test/system/processes/florin-process.ts';
import { Collector, type ExportedSpan } from './collector.ts';

/** Kinds of spans, as OTLP numbers them. */
const INTERNAL = 1;
const SERVER = 2;
const CLIENT = 3;

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE_ID}-${PARENT_ID}-01`;

const READ_TRACES = Array.from({ length: 16 }, (_, index) => String(index).padStart(32, 'ab'));

async function openTraced(t: Scope, environment: Readonly<Record<string, string>> = {}) {
  const collector = new Collector();
  const endpoint = await collector.open();
  const { databaseUrl, drop } = await createTestDatabase();
  t.after(() => collector.close());
  const florin = new Installation(t, { DATABASE_URL: databaseUrl }).serve({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    LOG_LEVEL: 'info',
    ...environment,
  });
  t.after(drop);
  return { collector, florin, url: await florin.ready() };
}

/** Pays in; the answer's Request-Id. */
async function pay(url: string, accountId: string, key: string, headers: Record<string, string> = {}) {
  const body = { accountId, amount: '10.00', currency: 'EUR', mode: 'cash', description: 'sesame-text' };
  const answer = await fetch(`${url}/v1/deposits`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      authorization: `Bearer ${tokenOf(url)}`,
      'content-type': 'application/json',
      'idempotency-key': key,
      ...headers,
    },
  });
  assert.equal(answer.status, 201, await answer.text());
  return answer.headers.get('request-id');
}

async function readBalance(url: string, accountId: string, traceId: string): Promise<void> {
  const headers = {
    authorization: `Bearer ${tokenOf(url)}`,
    traceparent: `00-${traceId}-${PARENT_ID}-01`,
  };
  const answer = await fetch(`${url}/v1/accounts/${accountId}/balance`, { headers });
  assert.equal(answer.status, 200, await answer.text());
}

/** Whether a span is, over any number of steps, a part of another. */
function isWithin(spans: readonly ExportedSpan[], span: ExportedSpan, outer: ExportedSpan): boolean {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent !== undefined && (parent.spanId === outer.spanId || isWithin(spans, parent, outer));
}

test('a payment is one trace: the caller’s, the request, its batch, and every statement of that', async (t) => {
  const { collector, florin, url } = await openTraced(t, {
    OTEL_SERVICE_NAME: 'harbour bank',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=harbour',
  });
  const accountId = await openAccount(url, await createCustomer(url));
  const requestId = await pay(url, accountId, 'sesame-key', { traceparent: TRACEPARENT });
  const missing = await fetch(`${url}/v1/accounts/${accountId}`);
  assert.equal(missing.status, 401);
  await missing.text();
  await Promise.all(READ_TRACES.map((traceId) => readBalance(url, accountId, traceId)));
  assert.deepEqual(await florin.stop(), { exitCode: 0, signal: null });

  for (const traceId of READ_TRACES) {
    const read = collector.spans.filter((span) => span.traceId === traceId);
    const names = new Set(read.map(({ name }) => name));
    // Reads that come together share a statement, unless somebody follows them.
    assert.deepEqual([...names].toSorted(), ['GET /v1/accounts/:id/balance', 'select']);
  }
  const spans = collector.spans.filter(({ traceId }) => traceId === TRACE_ID);
  const [request, ...others] = spans.filter(({ kind }) => kind === SERVER);
  assert.ok(request !== undefined && others.length === 0);
  assert.equal(request.name, 'POST /v1/deposits');
  assert.equal(request.parentSpanId, PARENT_ID);
  assert.deepEqual(request.attributes, {
    'http.request.method': 'POST',
    'http.route': '/v1/deposits',
    'http.response.status_code': 201,
    'florin.request_id': requestId,
  });
  const [batch, ...more] = spans.filter(({ kind }) => kind === INTERNAL);
  assert.ok(batch !== undefined && more.length === 0);
  assert.equal(batch.name, 'posting batch');
  assert.equal(batch.parentSpanId, request.spanId);
  assert.equal(batch.attributes['florin.batch.requests'], 1);
  const statements = spans.filter(({ kind }) => kind === CLIENT);
  const inBatch = statements.filter((span) => isWithin(spans, span, batch));
  const names = inBatch.map(({ name }) => name);
  assert.ok(names.includes('begin') && names.includes('commit') && names.includes('insert'), names.join());
  assert.ok(
    inBatch.some(({ attributes }) => String(attributes['db.query.text']).startsWith('insert into postings')),
  );
  for (const span of statements) assert.ok(isWithin(spans, span, request), span.name);
  assert.ok(statements.length > inBatch.length, 'what is read for the request before its batch');

  const refused = collector.spans.find(({ name }) => name === 'GET /v1/accounts/:id');
  assert.equal(refused?.attributes['florin.outcome'], 'unauthenticated');
  assert.equal(refused?.status.code ?? 0, 0, 'a refusal is no error of the server');
  assert.deepEqual([...collector.services], ['harbour bank']);
  for (const { path, headers } of collector.requests) {
    assert.equal(path, '/v1/traces');
    assert.equal(headers['x-tenant'], 'harbour');
  }
  assert.match(florin.stdout, new RegExp(`"requestId":"${requestId}".*"traceId":"${TRACE_ID}"`));
  assert.doesNotMatch(collector.text, /sesame|Lovelace/, 'no values, and no data of anybody');
});

test('requests that are posted together are each a trace, and the batch refers to all', async (t) => {
  const { collector, florin, url } = await openTraced(t);
  const accountId = await openAccount(url, await createCustomer(url));
  await Promise.all(Array.from({ length: 40 }, (_, index) => pay(url, accountId, `together-${index}`)));
  assert.equal((await florin.stop()).exitCode, 0);
  const requests = collector.spans.filter(({ name }) => name === 'POST /v1/deposits');
  assert.equal(new Set(requests.map(({ traceId }) => traceId)).size, 40);
  const batches = collector.spans.filter(({ name }) => name === 'posting batch');
  const served = batches.flatMap(({ parentSpanId = '', links = [] }) => [
    parentSpanId,
    ...links.map(({ spanId }) => spanId),
  ]);
  assert.equal(served.length, 40, 'each is posted once');
  assert.deepEqual(new Set(served), new Set(requests.map(({ spanId }) => spanId)));
  assert.ok(batches.length < 40, `${batches.length} batches`);
});

test('of requests whose caller does not decide, only the share that is wanted is traced', async (t) => {
  const { collector, florin, url } = await openTraced(t, { OTEL_TRACES_SAMPLER_ARG: '0' });
  const accountId = await openAccount(url, await createCustomer(url));
  await pay(url, accountId, 'nobody-asked');
  await pay(url, accountId, 'somebody-asked', { traceparent: TRACEPARENT });
  await pay(url, accountId, 'not-wanted', { traceparent: TRACEPARENT.replace(/01$/, '00') });
  await pay(url, accountId, 'nonsense', { traceparent: 'nonsense' });
  assert.equal((await florin.stop()).exitCode, 0);
  assert.deepEqual([...new Set(collector.spans.map(({ traceId }) => traceId))], [TRACE_ID]);
  assert.equal(collector.spans.filter(({ kind }) => kind === SERVER).length, 1);
});

test('a collector that is away holds nothing up, the stop of the server neither', async (t) => {
  const { databaseUrl, drop } = await createTestDatabase();
  const florin = new Installation(t, { DATABASE_URL: databaseUrl }).serve({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
  });
  t.after(drop);
  const url = await florin.ready();
  await pay(url, await openAccount(url, await createCustomer(url)), 'away');
  const startedMs = performance.now();
  assert.deepEqual(await florin.stop(), { exitCode: 0, signal: null });
  assert.ok(performance.now() - startedMs < 10_000);
});

test('without an endpoint nothing of OpenTelemetry’s SDK is loaded', async () => {
  const loaded: string[] = [];
  const hooks = registerHooks({
    load: (url, context, nextLoad) => {
      loaded.push(url);
      return nextLoad(url, context);
    },
  });
  const { openWatch } = await import('#src/watch/watch.ts');
  const watch = await openWatch('1.0.0', undefined);
  assert.equal(watch.observer.tracer, undefined);
  const isSdk = (url: string): boolean => /@opentelemetry\/(sdk|exporter|otlp|core|resources)/.test(url);
  assert.deepEqual(loaded.filter(isSdk), []);
  assert.ok(loaded.some((url) => url.includes('prom-client')));
  const tracing = { endpoint: 'http://127.0.0.1:1', headers: {}, serviceName: 'florin', sampledShare: 1 };
  await (await openWatch('1.0.0', tracing)).close();
  assert.ok(loaded.some(isSdk), 'the hook sees what is loaded');
  hooks.deregister();
});
