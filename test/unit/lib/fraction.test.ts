import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addFractions, compareFractions, divideRounded, parsePercent } from '#lib/money/fraction.ts';

const ROWS: readonly [numerator: bigint, denominator: bigint, halfEven: bigint, halfUp: bigint][] = [
  [4n, 10n, 0n, 0n],
  [5n, 10n, 0n, 1n],
  [6n, 10n, 1n, 1n],
  [15n, 10n, 2n, 2n],
  [25n, 10n, 2n, 3n],
  [2500000000000000000001n, 1000000000000000000000n, 3n, 3n],
  [2499999999999999999999n, 1000000000000000000000n, 2n, 2n],
  [-5n, 10n, 0n, -1n],
  [-15n, 10n, -2n, -2n],
  [-25n, 10n, -2n, -3n],
  [0n, 7n, 0n, 0n],
];

for (const [numerator, denominator, halfEven, halfUp] of ROWS) {
  test(`${numerator}/${denominator} is ${halfEven}, or ${halfUp} with halves up`, () => {
    assert.equal(divideRounded(numerator, denominator, 'half_even'), halfEven);
    assert.equal(divideRounded(numerator, denominator, 'half_up'), halfUp);
  });
}

test('nothing is divided by zero or less', () => {
  for (const denominator of [0n, -1n]) assert.throws(() => divideRounded(1n, denominator, 'half_even'));
});

test('a percentage is a hundredth, exactly', () => {
  assert.deepEqual(parsePercent('9.4822'), { numerator: 94822n, denominator: 1000000n });
  assert.deepEqual(parsePercent('0'), { numerator: 0n, denominator: 100n });
  for (const text of ['', '.5', '5.', '01', '-1', '+1', '1e3', '1,5', ' 1', '1.0000001', '10000', 'NaN']) {
    assert.equal(parsePercent(text), undefined, text);
  }
});

test('fractions add up over unlike denominators', () => {
  const sum = addFractions({ numerator: 20n, denominator: 365n }, { numerator: 11n, denominator: 366n });
  assert.equal(compareFractions(sum, { numerator: 20n * 366n + 11n * 365n, denominator: 365n * 366n }), 0);
});
