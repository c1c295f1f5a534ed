import assert from 'node:assert/strict';
import { test } from 'node:test';
import { worthOf } from '#features/accounting/positions/position.ts';
import { chainOf, cleanQuotes, type ExchangeRate } from '#features/exchange-rates/exchange-rate.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { convertMinor, formatRate, parsePair, parseRate } from '#lib/money/exchange.ts';
import { isoDate } from '#lib/time/dates.ts';

/** Figures that others published, by whom; the ones without a source are sums by hand. */

const date = isoDate('2026-03-02');
const USD = requireCurrency('USD');

const rates = (...given: readonly (readonly [pair: string, bid: string, ask: string])[]) =>
  new Map(
    given.map(([pair, bid, ask]): [ExchangeRate['currency'], ExchangeRate] => {
      const quotes = cleanQuotes({ pair, bid, ask }, USD);
      return [quotes.currency, { ...quotes, validOn: date, setBy: 'test', setAt: new Date(0) }];
    }),
  );
/** What a million of one currency is in another, over the dollar, in major units with the decimals of the other. */
const million = (table: ReturnType<typeof rates>, from: string, to: string): bigint => {
  const [sold, bought] = [requireCurrency(from), requireCurrency(to)];
  const chain = chainOf(table, { from: sold, to: bought, base: USD, date });
  return convertMinor(100_000_000n, sold, chain, 'half_even');
};

test('cross rates of the Singapore dollar in kronor: 4.6841 bid, 4.6861 asked (financetrain.com, Understanding Cross Rates)', () => {
  const table = rates(['USD/SEK', '6.6270', '6.6275'], ['USD/SGD', '1.4143', '1.4148']);
  // Who sells Singapore dollars gets the bid: 6.6270 / 1.4148 = 4.68405428...
  assert.equal(million(table, 'SGD', 'SEK'), 468_405_428n);
  // Who sells kronor pays the ask: a million kronor are 1,000,000 / (6.6275 / 1.4143) Singapore dollars.
  assert.equal(million(table, 'SEK', 'SGD'), 21_339_872n);
});

test('cross rates of the franc in pounds: 0.4271 bid, 0.4278 asked (CFA Level I practice, quoted on analystforum.com)', () => {
  const table = rates(['CHF/USD', '0.8550', '0.8560'], ['GBP/USD', '2.0010', '2.0020']);
  assert.equal(million(table, 'CHF', 'GBP'), 42_707_293n);
  // A million pounds are 1,000,000 / (0.8560 / 2.0010) francs.
  assert.equal(million(table, 'GBP', 'CHF'), 233_761_682n);
});

test('100 euros that cost 157.23 dollars gain 12.77 at 1.70 and lose 7.23 at 1.50 (P. Selinger, gnucash-devel, March 2007)', () => {
  const position = { currency: requireCurrency('EUR'), positionMinor: 10_000n, bookMinor: 15_723n };
  const gainAt = (text: string) =>
    worthOf(position, { pair: parsePair('EUR/USD'), rateE10: parseRate(text) }) - position.bookMinor;
  assert.deepEqual([gainAt('1.5723'), gainAt('1.70'), gainAt('1.50')], [0n, 1_277n, -723n]);
});

test('a half goes to the even cent, away from zero, or is cut off, as the rounding says', () => {
  const [euro, pair] = [requireCurrency('EUR'), parsePair('EUR/USD')];
  const at = (text: string, rounding: 'half_even' | 'half_up' | 'down') =>
    convertMinor(100n, euro, [{ pair, rateE10: parseRate(text) }], rounding);
  assert.deepEqual(
    [at('1.005', 'half_even'), at('1.005', 'half_up'), at('1.005', 'down')],
    [100n, 101n, 100n],
  );
  assert.deepEqual(
    [at('1.015', 'half_even'), at('1.015', 'half_up'), at('1.015', 'down')],
    [102n, 102n, 101n],
  );
});

test('currencies have decimals of their own: yen none, dinars three', () => {
  const at = (pair: string, text: string, minor: bigint, from: string) =>
    convertMinor(
      minor,
      requireCurrency(from),
      [{ pair: parsePair(pair), rateE10: parseRate(text) }],
      'half_even',
    );
  assert.equal(at('USD/JPY', '149.255', 10_000n, 'USD'), 14_926n);
  assert.equal(at('USD/JPY', '149.255', 14_926n, 'JPY'), 10_000n);
  assert.equal(at('KWD/USD', '3.2531', 1_234n, 'KWD'), 401n);
  assert.equal(at('KWD/USD', '3.2531', 401n, 'USD'), 1_233n);
});

test('the middle of two quotes of nine decimals is exact, and a rate is shown without zeros at its end', () => {
  const { midE10 } = cleanQuotes({ pair: 'EUR/USD', bid: '1.084000001', ask: '1.084000002' }, USD);
  assert.equal(formatRate(midE10), '1.0840000015');
  assert.equal(formatRate(parseRate('161.20')), '161.2');
  assert.equal(formatRate(parseRate('2')), '2');
});
