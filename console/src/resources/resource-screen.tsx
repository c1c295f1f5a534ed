import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import { useDescribed } from '../forms/described.ts';
import { useText } from '../text/language.tsx';
import type { Params } from './bank.ts';
import { Filters } from './filters.tsx';
import { Frame } from './frame.tsx';
import { ListScreen } from './list-screen.tsx';
import { usePlace } from './place.ts';
import { RecordScreen } from './record-screen.tsx';
import type { Resource } from './resource.ts';
import { resourceNamed } from './resources.ts';
import { useAddress } from './use-address.ts';

/** The screen of a resource: its list, or the record that the address names. */
export function ResourceScreen(): ReactNode {
  const text = useText();
  const { name } = useAddress();
  const resource = resourceNamed(name);
  if (resource === undefined) return <p>{text.notFound}</p>;
  return (
    <Suspense fallback={<p aria-busy="true">{text.list.loading}</p>}>
      <Chosen key={name} resource={resource} />
    </Suspense>
  );
}

function Chosen({ resource }: { readonly resource: Resource }): ReactNode {
  const { params } = useAddress();
  const list = usePath(resource.list, params);
  const record = usePath(resource.record, params);
  if (list?.is === 'whole')
    return <ListScreen key={params.join('/')} resource={resource} list={list.id} path={list.path} />;
  if (record?.is === 'whole')
    return <RecordScreen key={params.join('/')} resource={resource} record={record.id} path={record.path} />;
  return <Ask resource={resource} operation={(list ?? record)?.id ?? ''} />;
}

type FoundPath = { readonly id: string; readonly is: 'other' | 'whole'; readonly path: Params };

/** The parameters of an operation's path, if the address has as many. */
function usePath(id: string | undefined, params: readonly string[]): FoundPath | undefined {
  const described = useDescribed(id ?? 'getBank');
  if (id === undefined) return undefined;
  const { pathFields } = described.operation;
  const path = Object.fromEntries(pathFields.map(({ name }, index) => [name, params[index] ?? '']));
  return { id, is: pathFields.length === params.length ? 'whole' : 'other', path };
}

/** What belongs to something else is asked for by the id of that. */
function Ask({
  resource,
  operation: id,
}: {
  readonly resource: Resource;
  readonly operation: string;
}): ReactNode {
  const { operation, shapes } = useDescribed(id);
  const { labels } = usePlace(shapes);
  const navigate = useNavigate();
  return (
    <Frame resource={resource}>
      <p>{labels.words.askedFor}</p>
      <Filters
        fields={operation.pathFields}
        values={{}}
        title={labels.words.asked}
        button={labels.words.show}
        isOpen
        onApply={(values) => {
          const params = operation.pathFields.map(({ name }) => encodeURIComponent(values[name] ?? ''));
          void navigate({
            to: '/resources/$name/$',
            params: { name: resource.name, _splat: params.join('/') },
            search: {},
          });
        }}
      />
    </Frame>
  );
}
