import type { AccountId } from '#lib/ids.ts';
import type { EntryDraft } from './entry.ts';

/** Customers' accounts that a draft touches, each once or twice. */
export function* accountsOf({ postings }: EntryDraft): Iterable<AccountId> {
  for (const { debit, credit } of postings) {
    if (typeof debit === 'string') yield debit;
    if (typeof credit === 'string') yield credit;
  }
}

/** The items that a lane takes, and those that go on waiting. */
export type Split<Item> = { readonly taken: Item[]; readonly left: Item[] };

/**
 * Splits waiting items into up to `most` that touch no account which is `held` by batches under way, and the rest.
 * Posted beside those batches they wait for none of their locks, so that PostgreSQL writes on as many processors as
 * there are lanes. `isWanted` leaves others out. An item that is left blocks its accounts for those behind it: items of one account never overtake
 * each other.
 */
export function splitDisjoint<Item extends { readonly request: { readonly draft: EntryDraft } }>(
  waiting: readonly Item[],
  held: ReadonlySet<AccountId>,
  most: number,
  isWanted?: (item: Item) => boolean,
): Split<Item> {
  if (held.size === 0 && isWanted === undefined)
    return { taken: waiting.slice(0, most), left: waiting.slice(most) };
  const blocked = new Set(held);
  const taken: Item[] = [];
  const left: Item[] = [];
  for (const item of waiting) {
    const accounts = [...accountsOf(item.request.draft)];
    if (taken.length < most && isWanted?.(item) !== false && !accounts.some((id) => blocked.has(id))) {
      taken.push(item);
    } else {
      left.push(item);
      for (const id of accounts) blocked.add(id);
    }
  }
  return { taken, left };
}
