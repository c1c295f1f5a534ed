import { useParams } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import { useDescribed } from '../forms/described.ts';
import { RecordActs, RelatedLinks } from './record-screen.tsx';
import type { Resource } from './resource.ts';
import { resourceNamed } from './resources.ts';
import { useRecord } from './use-rows.ts';

type MoreProps = {
  readonly resource: string;
  /** Acts that the screen above has already. */
  readonly without: readonly string[];
};

/** Below a screen that is made by hand: the other acts on its record, and what belongs to it. */
export function More({ resource: name, without }: MoreProps): ReactNode {
  const resource = resourceNamed(name);
  if (resource?.record === undefined) return null;
  return (
    <Suspense>
      <MoreOf resource={resource} record={resource.record} without={without} />
    </Suspense>
  );
}

type MoreOfProps = {
  readonly resource: Resource;
  readonly record: string;
  readonly without: readonly string[];
};

function MoreOf({ resource, record, without }: MoreOfProps): ReactNode {
  const { id = '' } = useParams({ strict: false });
  const { operation } = useDescribed(record);
  const path = { id };
  const { data } = useRecord(operation, path, {});
  if (data === undefined) return null;
  return (
    <div className="more no-print">
      <RecordActs {...{ resource, record, path, without }} row={data} />
      <RelatedLinks resource={resource} row={data} path={path} />
    </div>
  );
}
