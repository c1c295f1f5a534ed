import type { Command } from 'commander';
import { parseLimit } from './values.ts';

const DEFAULT_LIMIT = 25;

export type PageOptions<Id> = { readonly limit: number; readonly cursor?: Id };

/** A page as the API answers it. */
export type Page<View> = { readonly data: readonly View[]; readonly nextCursor: string | null };

/** Adds `--limit` and `--cursor` to a command that lists. */
export function addPageOptions<Id>(command: Command, parseCursor: (text: string) => Id): Command {
  return command
    .option('--limit <count>', 'how many at most, 1 to 100', parseLimit, DEFAULT_LIMIT)
    .option('--cursor <id>', 'go on after this one, the nextCursor of the page before', parseCursor);
}

/** A page of rows of which one more than `limit` was asked for, to see whether there is a next page. */
export function pageOf<Row, View extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
): Page<View> {
  const data = rows.slice(0, limit).map(view);
  return { data, nextCursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}

/** What a person reads below a page that is not the last. */
export function nextPageHint({ nextCursor }: Page<unknown>): string {
  return nextCursor === null ? '' : `\n\nThere are more: --cursor ${nextCursor}`;
}
