import type { Row } from './rows/row-type.ts';
import type { BankTransaction } from './rows/transaction.ts';

type ChainLink = { readonly signedMinor: bigint; readonly balanceMinor: bigint };

/**
 * Chaining compares every row of a day with every other. The busiest account of the data has five a day; a day
 * with more than this is left in the order of its file.
 */
const MAX_CHAINED = 300;

/**
 * The rows of one account on one day in the order in which their balances chain: after a balance comes the row
 * whose own balance is nearest to it plus the row's amount. Nearest, because the bank's balances hold
 * hidden decimals. Of rows that are equally near, the one that stands first in the file.
 */
export function chainDay<Item extends ChainLink>(day: readonly Item[], openingMinor: bigint): Item[] {
  if (day.length === 1 || day.length > MAX_CHAINED) return [...day];
  const waiting = [...day];
  const chain: Item[] = [];
  let balanceMinor = openingMinor;
  while (waiting.length > 0) {
    const next = takeNearest(waiting, balanceMinor);
    chain.push(next);
    balanceMinor = next.balanceMinor;
  }
  return chain;
}

function takeNearest<Item extends ChainLink>(waiting: Item[], balanceMinor: bigint): Item {
  let nearest = 0;
  let nearestGap: bigint | undefined;
  waiting.forEach((item, index) => {
    const gap = absolute(balanceMinor + item.signedMinor - item.balanceMinor);
    if (nearestGap !== undefined && gap >= nearestGap) return;
    nearest = index;
    nearestGap = gap;
  });
  const [taken] = waiting.splice(nearest, 1);
  if (taken === undefined) throw new RangeError('there is no row to take');
  return taken;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/**
 * All rows by date, and on each date those of one account together as they chain. `openings` holds the balance
 * of each account before its first row, in minor units; zero where it has none.
 */
export function orderTransactions(
  rows: readonly Row<BankTransaction>[],
  openings: ReadonlyMap<string, bigint>,
): Row<BankTransaction>[] {
  const balances = new Map(openings);
  const byDate = groupBy(rows, ({ value }) => value.date);
  const dates = [...byDate.keys()].sort();
  return dates.flatMap((date) => {
    const byAccount = groupBy(byDate.get(date) ?? [], ({ value }) => value.accountId);
    return [...byAccount].flatMap(([accountId, day]) => {
      const links = day.map((row) => ({ ...row.value, row }));
      const chain = chainDay(links, balances.get(accountId) ?? 0n);
      balances.set(accountId, chain.at(-1)?.balanceMinor ?? 0n);
      return chain.map(({ row }) => row);
    });
  });
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
