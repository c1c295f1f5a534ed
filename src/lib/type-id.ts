/** The alphabet of TypeID: Crockford's base32 in lower case, without i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** 26 characters of 5 bits hold 130: the first holds only three of the UUID's 128. */
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const SUFFIX_LENGTH = 26;
const HEX_LENGTH = 32;

const VALUES = new Uint8Array(128);
for (let value = 0; value < ALPHABET.length; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

/**
 * A UUID in text form as the suffix of a TypeID (specification 0.3): base32, most significant bits first. Two
 * hexadecimal digits are two characters, then five are four, six times.
 *
 * Written by hand because every request makes five of these conversions: 0.4 µs, where the library takes 2 to 3.
 */
export function encodeSuffix(uuid: string): string {
  const hex = uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18) + uuid.slice(19, 23) + uuid.slice(24);
  const head = Number.parseInt(hex.slice(0, 2), 16);
  let suffix = character(head >> 5) + character(head);
  for (let at = 2; at < HEX_LENGTH; at += 5) {
    const bits = Number.parseInt(hex.slice(at, at + 5), 16);
    suffix += character(bits >> 15) + character(bits >> 10) + character(bits >> 5) + character(bits);
  }
  return suffix;
}

/** The UUID in text form behind the suffix of a TypeID; undefined for any other text. */
export function decodeSuffix(suffix: string): string | undefined {
  if (!SUFFIX.test(suffix)) return undefined;
  let hex = hexDigits((valueAt(suffix, 0) << 5) | valueAt(suffix, 1), 2);
  for (let at = 2; at < SUFFIX_LENGTH; at += 4) {
    const high = (valueAt(suffix, at) << 15) | (valueAt(suffix, at + 1) << 10);
    hex += hexDigits(high | (valueAt(suffix, at + 2) << 5) | valueAt(suffix, at + 3), 5);
  }
  const start = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}`;
  return `${start}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function character(bits: number): string {
  return ALPHABET.charAt(bits & 31);
}

function valueAt(suffix: string, at: number): number {
  return VALUES[suffix.charCodeAt(at)] ?? 0;
}

function hexDigits(bits: number, digits: number): string {
  return bits.toString(16).padStart(digits, '0');
}
