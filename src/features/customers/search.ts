import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { CustomerId } from '#lib/ids.ts';

/** From where on words count as frequent. */
export type Bounds = {
  /** A word that fewer begin with is looked for first: as many rows are looked at in some 50 ms. */
  readonly few: number;
  /** A word of more is met soon by whoever goes through the customers that the other words leave. */
  readonly many: number;
  /** Where each word is frequent, most pages are filled by as many customers, looked at in some 20 ms. */
  readonly newest: number;
};
const BOUNDS: Bounds = { few: 10_000, many: 500_000, newest: 4_000 };

/** Everything that begins with a word is before the word with this behind it. */
const LAST_CHARACTER = '\u{10FFFF}';

type Condition = RawBuilder<boolean>;
type Frequency = { readonly word: string; readonly count: number };

export type Search<Row> = {
  /** The beginnings of words, of which a customer has all. */
  readonly words: readonly string[];
  readonly after: CustomerId | undefined;
  readonly limit: number;
  /** The customers that meet conditions on `c`, newest first, up to the limit. */
  readonly list: (conditions: readonly Condition[]) => Promise<Row[]>;
};

/**
 * The customers whose words begin so, newest first. The rarest word leads, whichever it is: a plan that takes a word of
 * every e-mail address for a rare one, or walks where nobody is met, takes seconds at a million customers. Where none is
 * rare, the newest customers are looked at first. Measured at a million: bench row `customer-search`.
 */
export async function searchCustomers<Row>(
  db: Db,
  bookId: number,
  search: Search<Row>,
  { few, many, newest }: Bounds = BOUNDS,
): Promise<Row[]> {
  const { words, limit, list } = search;
  const all = words.map((word) => hasWord(bookId, word));
  const counted = await countUpTo(db, bookId, words, few);
  if ((counted[0]?.count ?? 0) < few) return list(ledBy(bookId, search, counted, few));
  if (words.length === 1) return list(all);
  const found = await list([isAmongNewest(bookId, search.after, newest), ...all]);
  if (found.length >= limit) return found;
  return list(ledBy(bookId, search, await countUpTo(db, bookId, words, many), many));
}

/** How many words of customers begin with each, up to a bound; the rarest first. */
async function countUpTo(
  db: Db,
  bookId: number,
  words: readonly string[],
  bound: number,
): Promise<Frequency[]> {
  const { rows } = await sql<Frequency>`
    select asked.word, (
      select count(*)::int from (
        select from customer_words
        where book_id = ${bookId} and word >= asked.word and word < asked.word || ${LAST_CHARACTER}
        limit ${bound}) as found) as count
    from unnest(${words}::text[]) as asked (word)`.execute(db);
  return rows.toSorted((a, b) => a.count - b.count);
}

/** Those with the rarest word, counted out with the next one unless that is frequent; of them, those with the others. */
function ledBy(
  bookId: number,
  { after }: Pick<Search<unknown>, 'after'>,
  counted: readonly Frequency[],
  bound: number,
): Condition[] {
  const [first, second] = counted;
  const isSecondRare = second !== undefined && second.count < bound;
  const leading = counted.slice(0, isSecondRare ? 2 : 1).map(({ word }) => idsWith(bookId, word, after));
  const others = counted.slice(leading.length).map(({ word }) => hasWord(bookId, word));
  if (first === undefined) return others;
  const ids = sql.join(leading, sql` intersect `);
  return [sql<boolean>`c.customer_id = any(array(${ids})::uuid[])`, ...others];
}

function idsWith(bookId: number, word: string, after: CustomerId | undefined): RawBuilder<unknown> {
  const isBefore = after === undefined ? sql`true` : sql`customer_id < ${after}`;
  return sql`select customer_id from customer_words where ${inRange(bookId, word)} and ${isBefore}`;
}

/** By their ids: a bound is not looked up by the index, because the row-level policy comes before what it does not trust. */
function isAmongNewest(bookId: number, after: CustomerId | undefined, count: number): Condition {
  const isBefore = after === undefined ? sql`true` : sql`customer_id < ${after}`;
  const newest = sql`select customer_id from customers where book_id = ${bookId} and ${isBefore}
    order by customer_id desc limit ${count}`;
  return sql<boolean>`c.customer_id = any(array(${newest})::uuid[])`;
}

/** Asked of one customer at a time: with its limit, it is not made part of a join. */
function hasWord(bookId: number, word: string): Condition {
  return sql<boolean>`(
    select true from customer_words as w where w.customer_id = c.customer_id and ${inRange(bookId, word)} limit 1)`;
}

function inRange(bookId: number, word: string): Condition {
  return sql<boolean>`book_id = ${bookId} and word >= ${word} and word < ${word + LAST_CHARACTER}`;
}
