/** Thrown where a rule reads a value that was refused already: the rule cannot be judged. */
export class UnjudgedError extends Error {
  override readonly name = 'UnjudgedError';
}

function refuse(): never {
  throw new UnjudgedError('The value was refused already.');
}

/**
 * In the place of a value that was refused: whatever reads it throws an UnjudgedError. It can be passed on, compared with
 * `===` and be `undefined` or not. So the rules that rest on it are left out, and all others are judged.
 */
export const UNJUDGED: unknown = new Proxy(refuse, {
  apply: refuse,
  get: refuse,
  getPrototypeOf: refuse,
  has: refuse,
  ownKeys: refuse,
});

/** Whether a value was refused: it is passed on as what it should have been. */
export function isUnjudged(value: unknown): value is never {
  return value === UNJUDGED;
}

/** Throws UnjudgedError for a value that was refused: to be called before it is compared with `===`. */
export function requireJudged(value: unknown): void {
  if (isUnjudged(value)) refuse();
}
