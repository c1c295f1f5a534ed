import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Results } from './report/results.ts';

const BENCH = fileURLToPath(new URL('main.ts', import.meta.url));

/** It takes 20 seconds; a busy machine may take several times as long. Nothing here is about speed. */
const TIMEOUT_MS = 300_000;

/** One row of each kind. */
const SOME_ROWS = [
  'tpcb-64',
  'tpcb-hot-64',
  'tutorial-64',
  'http-transfers-1',
  'http-hot-64',
  'http-deposits-64',
  'http-balances-64',
  'http-lines-64',
  'http-mix-64',
  'http-batch-1000',
  'http-batch-10000',
  'kernel',
  'slope-short',
  'slope-long',
  'history-page-1',
  'history-page-1000',
  'history-balance-as-of',
  'import-berka',
  'end-of-day',
  'month-end',
  'interest-day',
  'interest-month-end',
  'charges-day',
  'charges-month-end',
  'backup',
  'restore',
  'loans-day',
  'loan-quote',
];

test('the benchmark runs, and every row of it yields numbers', { timeout: TIMEOUT_MS }, async () => {
  const results = await runSmoke();
  const ids = results.rows.map(({ id }) => id);
  assert.deepEqual(
    SOME_ROWS.filter((id) => !ids.includes(id)),
    [],
  );
  for (const row of results.rows) {
    assert.equal(row.skipped, undefined, row.id);
    const { p50Ms, p95Ms, p99Ms } = row.latency ?? {};
    for (const value of [row.throughput, p50Ms, p95Ms, p99Ms]) {
      assert.ok(
        value !== undefined && value > 0 && Number.isFinite(value),
        `${row.id}: ${JSON.stringify(row)}`,
      );
    }
  }
});

async function runSmoke(): Promise<Results> {
  const folder = await mkdtemp(join(tmpdir(), 'florin-bench-smoke-'));
  try {
    const file = join(folder, 'results.json');
    // The child must not report as a test of this run.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, [BENCH, '--smoke', '--out', file], { env });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    child.stdout.resume();
    await once(child, 'exit');
    assert.equal(child.exitCode, 0, said);
    return JSON.parse(await readFile(file, 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
