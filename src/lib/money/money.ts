import { commonError, type FlorinError } from '../errors.ts';
import { isUnjudged } from '../unjudged.ts';
import { type Currency, currencyDecimals } from './currencies.ts';

/** An amount in minor units (cents for EUR, yen for JPY) with its currency. */
export type Money = { readonly amountMinor: bigint; readonly currency: Currency };

/** The largest PostgreSQL bigint, and so the largest amount and balance. */
export const MAX_MINOR = 2n ** 63n - 1n;
export const MIN_MINOR = -MAX_MINOR;

/**
 * Digits before the point that an amount may have: 999,999,999,999.99 EUR is the largest. Far below what a balance can
 * hold, so that no single request comes near an overflow, and above what any bank moves at once.
 */
const MAX_WHOLE_DIGITS = 12;
const FORM = 'must be a decimal string in major units, like "1250.00"';
const TOO_LARGE = `must have at most ${MAX_WHOLE_DIGITS} digits before the point`;

/** Digits of the largest balance, and a point: longer text is refused before it is looked at. */
const MAX_AMOUNT_LENGTH = 20;
const AMOUNT = /^(0|[1-9]\d*)(?:\.(\d+))?$/;

/**
 * Minor units of a positive amount in major units: `1250.00`, `100` (JPY), `1.234` (KWD).
 * Throws 400 `invalid_amount` for anything else: a sign, an exponent, spaces, separators, leading zeros,
 * more decimals than the currency has, zero, or more than twelve digits before the point.
 */
export function parseAmount(text: string, currency: Currency, path = 'amount'): bigint {
  const amountMinor = parseAmountOrZero(text, currency, path);
  if (isUnjudged(amountMinor)) return amountMinor;
  if (amountMinor === 0n) throw invalidAmount(path, 'must be above zero');
  return amountMinor;
}

/** As parseAmount, with zero allowed: limits and filters. */
export function parseAmountOrZero(text: string, currency: Currency, path = 'amount'): bigint {
  const amountMinor = parseBound(text, currency, path);
  if (isUnjudged(amountMinor)) return amountMinor;
  if (amountMinor >= 10n ** BigInt(MAX_WHOLE_DIGITS + currencyDecimals(currency))) {
    throw invalidAmount(path, TOO_LARGE);
  }
  return amountMinor;
}

/** As parseAmountOrZero, for the end of a range, which may lie above every amount. */
export function parseBound(text: string, currency: Currency, path = 'amount'): bigint {
  if (isUnjudged(text)) return text;
  if (isUnjudged(currency)) return currency;
  const match = text.length <= MAX_AMOUNT_LENGTH ? AMOUNT.exec(text) : null;
  if (match === null) throw invalidAmount(path, FORM);
  const decimals = currencyDecimals(currency);
  const fraction = match[2] ?? '';
  if (fraction.length > decimals) throw invalidAmount(path, `${currency} has ${decimals} decimals`);
  const amountMinor = BigInt(`${match[1]}${fraction.padEnd(decimals, '0')}`);
  if (amountMinor > MAX_MINOR) throw invalidAmount(path, 'is too large');
  return amountMinor;
}

/**
 * What is wrong with an amount in a request, as far as its form and its currency (if it is known) tell; undefined for
 * one that is good.
 */
export function amountFault(
  text: string,
  currency: Currency | undefined,
  { mayBeZero = true, isBound = false }: { readonly mayBeZero?: boolean; readonly isBound?: boolean } = {},
): string | undefined {
  const match = text.length <= MAX_AMOUNT_LENGTH ? AMOUNT.exec(text) : null;
  if (match === null) return FORM;
  const [, whole = '', fraction = ''] = match;
  const decimals = currency === undefined ? Number.POSITIVE_INFINITY : currencyDecimals(currency);
  if (fraction.length > decimals) return `${currency} has ${decimals} decimals`;
  if (!isBound && whole.length > MAX_WHOLE_DIGITS) return TOO_LARGE;
  return mayBeZero || /[1-9]/.test(text) ? undefined : 'must be above zero';
}

function invalidAmount(path: string, message: string): FlorinError<'invalid_amount'> {
  return commonError('invalid_amount', {
    message: `${path} ${message}.`,
    fields: [{ path, message, code: 'invalid_amount' }],
  });
}

/** Minor units as a decimal string in major units, with all decimals of the currency: `-1250.00`. */
export function formatAmount(amountMinor: bigint, currency: Currency): string {
  const decimals = currencyDecimals(currency);
  if (decimals === 0) return amountMinor.toString();
  const sign = amountMinor < 0n ? '-' : '';
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(decimals + 1, '0');
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Minor units of an amount as formatAmount writes it: with all decimals of its currency. */
export function minorOf(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}
