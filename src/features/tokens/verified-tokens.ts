import { hash } from 'node:crypto';

/** A few hundred bytes each: 5 MB for ten thousand callers at once. */
const MAX_ENTRIES = 10_000;

/** What is known of tokens whose signatures were checked, by the SHA-256 of their text; the least used go first. */
export class VerifiedTokens<Known> {
  readonly #entries = new Map<string, Known>();
  readonly #maxEntries: number;

  constructor(maxEntries = MAX_ENTRIES) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  static keyOf(token: string): string {
    return hash('sha256', token, 'base64');
  }

  get(key: string): Known | undefined {
    const known = this.#entries.get(key);
    if (known === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, known);
    return known;
  }

  set(key: string, known: Known): void {
    this.#entries.set(key, known);
    if (this.#entries.size <= this.#maxEntries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
