import { hash } from 'node:crypto';
import { LruMap } from '#lib/concurrency/lru-map.ts';

/** A few hundred bytes each: 5 MB for ten thousand callers at once. */
const MAX_ENTRIES = 10_000;

/** Results for verified tokens, by `keyOf` their text. */
export class VerifiedTokens<Known> extends LruMap<Known> {
  constructor() {
    super(MAX_ENTRIES);
  }

  /** The key of a token in memory: its SHA-256, which nobody can use. */
  static keyOf(token: string): string {
    return hash('sha256', token, 'base64');
  }
}
