import {
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import type { Page } from '#sdk/index.ts';
import { useAnswer } from '../api/use-bank.ts';
import type { Operation } from '../forms/description.ts';
import { ask, askPage, type Params, type Row } from './bank.ts';

/** As many rows as a person reads at once. */
const PAGE_ROWS = 50;

export type Rows = UseInfiniteQueryResult<{ pages: Page<Row>[]; pageParams: unknown[] }>;

/** The rows of a list, page by page, from a cursor on if one is given. */
export function useRows(operation: Operation, path: Params, query: Params, from: string | undefined): Rows {
  return useInfiniteQuery({
    queryKey: [operation.id, 'rows', path, query, from],
    queryFn: ({ signal, pageParam }) =>
      askPage(
        {
          operation,
          path,
          query: operation.isPaged === true ? { ...query, limit: PAGE_ROWS } : query,
          signal,
        },
        pageParam,
      ),
    initialPageParam: from,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** What an operation answers about one thing. Its version goes with the answer, which is therefore never merged. */
export function useRecord(
  operation: Operation,
  path: Params,
  query: Params,
  isWanted = true,
): UseQueryResult<Row> {
  return useQuery({
    queryKey: [operation.id, 'record', path, query],
    queryFn: ({ signal }) => ask({ operation, path, query, signal }),
    structuralSharing: false,
    enabled: isWanted,
  });
}

/** The bank's zone, in which all its times are shown and typed. */
export function useTimeZone(): string {
  return useAnswer('businessDate.get').data?.timeZone ?? 'UTC';
}
