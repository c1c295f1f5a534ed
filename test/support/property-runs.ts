import assert from 'node:assert/strict';

/** Cases of a property in a run, times FLORIN_TEST_RUNS: 1 unless it is set, 20 at night. */
export function propertyRuns(count: number): number {
  const factor = Number(process.env.FLORIN_TEST_RUNS ?? '1');
  assert.ok(factor > 0 && Number.isFinite(factor), 'FLORIN_TEST_RUNS is a number above 0');
  return Math.ceil(count * factor);
}
