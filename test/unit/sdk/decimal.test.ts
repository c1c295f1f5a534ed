import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compare, type Decimal, decimal, negated, sum } from '#sdk/index.ts';
import { propertyRuns } from '#test/support/property-runs.ts';

test('an amount is a decimal text and nothing else', () => {
  for (const text of ['0', '1250.00', '-0.01', '100', '1.234']) assert.equal(decimal(text), text);
  for (const wrong of ['', '1,00', '1e3', '+1', ' 1', '01', '1.', '.5', 'NaN', '１', '1.00\n']) {
    assert.throws(() => decimal(wrong), TypeError, wrong);
  }
  assert.throws(() => decimal(12 as unknown as string), TypeError);
  // @ts-expect-error a number is not money
  const wrong: Decimal = 12;
  assert.equal(wrong, 12);
});

test('sums are exact, as far as cents and beyond what a number holds', () => {
  assert.equal(sum(decimal('0.1'), decimal('0.2')), '0.3');
  assert.equal(sum(decimal('9007199254740993.01'), decimal('0.99')), '9007199254740994.00');
  assert.equal(sum(decimal('-0.05'), decimal('0.04')), '-0.01');
  assert.equal(sum(), '0');
  assert.equal(negated(decimal('-1.50')), '1.50');
  assert.equal(compare(decimal('1.5'), decimal('1.50')), 0);
  assert.ok(compare(decimal('-2'), decimal('1.99')) < 0 && compare(decimal('10'), decimal('9')) > 0);
});

test('sums agree with whole numbers of minor units', () => {
  const minor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
  const text = (units: bigint): Decimal => {
    const digits = (units < 0n ? -units : units).toString().padStart(3, '0');
    return decimal(`${units < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`);
  };
  fc.assert(
    fc.property(fc.array(minor, { minLength: 1, maxLength: 8 }), (units) => {
      assert.equal(sum(...units.map(text)), text(units.reduce((total, one) => total + one, 0n)));
      assert.equal(sum(...units.map(text), negated(sum(...units.map(text)))), '0.00');
    }),
    { numRuns: propertyRuns(200) },
  );
});
