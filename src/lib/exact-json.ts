/*
 * JSON with bigints in it: as text, under names that say so. What ends in `Minor` is an amount, and `numerator` and
 * `denominator` are those of a fraction.
 */

/** The value as JSON; bigints become texts. */
export function toExactJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
}

/** The value behind JSON that toExactJson made. What type it is of, the caller knows: it was written as such. */
export function fromExactJson<Value>(text: string): Value {
  return JSON.parse(text, reviveBigint) as Value;
}

function reviveBigint(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return name.endsWith('Minor') || name === 'numerator' || name === 'denominator' ? BigInt(value) : value;
}
