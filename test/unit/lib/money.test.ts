import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Currency, listCurrencies } from '#lib/money/currencies.ts';
import {
  formatAmount,
  MAX_MINOR,
  MIN_MINOR,
  parseAmount,
  parseAmountOrZero,
  parseBound,
} from '#lib/money/money.ts';
import { propertyRuns } from '#test/support/property-runs.ts';

const EUR = 'EUR' as Currency;
const JPY = 'JPY' as Currency;
const KWD = 'KWD' as Currency;

const PARSED: [text: string, currency: Currency, amountMinor: bigint][] = [
  ['0.01', EUR, 1n],
  ['0.1', EUR, 10n],
  ['1', EUR, 100n],
  ['1.0', EUR, 100n],
  ['1.00', EUR, 100n],
  ['1250.50', EUR, 125_050n],
  ['999999999999.99', EUR, 99_999_999_999_999n],
  ['1', JPY, 1n],
  ['999999999999', JPY, 999_999_999_999n],
  ['0.001', KWD, 1n],
  ['1.2', KWD, 1200n],
  ['999999999999.999', KWD, 999_999_999_999_999n],
];
for (const [text, currency, amountMinor] of PARSED) {
  test(`${text} ${currency} is ${amountMinor} minor units`, () => {
    assert.equal(parseAmount(text, currency), amountMinor);
  });
}

const REFUSED: [text: string, currency: Currency][] = [
  ['0', EUR],
  ['0.00', EUR],
  ['0.001', EUR],
  ['1.000', EUR],
  ['0.1', JPY],
  ['1.', JPY],
  ['0.0001', KWD],
  ['1000000000000.00', EUR],
  ['1000000000000', JPY],
  ['1000000000000.000', KWD],
  ['92233720368547758.07', EUR],
  ['92233720368547758.08', EUR],
  ['9223372036854775807', JPY],
  ['-1', EUR],
  ['+1', EUR],
  ['01', EUR],
  ['.5', EUR],
  ['5.', EUR],
  ['1e3', EUR],
  ['1,5', EUR],
  ['1 0', EUR],
  [' 1', EUR],
  ['1\n', EUR],
  ['', EUR],
  ['NaN', EUR],
  ['Infinity', EUR],
  ['0x1', EUR],
  ['１', EUR],
  ['٣', EUR],
  ['9'.repeat(40), EUR],
  ['9'.repeat(1_000_000), EUR],
];
for (const [text, currency] of REFUSED) {
  test(`${JSON.stringify(text.slice(0, 41))} ${currency} is 400 invalid_amount`, () => {
    const error = { status: 400, code: 'invalid_amount' };
    assert.throws(() => parseAmount(text, currency, 'limit'), { ...error, fields: fieldsOf(text, currency) });
  });
}

function fieldsOf(text: string, currency: Currency): readonly { path: string }[] {
  try {
    parseAmount(text, currency, 'limit');
    return [];
  } catch (error) {
    const { fields } = error as { fields: readonly { path: string }[] };
    assert.deepEqual(
      fields.map(({ path }) => path),
      ['limit'],
    );
    return fields;
  }
}

test('zero is an amount where zero is allowed, and nothing else is more', () => {
  assert.equal(parseAmountOrZero('0', EUR), 0n);
  assert.equal(parseAmountOrZero('0.00', EUR), 0n);
  assert.equal(parseAmountOrZero('0.01', EUR), 1n);
  assert.throws(() => parseAmountOrZero('-0', EUR), { code: 'invalid_amount' });
  assert.throws(() => parseAmountOrZero('0.000', EUR), { code: 'invalid_amount' });
});

const FORMATTED: [amountMinor: bigint, currency: Currency, text: string][] = [
  [0n, EUR, '0.00'],
  [1n, EUR, '0.01'],
  [-1n, EUR, '-0.01'],
  [99n, EUR, '0.99'],
  [100n, EUR, '1.00'],
  [-125_050n, EUR, '-1250.50'],
  [0n, JPY, '0'],
  [-5n, JPY, '-5'],
  [0n, KWD, '0.000'],
  [999n, KWD, '0.999'],
  [-1000n, KWD, '-1.000'],
  [MAX_MINOR, EUR, '92233720368547758.07'],
  [MIN_MINOR, EUR, '-92233720368547758.07'],
];
for (const [amountMinor, currency, text] of FORMATTED) {
  test(`${amountMinor} minor units of ${currency} are written ${text}`, () => {
    assert.equal(formatAmount(amountMinor, currency), text);
  });
}

const anyCurrency = fc.constantFrom(...listCurrencies().map(({ currency }) => currency));

test('every amount of every currency that is written is read again as the same', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: MAX_MINOR }), anyCurrency, (amountMinor, currency) => {
      const text = formatAmount(amountMinor, currency);
      assert.equal(parseBound(text, currency), amountMinor);
      if (text.split('.')[0]!.length <= 12) assert.equal(parseAmount(text, currency), amountMinor);
      else assert.throws(() => parseAmount(text, currency), { code: 'invalid_amount' });
    }),
    { numRuns: propertyRuns(2000) },
  );
});

test('a negative amount is written as the positive one with a sign', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: MAX_MINOR }), anyCurrency, (amountMinor, currency) => {
      assert.equal(formatAmount(-amountMinor, currency), `-${formatAmount(amountMinor, currency)}`);
    }),
  );
});

test('no text whatever is read as an amount that is written differently, but for zeros at its end', () => {
  const digits = fc.stringMatching(/^[-+ 0-9.,eE]{0,22}$/);
  fc.assert(
    fc.property(fc.oneof(digits, fc.string()), (text) => {
      let amountMinor: bigint;
      try {
        amountMinor = parseAmount(text, EUR);
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'invalid_amount');
        return;
      }
      const [whole = '', fraction = ''] = text.split('.');
      assert.equal(formatAmount(amountMinor, EUR), `${whole}.${fraction.padEnd(2, '0')}`);
    }),
    { numRuns: propertyRuns(5000) },
  );
});
