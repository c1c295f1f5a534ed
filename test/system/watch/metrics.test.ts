import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { Registry } from 'prom-client';
import { openDatabase } from '#db/database.ts';
import { randomIds } from '#lib/ids.ts';
import { systemClock } from '#lib/time/clock.ts';
import { addStateMetrics } from '#src/watch/state-metrics.ts';
import { TEST_DATA_KEY } from '#test/support/data-key.ts';
import { openBusyServer } from './busy-server.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const page = readFileSync(path.join(ROOT, 'docs/operations.md'), 'utf8');

const { url } = await openBusyServer({ after });
const text = await (await fetch(`${url}/metrics`)).text();

/** The value of a series, by its name with its labels. */
function seriesValue(series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

/** Names of metrics that a text speaks of. */
function namesIn(told: string): string[] {
  return [...new Set([...told.matchAll(/\b(?:florin|process|nodejs)_[a-z0-9_]+\b/g)].map(([name]) => name))];
}

test('what was done is counted, by route, class and code', () => {
  const requests = 'florin_http_request_duration_seconds_count';
  assert.equal(seriesValue(`${requests}{method="POST",route="/v1/deposits",status="2xx"}`), 2);
  assert.equal(seriesValue(`${requests}{method="POST",route="/v1/deposits",status="4xx"}`), 1);
  assert.equal(seriesValue(`${requests}{method="any",route="unmatched",status="4xx"}`), 1);
  const heads = seriesValue(`${requests}{method="HEAD",route="/v1/products",status="4xx"}`);
  assert.deepEqual([heads, seriesValue('florin_refusals_total{code="unauthenticated"}')], [1, 1]);
  assert.equal(seriesValue('florin_refusals_total{code="idempotency_key_reused"}'), 1);
  assert.equal(seriesValue('florin_refusals_total{code="not_found"}'), 1);
  assert.equal(seriesValue('florin_idempotent_replays_total'), 1);
  assert.equal(seriesValue('florin_posting_batch_requests_sum'), 3);
  assert.equal(seriesValue('florin_posting_batch_duration_seconds_count'), 3);
  assert.equal(seriesValue('florin_posting_queue_depth'), 0);
  assert.equal(seriesValue('florin_database_connections{pool="posting",state="max"}'), 4);
  assert.equal(seriesValue('florin_database_up'), 1);
  assert.equal(seriesValue('florin_end_of_day_runs_total{outcome="completed"}'), 1);
  assert.ok(seriesValue('florin_end_of_day_step_seconds_total{step="close-date"}')! > 0);
  assert.equal(seriesValue('florin_business_date_lag_days'), -1, 'the date that was closed is today');
  assert.equal(seriesValue('florin_end_of_day_lag_days'), 0);
  assert.equal(seriesValue('florin_read_only'), 0);
  assert.ok(seriesValue('florin_sealing_lag_seconds')! < 60);
});

test('every metric is documented, and every one that is documented is there', () => {
  const exported = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
  assert.ok(exported.length > 40);
  const documented = [...page.matchAll(/^\| `((?:florin|process|nodejs)_\w+)` *\|/gm)].map(
    ([, name = '']) => name,
  );
  assert.deepEqual(documented.toSorted(), exported.toSorted());
});

test('every metric that a dashboard or an alert names is there', () => {
  const series = new Set([...text.matchAll(/^([a-z]\w+)[{ ]/gm)].map(([, name = '']) => name));
  const files = readdirSync(path.join(ROOT, 'deploy'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^(grafana|prometheus)[/\\].*\.(json|yml)$/.test(file),
  );
  const named = files.flatMap((file) => namesIn(readFileSync(path.join(ROOT, 'deploy', file), 'utf8')));
  assert.ok(named.length > 30, `${named.length} names in ${files.join()}`);
  assert.deepEqual(
    named.filter((name) => !series.has(name)),
    [],
  );
});

test('it is said of every alert what to do', () => {
  const alerts = readFileSync(path.join(ROOT, 'deploy/prometheus/alerts.yml'), 'utf8');
  const names = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
  assert.ok(names.length > 10);
  assert.deepEqual(
    [...page.matchAll(/^### (Florin\w+)$/gm)].map(([, name = '']) => name),
    names,
  );
});

test('without a token this machine alone reads them, and nobody by way of a proxy', async () => {
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
    const answer = await fetch(`${url}/metrics`, { headers: { [name]: '203.0.113.7' } });
    assert.equal(answer.status, 403, name);
    assert.match(await answer.text(), /"code":"metrics_private"/);
  }
});

test('with a token, whoever brings it reads them', async (t) => {
  const token = 'a-token-of-more-than-32-characters';
  const { url: guarded } = await openBusyServer(t, { FLORIN_METRICS_TOKEN: token });
  for (const authorization of ['', 'Bearer ', `Bearer ${token.slice(1)}`, token]) {
    const answer = await fetch(`${guarded}/metrics`, { headers: { authorization } });
    assert.equal(answer.status, 401, authorization);
    await answer.text();
  }
  const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.7' };
  const answer = await fetch(`${guarded}/metrics`, { headers });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  assert.match(await answer.text(), /^florin_build_info\{version="[\d.]+"\} 1$/m);
});

test('a database that is away is said, and its lags are not shown as they were', async () => {
  const database = openDatabase({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' });
  const registry = new Registry();
  const { db, postingPool, poolUse } = database;
  addStateMetrics(registry, {
    context: { db, postingPool, bookId: 1, clock: systemClock, ids: randomIds, dataKey: TEST_DATA_KEY },
    poolUse,
    postingLoad: () => ({ waiting: 7, batches: 1 }),
  });
  const away = await registry.metrics();
  await database.close();
  assert.match(away, /^florin_database_up 0$/m);
  assert.match(away, /^florin_posting_queue_depth 7$/m);
  assert.doesNotMatch(away, /^florin_(sealing|business_date|end_of_day)_lag_\w+ \d/m);
});
