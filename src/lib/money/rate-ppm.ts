/** Digits before the point and after it that a yearly rate may have: 0.0001 % is one millionth. */
const RATE = /^(-?)(0|[1-9]\d{0,3})(?:\.(\d{1,4}))?$/;
/** The same, as the patterns of schemas. */
export const RATE_PATTERN = '^-?(0|[1-9][0-9]{0,3})([.][0-9]{1,4})?$';
export const UNSIGNED_RATE_PATTERN = '^(0|[1-9][0-9]{0,3})([.][0-9]{1,4})?$';

const PPM_DECIMALS = 4;

/** Parts per million of a percentage like `1.25` or `-0.5`; undefined for any other text. */
export function parseRatePpm(text: string): bigint | undefined {
  const [, sign, whole, decimals = ''] = RATE.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const ppm = BigInt(`${whole}${decimals.padEnd(PPM_DECIMALS, '0')}`);
  return sign === '-' ? -ppm : ppm;
}

/** Parts per million as a percentage without zeros at its end: 12500 is `1.25`. */
export function formatRatePpm(ppm: bigint): string {
  const digits = (ppm < 0n ? -ppm : ppm).toString().padStart(PPM_DECIMALS + 1, '0');
  const decimals = digits.slice(-PPM_DECIMALS).replace(/0+$/, '');
  return `${ppm < 0n ? '-' : ''}${digits.slice(0, -PPM_DECIMALS)}${decimals === '' ? '' : `.${decimals}`}`;
}
