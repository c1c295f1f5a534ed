/** A model of conversions in plain fractions, which shares no code with the bank: numbers are pairs of bigints. */

type Fraction = readonly [numerator: bigint, denominator: bigint];

const DECIMALS: Readonly<Record<string, number>> = { EUR: 2, USD: 2, GBP: 2, JPY: 0, KWD: 3 };
const BASE = 'EUR';

const times = (one: Fraction, other: Fraction): Fraction => [one[0] * other[0], one[1] * other[1]];
const over = (one: Fraction, other: Fraction): Fraction => times(one, [other[1], other[0]]);

/** A decimal text as a fraction. */
export function fractionOf(text: string): Fraction {
  const [whole = '0', decimals = ''] = text.split('.');
  return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)];
}

/** The nearest whole number; a half goes to the even one. */
function nearest([numerator, denominator]: Fraction): bigint {
  const sign = numerator < 0n ? -1n : 1n;
  const size = numerator * sign;
  const candidates = [size / denominator, size / denominator + 1n];
  const distance = (one: bigint): bigint => {
    const difference = one * denominator - size;
    return difference < 0n ? -difference : difference;
  };
  const [low = 0n, high = 0n] = candidates;
  const isHigh = distance(high) < distance(low) || (distance(high) === distance(low) && high % 2n === 0n);
  return sign * (isHigh ? high : low);
}

const units = (currency: string): Fraction => [10n ** BigInt(DECIMALS[currency] ?? 2), 1n];

export type ModelRate = {
  readonly pair: string;
  readonly bid: string;
  readonly ask: string;
  readonly mid: string;
};
export type ModelConversion = {
  readonly sold: string;
  readonly soldMinor: bigint;
  readonly bought: string;
  readonly boughtMinor: bigint;
};

/** The bank’s side of what customers convert: what it has of each currency, and what it has earned. */
export class ConversionModel {
  readonly rates = new Map<string, ModelRate>();
  readonly has = new Map<string, bigint>();

  /** How much base currency one unit of a currency costs, as the customer sells it to the bank or buys it. */
  #price(currency: string, side: 'sells' | 'buys' | 'mid'): Fraction {
    if (currency === BASE) return [1n, 1n];
    const rate = this.rates.get(currency);
    if (rate === undefined) throw new TypeError(`no rate of ${currency}`);
    const isDirect = rate.pair.startsWith(currency);
    const text = side === 'mid' ? rate.mid : (side === 'sells') === isDirect ? rate.bid : rate.ask;
    return isDirect ? fractionOf(text) : over([1n, 1n], fractionOf(text));
  }

  /** What a customer gets for an amount, or pays for one. */
  quote(sold: string, bought: string, fixed: 'sold' | 'bought', amountMinor: bigint): ModelConversion {
    const factor = over(this.#price(sold, 'sells'), this.#price(bought, 'buys'));
    if (fixed === 'sold') {
      const major = over([amountMinor, 1n], units(sold));
      return {
        sold,
        soldMinor: amountMinor,
        bought,
        boughtMinor: nearest(times(times(major, factor), units(bought))),
      };
    }
    const major = over([amountMinor, 1n], units(bought));
    return {
      sold,
      soldMinor: nearest(times(over(major, factor), units(sold))),
      bought,
      boughtMinor: amountMinor,
    };
  }

  book({ sold, soldMinor, bought, boughtMinor }: ModelConversion, sign: 1n | -1n): void {
    this.has.set(sold, (this.has.get(sold) ?? 0n) + sign * soldMinor);
    this.has.set(bought, (this.has.get(bought) ?? 0n) - sign * boughtMinor);
  }

  worth(currency: string): bigint {
    const major = over([this.has.get(currency) ?? 0n, 1n], units(currency));
    return nearest(times(times(major, this.#price(currency, 'mid')), units(BASE)));
  }

  /** All that it has, at the middle rates: it began with nothing, so this is what it has earned. */
  get earnedMinor(): bigint {
    return [...this.has.keys()].reduce((sum, currency) => sum + this.worth(currency), 0n);
  }
}
