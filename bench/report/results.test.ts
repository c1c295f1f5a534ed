import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Measurement, Row } from '../measurement.ts';
import { summarize } from './results.ts';

const ROW: Row = {
  id: 'http-transfers-64',
  group: 'HTTP',
  title: 'transfers',
  unit: 'transfers/s',
  clients: 64,
  measure: () => Promise.reject(new TypeError('measured before')),
};

/** A window of two seconds: operations a second, and the microseconds of CPU that each took. */
function measured(perSecond: number, serverUs: number, postgresUs: number): Measurement {
  const seconds = (us: number): number => (us * perSecond * 2) / 1e6;
  return {
    operations: perSecond * 2,
    elapsedSeconds: 2,
    windowSeconds: 2,
    latency: { p50Ms: 1, p95Ms: 2, p99Ms: 3 },
    cpuSeconds: { client: 0.1, server: seconds(serverUs), postgres: seconds(postgresUs) },
  };
}

test('against another checkout, a row shows the median of the ratios of its rounds', () => {
  const rounds = [measured(1_000, 60, 40), measured(3_000, 60, 90), measured(2_000, 50, 50)];
  const others = [measured(500, 100, 100), measured(2_000, 100, 50), measured(2_500, 50, 75)];
  const [row] = summarize([{ row: ROW, rounds, others, skipped: undefined }]);
  // Processor time: 0.5, 1 and 0.8; throughput: 2, 1.5 and 0.8.
  assert.equal(row?.timesOther?.cpu.toFixed(3), '0.800');
  assert.equal(row?.timesOther?.throughput.toFixed(3), '1.500');
});

test('a row that the other checkout was not measured with shows nothing of it', () => {
  const [row] = summarize([{ row: ROW, rounds: [measured(1, 1, 1)], others: [], skipped: undefined }]);
  assert.equal(row?.timesOther, undefined);
});
