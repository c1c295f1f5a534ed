import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Operation } from '../forms/description.ts';
import type { Params, Row } from './bank.ts';
import type { Resource } from './resource.ts';
import { textAt } from './row.ts';

type ResourceLinkProps = {
  readonly resource: Resource;
  /** Values of the parameters in its path, in order. */
  readonly params?: readonly string[];
  readonly filters?: Params;
  readonly children: ReactNode;
};

/** A link to a list or a record: to the screen that is made by hand, where there is one. */
export function ResourceLink({
  resource,
  params = [],
  filters = {},
  children,
}: ResourceLinkProps): ReactNode {
  const [id] = params;
  if (resource.screen !== undefined && id !== undefined && params.length === 1)
    return (
      <Link to={resource.screen} params={{ id }}>
        {children}
      </Link>
    );
  return (
    <Link
      to="/resources/$name/$"
      params={{ name: resource.name, _splat: params.map(encodeURIComponent).join('/') }}
      search={filters}
    >
      {children}
    </Link>
  );
}

/**
 * The values of a record's path for a row of its list: those that the list has in its own path, the row's field of the
 * same name, or else what tells the row from others. Undefined where the row does not say.
 */
export function paramsOfRow(record: Operation, list: Params, row: Row): readonly string[] | undefined {
  const values = record.pathFields.map(
    ({ name }) => list[name] ?? textAt(row, name) ?? textAt(row, 'id') ?? textAt(row, 'number'),
  );
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}
