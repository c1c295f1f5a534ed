import { hash } from 'node:crypto';

/**
 * SHA-256 over a request's meaning: its operation and the parsed values, in a fixed order. Two requests with
 * the same hash ask for the same thing, however their JSON was written.
 */
export function hashRequest(
  operation: string,
  values: readonly (string | bigint | null | undefined)[],
): Buffer {
  const canonical = values.map((value) => (typeof value === 'bigint' ? value.toString() : (value ?? null)));
  return hash('sha256', JSON.stringify([operation, ...canonical]), 'buffer');
}
