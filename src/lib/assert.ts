/** Stays on in production: a broken invariant is a bug, and stopping beats booking on top of it. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** The end of a `switch` over a union: compiles only while every case is handled. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${String(value)}`);
}

/** A bug in Florin, never the caller's fault. */
class AssertionError extends Error {
  override readonly name = 'AssertionError';
}
