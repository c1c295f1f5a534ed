import { type Currency, currencyDecimals } from '#lib/money/currencies.ts';
import { divideRounded } from '#lib/money/fraction.ts';
import { MINOR_PARTS } from './state.ts';

/** Decimals of a minor unit that exact interest is shown with: a part of one is some 10⁻¹² of it. */
const MORE_DECIMALS = 10;

/**
 * Exact interest in major units: with all decimals of the currency, and up to ten more, without zeros at their end.
 * `over` divides the amount of an average.
 */
export function formatParts(parts: bigint, currency: Currency, over = 1n): string {
  const decimals = currencyDecimals(currency);
  const scaled = divideRounded(parts * 10n ** BigInt(MORE_DECIMALS), MINOR_PARTS * over, 'half_even');
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + MORE_DECIMALS + 1, '0');
  const whole = digits.slice(0, -decimals - MORE_DECIMALS);
  const minor = digits.slice(whole.length, whole.length + decimals);
  const more = digits.slice(whole.length + decimals).replace(/0+$/, '');
  const fraction = `${minor}${more}`;
  return `${scaled < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
