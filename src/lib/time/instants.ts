import { isUnjudged } from '../unjudged.ts';
import { parseIsoDate } from './dates.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Whether the text is an instant that exists, in ISO 8601 with seconds and an offset. Its date in UTC must be one too:
 * an offset can lead into the year 10000, which PostgreSQL cannot read from us.
 */
export function isInstant(text: string): boolean {
  if (!INSTANT.test(text) || parseIsoDate(text.slice(0, 10)) === undefined) return false;
  try {
    return parseIsoDate(Temporal.Instant.from(text).toString().slice(0, 10)) !== undefined;
  } catch {
    return false;
  }
}

/** The milliseconds of an instant that is known to be one. */
export function instantMs(text: string): number {
  return isUnjudged(text) ? text : Temporal.Instant.from(text).epochMilliseconds;
}
