import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useLabels } from '../forms/labels/labels.ts';
import { ResourceLink } from './links.tsx';
import type { Resource } from './resource.ts';
import { IdLink } from './value.tsx';

type FrameProps = {
  readonly resource: Resource;
  /** What the record is called; the list is a step above it. */
  readonly title?: string | undefined;
  /** What a list is about: an account, a product. */
  readonly about?: string | undefined;
  readonly children: ReactNode;
};

/** Where the user is, and what they look at. */
export function Frame({ resource, title, about, children }: FrameProps): ReactNode {
  const labels = useLabels();
  const name = labels.resource(resource.name);
  const hasOwnList = resource.list !== undefined && title !== undefined;
  return (
    <>
      <nav className="crumbs" aria-label={labels.words.place}>
        <Link to="/resources">{labels.words.everything}</Link>
        <span aria-hidden="true">›</span>
        <Link to="/resources" hash={resource.area}>
          {labels.area(resource.area)}
        </Link>
        {hasOwnList && (
          <>
            <span aria-hidden="true">›</span>
            <ResourceLink resource={resource}>{name}</ResourceLink>
          </>
        )}
      </nav>
      <h1>{title === undefined || title === name ? name : hasOwnList ? title : `${name}: ${title}`}</h1>
      {about !== undefined && (
        <p>
          <IdLink id={about} />
        </p>
      )}
      {children}
    </>
  );
}
