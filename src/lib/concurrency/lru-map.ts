/** A map with a maximum size: with one entry too many, the least recently used is dropped. */
export class LruMap<Value> {
  readonly #maxEntries: number;
  readonly #onDrop: ((value: Value) => void) | undefined;
  /** The most recently used comes last. */
  readonly #entries = new Map<string, Value>();
  /**
   * Gives the least recently used entry, which is then dropped: so none that is still there lies behind it. It is kept,
   * since a new iterator steps over the places of all that were dropped since the map was last rearranged.
   */
  readonly #oldest = this.#entries.keys();

  /** `onDrop` gets each value that is dropped for another. */
  constructor(maxEntries: number, onDrop?: (value: Value) => void) {
    this.#maxEntries = maxEntries;
    this.#onDrop = onDrop;
  }

  /** The value, which counts as used. */
  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** The value, without counting as used. */
  peek(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#maxEntries) return;
    const oldest = this.#oldest.next();
    if (oldest.done === true) return;
    const dropped = this.#entries.get(oldest.value);
    this.#entries.delete(oldest.value);
    if (dropped !== undefined) this.#onDrop?.(dropped);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
