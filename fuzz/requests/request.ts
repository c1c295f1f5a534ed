import type { Operation } from '../operations.ts';

/** A request before it is sent: everything about it may still be spoiled. */
export type Request = {
  readonly operation: Operation;
  /** Of the caller: a role, or who else may ask. */
  readonly caller: string;
  /** What is wrong with it, in a few words; `valid` as far as the schema tells. */
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Beside the token. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** What is sent as JSON, unless `bytes` says otherwise. */
  readonly body: unknown;
  readonly bytes?: Buffer;
};

export function targetOf({ path, query }: Request): string {
  const text = query.map(([name, value]) => `${name}=${value}`).join('&');
  return text === '' ? path : `${path}?${text}`;
}

export function bytesOf({ body, bytes }: Request): Buffer | undefined {
  if (bytes !== undefined) return bytes;
  return body === undefined ? undefined : Buffer.from(JSON.stringify(body));
}
