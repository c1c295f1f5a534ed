import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CashFlow, rateOfReturn } from '#lib/money/rate-of-return.ts';

const flows = (...pairs: readonly (readonly [periods: number, amount: number])[]): CashFlow[] =>
  pairs.map(([periods, amount]) => ({ periods, amount }));

function assertRate(of: readonly CashFlow[], rate: number): void {
  const found = rateOfReturn(of);
  assert.ok(found !== undefined && Math.abs(found - rate) < 1e-11, `${found}`);
}

test('what is lent and comes back with a tenth more has a rate of a tenth', () => {
  assertRate(flows([0, 100], [1, -110]), 0.1);
  assertRate(flows([0, 100], [2, -121]), 0.1);
  assertRate(flows([0, 100], [0.5, -110]), 0.21);
  assertRate(flows([0, -100], [1, 110]), 0.1);
});

test('what comes back as it was has none, and what comes back as less one below zero', () => {
  assertRate(flows([0, 100], [1, -50], [2, -50]), 0);
  assertRate(flows([0, 100], [1, -90]), -0.1);
  assertRate(flows([0, 100], [1, -15]), -0.85);
});

test('a broken period may bear simple interest', () => {
  assertRate([...flows([0, 100]), { periods: 1, simple: 0.5, amount: -115.5 }], 0.1);
});

test('of several rates it is the lowest that is not negative', () => {
  // 100 (1 - 1.1/(1+i)) (1 - 2/(1+i)): at 10 % and at 100 %.
  assertRate(flows([0, 100], [1, -310], [2, 220]), 0.1);
});

test('a day at ten percent is found, and what no rate explains is not', () => {
  assertRate(flows([0, 100], [1 / 12, -200]), 4095);
  assert.equal(rateOfReturn(flows([0, 100])), undefined);
  assert.equal(rateOfReturn(flows([0, -100], [1, -10])), undefined);
  assert.equal(rateOfReturn([]), undefined);
  assert.equal(rateOfReturn(flows([0, 100], [0, -100], [1, -1])), undefined);
  assert.equal(rateOfReturn(flows([0, 100], [1 / 365, -110])), undefined);
  assert.equal(rateOfReturn(flows([0, 100], [1, -5])), undefined);
});
