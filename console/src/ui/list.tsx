import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { Fragment, type ReactNode } from 'react';
import type { Page } from '#sdk/index.ts';
import { FlorinProblem } from '#sdk/index.ts';
import { clockTime } from '../show/show.tsx';
import { fill, useLanguage } from '../text/language.tsx';
import { Failure } from './fail.tsx';

type Column<Item> = {
  readonly head: string;
  readonly cell: (item: Item) => ReactNode;
  readonly isNumber?: boolean;
};

type ListProps<Item> = {
  readonly caption: string;
  readonly pages: UseInfiniteQueryResult<{ readonly pages: readonly Page<Item>[] }>;
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  readonly empty: string;
  /** The right that the list takes: somebody without it is told. */
  readonly right: string;
};

/**
 * A list in its five states: loading, empty, failed, stale and forbidden. Further rows come by a button: there are no
 * totals, and what is seen can be printed and searched.
 */
export function List<Item>({ caption, pages, columns, keyOf, empty, right }: ListProps<Item>): ReactNode {
  const { text, locale } = useLanguage();
  const { data, error, isPending } = pages;
  const retry = (): void => void pages.refetch();
  if (isPending) return <p aria-busy="true">{text.list.loading}</p>;
  if (error instanceof FlorinProblem && error.status === 403)
    return <p className="notice">{fill(text.list.forbidden, { right })}</p>;
  if (data === undefined) return <Failure error={error} retry={retry} />;
  const items = data.pages.flatMap((page) => page.data);
  const staleSince = error === null ? undefined : new Date(pages.dataUpdatedAt).toISOString();
  return (
    <>
      {staleSince !== undefined && (
        <p className="notice stale" role="status">
          {fill(text.list.stale, { time: clockTime(staleSince, locale) })}{' '}
          <button type="button" onClick={retry}>
            {text.list.retry}
          </button>
        </p>
      )}
      {items.length === 0 ? (
        <p className="empty">{pages.hasNextPage ? text.list.emptySoFar : empty}</p>
      ) : (
        <Table {...{ caption, columns, items, keyOf }} />
      )}
      {pages.hasNextPage && (
        <button type="button" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {text.list.more}
        </button>
      )}
    </>
  );
}

type TableProps<Item> = Pick<ListProps<Item>, 'caption' | 'columns' | 'keyOf'> & {
  readonly items: readonly Item[];
};

export function Table<Item>({ caption, columns, items, keyOf }: TableProps<Item>): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard.
    <section className="scroll" aria-label={caption} tabIndex={0}>
      <table>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ head, isNumber }) => (
              <th key={head} scope="col" className={isNumber === true ? 'number' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map(({ head, cell, isNumber }) => (
                <td key={head} data-head={head} className={isNumber === true ? 'number' : undefined}>
                  {cell(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export type Fact = readonly [name: string, value: ReactNode];

/** Facts by name; what is not known is left out. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
