import { assert } from '../assert.ts';
import { commonError } from '../errors.ts';
import { isUnjudged } from '../unjudged.ts';

declare const isoDateBrand: unique symbol;
/** A calendar date `YYYY-MM-DD`. As text it sorts and compares in calendar order. */
export type IsoDate = string & { readonly [isoDateBrand]: true };

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Years on which PostgreSQL, people and every calendar rule here agree. */
const FIRST_YEAR = '1800';
const LAST_YEAR = '9999';

/** The date if the text is one that exists (`2025-02-29` does not), else undefined. */
export function parseIsoDate(text: string): IsoDate | undefined {
  if (!ISO_DATE.test(text)) return undefined;
  const year = text.slice(0, 4);
  if (year < FIRST_YEAR || year > LAST_YEAR) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() as IsoDate;
  } catch {
    return undefined;
  }
}

/** A date that is known to be one: from the database, or a literal. Throws 400 `validation_failed` if not. */
export function isoDate(text: string): IsoDate {
  if (isUnjudged(text)) return text;
  const date = parseIsoDate(text);
  if (date === undefined)
    throw commonError('validation_failed', { message: `${text} is not a date (YYYY-MM-DD).` });
  return date;
}

/** The calendar date in a time zone (IANA name) at an instant. */
export function dateAt(instantMs: number, timeZone: string): IsoDate {
  const date = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone).toPlainDate();
  return date.toString() as IsoDate;
}

/** A time of day, `HH:MM`. */
export type TimeOfDay = { readonly hour: number; readonly minute: number };

/** The time of day if the text is one from 00:00 to 23:59, else undefined. */
export function parseTimeOfDay(text: string): TimeOfDay | undefined {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hour === undefined || minute === undefined
    ? undefined
    : { hour: Number(hour), minute: Number(minute) };
}

/** Whether a time of day has come on a date in a time zone; one that a clock change skips comes an hour later. */
export function hasCome(
  instantMs: number,
  date: IsoDate,
  { hour, minute }: TimeOfDay,
  timeZone: string,
): boolean {
  const plainTime = new Temporal.PlainTime(hour, minute);
  return (
    Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime }).epochMilliseconds <= instantMs
  );
}

const DAY_MS = 86_400_000;

/** The date `days` later, or earlier when negative. By way of Date, in UTC: loans ask it once a period. */
export function addDays(date: IsoDate, days: number): IsoDate {
  assert(Number.isSafeInteger(days), 'days are whole');
  const [later = ''] = new Date(Date.parse(date) + days * DAY_MS).toISOString().split('T');
  return later as IsoDate;
}

/** The later of two dates. */
export function laterOf(one: IsoDate, other: IsoDate): IsoDate {
  if (one > other) return one;
  return other;
}

/** The date `years` later; 29 February becomes 28 February in a common year. */
export function addYears(date: IsoDate, years: number): IsoDate {
  return Temporal.PlainDate.from(date).add({ years }).toString() as IsoDate;
}

/** The ISO weekday: 1 Monday to 7 Sunday. */
export function weekdayOf(date: IsoDate): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** Completed years between a date of birth and a date: somebody born on 29 February turns on 1 March. */
export function ageInYears(dateOfBirth: IsoDate, on: IsoDate): number {
  const years = Number(on.slice(0, 4)) - Number(dateOfBirth.slice(0, 4));
  return on.slice(5) < dateOfBirth.slice(5) ? years - 1 : years;
}

/** Whether the runtime knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
