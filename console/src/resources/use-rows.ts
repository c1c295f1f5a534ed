import { type UseQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { PAGE_BY_PAGE, PAGE_ROWS, type Pages, useAnswer } from '../api/use-bank.ts';
import type { Operation } from '../forms/description.ts';
import { ask, askPage, type Params, type Row } from './bank.ts';

/** The rows of a list, page by page, from a cursor on if one is given. */
export function useRows(
  operation: Operation,
  path: Params,
  query: Params,
  from: string | undefined,
): Pages<Row> {
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
    ...PAGE_BY_PAGE,
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
