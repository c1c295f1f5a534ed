import { assert } from '#lib/assert.ts';

/*
 * Arrays as PostgreSQL sends and takes them in binary form. A movement is some forty values in as many arrays: read
 * as text they took PostgreSQL 86,000 of the 1.2 million instructions of a movement, and written as text Node as much.
 * The format is that of array_recv and the element types' receive functions in PostgreSQL's source: dimensions,
 * whether there are nulls, the element type, length and lower bound; then each element's length and bytes.
 */

/** The element types by their OIDs (pg_type.dat), which never change. */
const OIDS = {
  uuid: 2950,
  int8: 20,
  int4: 23,
  bool: 16,
  date: 1082,
  text: 25,
  bytea: 17,
  jsonb: 3802,
} as const;
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;
/** PostgreSQL counts days from 2000-01-01, Unix from 1970-01-01. */
const EPOCH_DAYS = 10_957;
const DAY_MS = 86_400_000;
/** Each of JavaScript's code units takes at most three bytes of UTF-8. */
const MAX_UNIT_BYTES = 3;
/** The first byte of each jsonb element; text follows (jsonb_recv). */
const JSONB_VERSION = 1;

type ElementType = keyof typeof OIDS;
type Write<Value> = (bytes: Buffer, value: Value, at: number) => void;

/** uuid[] of UUIDs in their text form with dashes. */
export function uuidArray(values: readonly (string | null)[]): Buffer {
  return fixedArray('uuid', 16, values, writeUuid);
}

/** bigint[]. */
export function bigintArray(values: readonly (bigint | null)[]): Buffer {
  return fixedArray('int8', 8, values, (bytes, value, at) => bytes.writeBigInt64BE(value, at));
}

/** int[]. */
export function integerArray(values: readonly (number | null)[]): Buffer {
  return fixedArray('int4', 4, values, (bytes, value, at) => bytes.writeInt32BE(value, at));
}

/** boolean[]. */
export function booleanArray(values: readonly (boolean | null)[]): Buffer {
  return fixedArray('bool', 1, values, (bytes, value, at) => bytes.writeInt8(value ? 1 : 0, at));
}

/** date[] of dates as YYYY-MM-DD. */
export function dateArray(values: readonly (string | null)[]): Buffer {
  // The dates of a batch are one or two.
  const daysByDate = new Map<string, number>();
  return fixedArray('date', 4, values, (bytes, value, at) => {
    bytes.writeInt32BE(daysByDate.getOrInsertComputed(value, daysSince2000), at);
  });
}

/** text[]. */
export function textArray(values: readonly (string | null)[]): Buffer {
  return variableArray('text', roomOf(values), values, (bytes, text, at) => bytes.write(text, at));
}

/** jsonb[] of JSON as text. */
export function jsonArray(values: readonly (string | null)[]): Buffer {
  return variableArray('jsonb', roomOf(values) + values.length, values, (bytes, text, at) => {
    bytes.writeInt8(JSONB_VERSION, at);
    return 1 + bytes.write(text, at + 1);
  });
}

/** The largest number of bytes that texts may take. */
function roomOf(values: readonly (string | null)[]): number {
  return values.reduce((sum, text) => sum + (text === null ? 0 : text.length * MAX_UNIT_BYTES), 0);
}

/** bytea[]. */
export function bytesArray(values: readonly (Buffer | null)[]): Buffer {
  const room = values.reduce((sum, one) => sum + (one?.length ?? 0), 0);
  return variableArray('bytea', room, values, (bytes, value, at) => value.copy(bytes, at));
}

function fixedArray<Value>(
  type: ElementType,
  size: number,
  values: readonly (Value | null)[],
  write: Write<Value>,
): Buffer {
  return variableArray(type, values.length * size, values, (bytes, value, at) => {
    write(bytes, value, at);
    return size;
  });
}

/** `write` returns how many bytes it wrote. */
function variableArray<Value>(
  type: ElementType,
  room: number,
  values: readonly (Value | null)[],
  write: (bytes: Buffer, value: Value, at: number) => number,
): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + values.length * LENGTH_BYTES + room);
  writeHeader(bytes, type, values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    const start = at + LENGTH_BYTES;
    const length = value === null ? NULL_LENGTH : write(bytes, value, start);
    bytes.writeInt32BE(length, at);
    at = start + Math.max(length, 0);
  }
  return bytes.subarray(0, at);
}

function writeHeader(bytes: Buffer, type: ElementType, length: number): void {
  bytes.writeInt32BE(1, 0);
  // The flag for nulls: receivers look at each element and set it themselves.
  bytes.writeInt32BE(1, 4);
  bytes.writeInt32BE(OIDS[type], 8);
  bytes.writeInt32BE(length, 12);
  bytes.writeInt32BE(1, 16);
}

function daysSince2000(date: string): number {
  const instantMs = Date.parse(`${date}T00:00:00Z`);
  assert(Number.isFinite(instantMs), 'a date is written as YYYY-MM-DD');
  return instantMs / DAY_MS - EPOCH_DAYS;
}

const DASH = 45;

function writeUuid(bytes: Buffer, uuid: string, at: number): void {
  assert(uuid.length === 36, 'a UUID is written with dashes');
  let index = 0;
  for (let byte = at; byte < at + 16; byte++) {
    if (uuid.charCodeAt(index) === DASH) index += 1;
    bytes[byte] = (nibble(uuid.charCodeAt(index)) << 4) | nibble(uuid.charCodeAt(index + 1));
    index += 2;
  }
}

/** The value of a hexadecimal digit, lower or upper case. */
function nibble(code: number): number {
  const value = code <= 57 ? code - 48 : (code | 32) - 87;
  assert(value >= 0 && value < 16, 'a UUID is written in hexadecimal digits');
  return value;
}
