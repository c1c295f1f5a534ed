/** What is there, by how the stack is made, though its type says that it may not be. Throws where it is not. */
export function assertDefined<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the stack lacks a part that it was made with');
  return value;
}
