/** One page of a list. */
export type Page<Item> = { readonly data: Item[]; readonly nextCursor: string | null };

/** A list: `for await (const account of florin.accounts.list())` reads page after page; `page` reads one. */
export class List<Item> implements AsyncIterable<Item> {
  readonly #read: (cursor: string | undefined) => Promise<Page<Item>>;

  constructor(read: (cursor: string | undefined) => Promise<Page<Item>>) {
    this.#read = read;
  }

  /** The first page, or the one that a `nextCursor` names. */
  page(cursor?: string): Promise<Page<Item>> {
    return this.#read(cursor);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, void> {
    let cursor: string | null | undefined;
    do {
      const page: Page<Item> = await this.#read(cursor ?? undefined);
      yield* page.data;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  /** All items, at most `most`: a list of a bank may be longer than a program wants to hold. */
  async toArray(most: number): Promise<Item[]> {
    const items: Item[] = [];
    for await (const item of this) {
      if (items.length >= most) break;
      items.push(item);
    }
    return items;
  }
}
