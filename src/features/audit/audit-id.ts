import { randomInt, randomUUID } from 'node:crypto';

/** Twelve bits after the time, and eighteen after the variant: rows of a process keep their order within a millisecond. */
const COUNTER_BITS = 30;
const LOW_BITS = 18;
const COUNTS = 2 ** COUNTER_BITS;
const LOW_COUNTS = 2 ** LOW_BITS;
/** 44 bits in hex. */
const RANDOM_DIGITS = 11;

/** Begins anywhere, so that two processes do not count alike; wraps after a billion rows. */
let counter = randomInt(COUNTS);

/**
 * The id of an audit row: a UUIDv7 (RFC 9562, 6.2, method 1) of the row's own instant, by which rows by id are rows
 * by time; a counter of the process, and 44 random bits.
 */
export function newAuditId(atMs: number): string {
  counter = (counter + 1) % COUNTS;
  const high = Math.floor(counter / LOW_COUNTS)
    .toString(16)
    .padStart(3, '0');
  // Two bits of variant, eighteen of the counter: five digits, of which the first four stand in the fourth group.
  const low = (0x80000 + (counter % LOW_COUNTS)).toString(16);
  const random = randomUUID().slice(-RANDOM_DIGITS);
  return `${timePart(atMs)}-7${high}-${low.slice(0, 4)}-${low.slice(4)}${random}`;
}

/** The lowest id of an instant: rows from then on have this one or a higher. */
export function firstAuditIdAt(atMs: number): string {
  return `${timePart(atMs)}-0000-0000-000000000000`;
}

function timePart(atMs: number): string {
  const time = Math.max(atMs, 0).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}
