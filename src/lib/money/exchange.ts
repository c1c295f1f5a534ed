import { validationFailed } from '../errors.ts';
import { type Currency, currencyDecimals, parseCurrency } from './currencies.ts';
import { divideRounded, type Fraction, multiplyFractions, type RoundingOrCut } from './fraction.ts';

/** `EUR/USD`: one unit of the first currency costs so much of the second. */
export type Pair = { readonly first: Currency; readonly second: Currency };

/** A price of a pair, in units of 10⁻¹⁰ of its second currency. */
export type PairRate = { readonly pair: Pair; readonly rateE10: bigint };

/** Decimals of a rate: a bank that quotes nine has the middle of two quotes exactly. */
const RATE_DECIMALS = 10;
const SCALE = 10n ** BigInt(RATE_DECIMALS);
const GIVEN_RATE = /^(0|[1-9]\d{0,7})(?:\.(\d{1,9}))?$/;
/** The same, as the pattern of a schema. */
export const RATE_PATTERN = '^(0|[1-9][0-9]{0,7})([.][0-9]{1,9})?$';
export const PAIR_PATTERN = '^[A-Z]{3}/[A-Z]{3}$';

export const pairText = ({ first, second }: Pair): string => `${first}/${second}`;

/** The pair of a text like `EUR/USD`. Throws 400 `validation_failed` for any other. */
export function parsePair(text: string, path = 'pair'): Pair {
  const [first, second] = text.split('/').map(parseCurrency);
  const isPair = new RegExp(PAIR_PATTERN).test(text) && first !== second;
  if (isPair && first !== undefined && second !== undefined) return { first, second };
  throw validationFailed({ path, message: 'must be two currencies of ISO 4217, like "EUR/USD"' });
}

/** A rate like `1.0850`, above zero, with up to nine decimals. Throws 400 `validation_failed` for any other text. */
export function parseRate(text: string, path = 'rate'): bigint {
  const [, whole, decimals = ''] = GIVEN_RATE.exec(text) ?? [];
  const rateE10 = whole === undefined ? 0n : BigInt(`${whole}${decimals.padEnd(RATE_DECIMALS, '0')}`);
  if (rateE10 > 0n) return rateE10;
  throw validationFailed({
    path,
    message: 'must be a rate above zero like "1.0850", with up to nine decimals',
  });
}

/** A rate as text, without zeros at its end. */
export function formatRate(rateE10: bigint): string {
  const digits = (rateE10 % SCALE).toString().padStart(RATE_DECIMALS, '0').replace(/0+$/, '');
  return `${rateE10 / SCALE}${digits === '' ? '' : `.${digits}`}`;
}

/** How much of the other currency of a pair one unit of a currency is. */
function factorOf({ pair, rateE10 }: PairRate, from: Currency): Fraction {
  return from === pair.first
    ? { numerator: rateE10, denominator: SCALE }
    : { numerator: SCALE, denominator: rateE10 };
}

/** The other currency of a pair. */
const otherOf = ({ first, second }: Pair, currency: Currency): Currency =>
  currency === first ? second : first;

/** An amount in minor units in the currency that a chain of rates leads to, rounded once at its end. */
export function convertMinor(
  amountMinor: bigint,
  from: Currency,
  rates: readonly PairRate[],
  rounding: RoundingOrCut,
): bigint {
  let factor: Fraction = { numerator: 1n, denominator: 1n };
  let currency = from;
  for (const rate of rates) {
    factor = multiplyFractions(factor, factorOf(rate, currency));
    currency = otherOf(rate.pair, currency);
  }
  return divideRounded(
    amountMinor * factor.numerator * unitsOf(currency),
    factor.denominator * unitsOf(from),
    rounding,
  );
}

const unitsOf = (currency: Currency): bigint => 10n ** BigInt(currencyDecimals(currency));
