import { isInvalidInput } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmount, parseAmountOrZero } from '#lib/money/money.ts';
import { type IsoDate, parseIsoDate } from '#lib/time/dates.ts';

/** The data set is a bank's of the Czech Republic. */
export const CZK = 'CZK' as Currency;

/** The data ends in 1998, and nobody in it was born before 1900: two digits are a year of that century. */
export const CENTURY = '19';

/** A value that its column cannot take; the message names the column. Becomes a problem of its row. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
}

/** An id as it is: a whole number above zero in digits. Throws FieldError. */
export function readId(text: string, column: string): string {
  if (!/^[1-9]\d{0,17}$/.test(text)) throw new FieldError(`${column} "${text}" is not an id`);
  return text;
}

/** The date that `YYMMDD` stands for. Throws FieldError for a day that never was. */
export function readDate(text: string, column: string): IsoDate {
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(text);
  const date = match === null ? undefined : parseIsoDate(`${CENTURY}${match.slice(1).join('-')}`);
  if (date === undefined) throw new FieldError(`${column} "${text}" is not a date (YYMMDD)`);
  return date;
}

/** A positive amount in CZK, in minor units. Throws FieldError. */
export function readAmount(text: string, column: string): bigint {
  return asFieldError(text, column, 'a positive amount with at most two decimals', () =>
    parseAmount(text, CZK),
  );
}

/** An amount in CZK of either sign, in minor units. Throws FieldError. */
export function readBalance(text: string, column: string): bigint {
  const digits = text.startsWith('-') ? text.slice(1) : text;
  const minor = asFieldError(text, column, 'an amount with at most two decimals', () =>
    parseAmountOrZero(digits, CZK),
  );
  return digits === text ? minor : -minor;
}

/** What a code stands for. Throws FieldError for a code that is not in the table. */
export function readCode<Meaning>(
  text: string,
  column: string,
  meanings: ReadonlyMap<string, Meaning>,
): Meaning {
  const meaning = meanings.get(text);
  if (meaning === undefined) throw new FieldError(`${column} "${text}" is unknown`);
  return meaning;
}

/** Text of at most `maxLength` characters without the space around it; undefined when there is none. */
export function readText(text: string, column: string, maxLength: number): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > maxLength) throw new FieldError(`${column} has more than ${maxLength} characters`);
  return trimmed === '' ? undefined : trimmed;
}

function asFieldError<Value>(text: string, column: string, wanted: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!isInvalidInput(error)) throw error;
    throw new FieldError(`${column} "${text}" is not ${wanted}`, { cause: error });
  }
}
