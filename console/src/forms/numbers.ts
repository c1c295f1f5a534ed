import { readAmount } from '../show/amounts.ts';

/** More digits than any currency has: what is typed before its currency is chosen. */
const MOST_DIGITS = 4;

/**
 * A number as a person types it, as the API's text: at most as many digits behind the point as may be, and below zero
 * only where that is allowed. Undefined if it is not such a number.
 */
export function readDecimal(
  typed: string,
  locale: string,
  mostDigits = MOST_DIGITS,
  isSigned = false,
): string | undefined {
  const text = typed.trim().replace(/^−/, '-');
  const isBelow = text.startsWith('-');
  if (isBelow && !isSigned) return undefined;
  const bare = isBelow ? text.slice(1).trim() : text;
  if (/^0+([.,]0*)?$/.test(bare)) return '0';
  const read = readAmount(bare, locale, mostDigits);
  return read === undefined ? undefined : `${isBelow ? '-' : ''}${read}`;
}

/** The same without zeros at its end: of a rate they say nothing. */
export function readRate(
  typed: string,
  locale: string,
  mostDigits: number,
  isSigned: boolean,
): string | undefined {
  const read = readDecimal(typed, locale, mostDigits, isSigned);
  return read?.includes('.') === true ? read.replace(/\.?0+$/, '') : read;
}

/** A decimal of the API as it is typed in a language: no marks between thousands. */
export function typedDecimal(text: string, locale: string): string {
  const mark = new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === 'decimal');
  return text.replace('.', mark?.value ?? '.');
}

/** A decimal of the API for reading, with all its digits. */
export function showDecimal(text: string, locale: string): string {
  const digits = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(text as `${number}`);
}

/** The digits behind the point of a currency; undefined for what is not one yet. */
export function digitsOf(currency: string | undefined): number | undefined {
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency)) return undefined;
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
}
