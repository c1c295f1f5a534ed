import {
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Query } from './http.ts';
import { type SessionState, session } from './session.ts';
import type { Page } from './types.ts';

/** As many rows as a person reads at once. */
const PAGE_ROWS = 50;

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** What a GET answers, kept and asked for again as TanStack Query does. */
export function useAnswer<Body>(path: string, query: Query = {}, isWanted = true): UseQueryResult<Body> {
  return useQuery({
    queryKey: [path, query],
    queryFn: ({ signal }) => session.call<Body>({ method: 'GET', path, query, signal }),
    enabled: isWanted,
  });
}

/** A list, page by page; asked for again after `everyMs` if given. */
export function useList<Item>(
  path: string,
  query: Query = {},
  everyMs?: number,
): UseInfiniteQueryResult<{ pages: Page<Item>[]; pageParams: unknown[] }> {
  return useInfiniteQuery({
    queryKey: [path, 'list', query],
    queryFn: ({ signal, pageParam }) =>
      session.call<Page<Item>>({
        method: 'GET',
        path,
        query: { ...query, limit: PAGE_ROWS, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: everyMs ?? false,
  });
}
