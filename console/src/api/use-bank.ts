import {
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Page } from '#sdk/index.ts';
import { type Answer, type AnswerName, type Args, ask, type Item, type ListName, listOf } from './calls.ts';
import { type SessionState, session } from './session.ts';

/** As many rows as a person reads at once. */
export const PAGE_ROWS = 50;

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** What a call of the SDK answers, kept and asked for again: `useAnswer('accounts.get', id)`. */
export function useAnswer<Name extends AnswerName>(
  name: Name,
  ...args: Args<Name>
): UseQueryResult<Answer<Name>> {
  return useQuery({ queryKey: [name, ...args], queryFn: ({ signal }) => ask(name, args, { signal }) });
}

/** How a list goes from a page to the next: what was seen stays until the answer is there. */
export const PAGE_BY_PAGE = {
  getNextPageParam: ({ nextCursor }: { readonly nextCursor: string | null }) => nextCursor ?? undefined,
  placeholderData: keepPreviousData,
};

export type Pages<Row> = UseInfiniteQueryResult<{ pages: Page<Row>[]; pageParams: unknown[] }>;

/** A list, page by page: `useList('accounts.list', { customerId })`. */
export function useList<Name extends ListName>(name: Name, ...args: Args<Name>): Pages<Item<Name>> {
  return useLiveList(undefined, name, ...args);
}

/** A list that is asked for again after `everyMs`, if given. */
export function useLiveList<Name extends ListName>(
  everyMs: number | undefined,
  name: Name,
  ...args: Args<Name>
): Pages<Item<Name>> {
  return useInfiniteQuery({
    queryKey: [name, 'list', ...args],
    queryFn: ({ signal, pageParam }) =>
      listOf(name, args, { signal, query: { limit: PAGE_ROWS } }).page(pageParam),
    initialPageParam: undefined as string | undefined,
    ...PAGE_BY_PAGE,
    refetchInterval: everyMs ?? false,
  });
}
