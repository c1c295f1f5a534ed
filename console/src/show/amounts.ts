import type { Decimal } from '../../../sdk/src/decimal.ts';

/** What a person typed as an amount: the API's text, such as `1234.50`, or undefined if it is not an amount. */
export function readAmount(typed: string, locale: string, fractionDigits: number): Decimal | undefined {
  const { decimal, group } = separatorsOf(locale);
  const bare = typed.replaceAll(/[\s\u00a0\u202f'’]/g, '');
  if (!/^[\d.,]+$/.test(bare)) return undefined;
  const mark = decimalMark(bare, decimal, group, fractionDigits);
  const [whole = '', fraction = '', ...rest] = mark === undefined ? [bare] : bare.split(mark);
  if (rest.length > 0 || fraction.length > fractionDigits || !/^\d*$/.test(fraction)) return undefined;
  const grouping = mark === undefined ? whole.replaceAll(/\d/g, '').charAt(0) : mark === ',' ? '.' : ',';
  if (whole !== '' && !isGrouped(whole, grouping)) return undefined;
  const digits = whole.replaceAll(/[.,]/g, '').replace(/^0+(?=\d)/, '') || '0';
  if (/^0*$/.test(digits + fraction)) return undefined;
  const amount = fractionDigits === 0 ? digits : `${digits}.${fraction.padEnd(fractionDigits, '0')}`;
  return amount as Decimal;
}

/**
 * Which of the two marks is the decimal one. The last of both. One that stands alone is the locale's decimal mark, or
 * the other if what follows has as many digits as the currency and cannot be a group.
 */
function decimalMark(
  text: string,
  decimal: string,
  group: string,
  fractionDigits: number,
): string | undefined {
  const marks = text.match(/[.,]/g) ?? [];
  const last = marks.at(-1);
  if (last === undefined) return undefined;
  if (new Set(marks).size === 2) return last;
  if (marks.length > 1) return undefined;
  if (last === decimal) return last;
  const after = text.length - text.indexOf(last) - 1;
  return last === group && after === 3 ? undefined : after <= fractionDigits ? last : undefined;
}

function isGrouped(whole: string, grouping: string): boolean {
  const [first = '', ...groups] = grouping === '' ? [whole] : whole.split(grouping);
  if (groups.length === 0) return /^\d+$/.test(first);
  return /^\d{1,3}$/.test(first) && groups.every((group) => /^\d{3}$/.test(group));
}

function separatorsOf(locale: string): { decimal: string; group: string } {
  const parts = new Intl.NumberFormat(locale).formatToParts(12345.6);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return { decimal: of('decimal'), group: of('group') };
}

/** An amount of the API in the user's way of writing, with its currency. No number is made of it: its text is. */
export function showAmount(amount: string, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'code' });
  // Since ES2023 the text of a decimal is formatted exactly.
  return format.format(amount as `${number}`);
}

/** The digits behind the point of the currency, as the bank writes them in an amount. */
export function fractionDigitsOf(amount: string): number {
  const point = amount.indexOf('.');
  return point === -1 ? 0 : amount.length - point - 1;
}
