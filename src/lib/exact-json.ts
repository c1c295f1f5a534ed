/*
 * JSON with bigints, as text under names that say so: amounts end in `Minor`, and fractions have `numerator` and
 * `denominator`.
 */

/** The value as JSON; bigints become texts. */
export function toExactJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
}

/** The value behind JSON that toExactJson made. The caller knows its type: it was written as such. */
export function fromExactJson<Value>(text: string): Value {
  return JSON.parse(text, reviveBigint) as Value;
}

function reviveBigint(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return name.endsWith('Minor') || name === 'numerator' || name === 'denominator' ? BigInt(value) : value;
}
