/** A value that the stack always has, although its type allows undefined. Throws if it is undefined. */
export function assertDefined<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the stack lacks a part that it was made with');
  return value;
}
