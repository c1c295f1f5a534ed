import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import { etagOf, FlorinProblem } from '#sdk/index.ts';
import { useMay } from '../app/rights.tsx';
import { useDescribed } from '../forms/described.ts';
import { fill, useText } from '../text/language.tsx';
import { Failure } from '../ui/fail.tsx';
import { ActDialog } from './act-dialog.tsx';
import { givenBy } from './act-form.ts';
import { ActRow } from './act-row.tsx';
import { ask, type Params, type Row } from './bank.ts';
import { Downloads } from './downloads.tsx';
import { FactsOf } from './facts-of.tsx';
import { Filters } from './filters.tsx';
import { Frame } from './frame.tsx';
import { ResourceLink } from './links.tsx';
import { usePlace } from './place.ts';
import type { ActSpec, Resource } from './resource.ts';
import { resourceNamed } from './resources.ts';
import { textAt, titleOf } from './row.ts';
import { useAddress } from './use-address.ts';
import { useRecord } from './use-rows.ts';

type RecordScreenProps = { readonly resource: Resource; readonly record: string; readonly path: Params };

/** One thing that the bank has: all that it says of it, what can be done with it, and what belongs to it. */
export function RecordScreen({ resource, record, path }: RecordScreenProps): ReactNode {
  const { operation, shapes } = useDescribed(record);
  const place = usePlace(shapes);
  const { labels } = place;
  const { filters, change } = useAddress();
  const query = Object.fromEntries(
    operation.queryFields.flatMap(({ name }) => (filters[name] === undefined ? [] : [[name, filters[name]]])),
  );
  const { data, error, refetch } = useRecord(operation, path, query);
  return (
    <Frame
      resource={resource}
      title={data === undefined ? Object.values(path)[0] : (titleOf(data) ?? Object.values(path).at(-1))}
    >
      <Filters
        fields={operation.queryFields}
        values={query}
        title={labels.words.asked}
        button={labels.words.show}
        isOpen
        onApply={change}
      />
      {data === undefined ? (
        <Waiting error={error} right={record} retry={() => void refetch()} />
      ) : (
        <>
          <RecordActs resource={resource} record={record} path={path} row={data} />
          <Downloads
            {...{ operation, path, query }}
            name={[resource.name, ...Object.values(path)].join('-')}
          />
          {operation.answer !== undefined && (
            <div className="record">
              <FactsOf field={operation.answer} row={data} place={place} />
            </div>
          )}
          <RelatedLinks resource={resource} row={data} path={path} />
        </>
      )}
    </Frame>
  );
}

type WaitingProps = { readonly error: unknown; readonly right: string; readonly retry: () => void };

function Waiting({ error, right, retry }: WaitingProps): ReactNode {
  const text = useText();
  if (error === null) return <p aria-busy="true">{text.list.loading}</p>;
  if (error instanceof FlorinProblem && error.status === 403)
    return <p className="notice">{fill(text.list.forbidden, { right })}</p>;
  return <Failure error={error} retry={retry} />;
}

type RecordActsProps = {
  readonly resource: Resource;
  readonly record: string;
  readonly path: Params;
  readonly row: Row;
  /** Acts that the screen around has already. */
  readonly without?: readonly string[];
};

/** The acts on a record, and the one that is open. */
export function RecordActs({ resource, record, path, row, without = [] }: RecordActsProps): ReactNode {
  const { operation } = useDescribed(record);
  const listed = useDescribed(resource.list ?? record).operation.pathFields.map(
    ({ name }) => path[name] ?? '',
  );
  const { search, change } = useAddress();
  const navigate = useNavigate();
  const acts = (resource.acts ?? []).filter((act) => !without.includes(act.operation));
  const open = acts.find((act) => act.operation === search._act);
  return (
    <>
      <ActRow acts={acts} record={row} onOpen={(act) => change({ _act: act.operation })} />
      {open !== undefined && (
        <Suspense fallback={null}>
          <RecordAct
            key={open.operation}
            act={open}
            path={path}
            row={row}
            recordShape={operation.answer?.shape}
            reread={() => ask({ operation, path })}
            onClose={() => change({ _act: undefined })}
            onGone={() =>
              void navigate({
                to: '/resources/$name/$',
                params: { name: resource.name, _splat: listed.join('/') },
                search: {},
              })
            }
          />
        </Suspense>
      )}
    </>
  );
}

type RecordActProps = {
  readonly act: ActSpec;
  readonly path: Params;
  readonly row: Row;
  readonly recordShape: string | undefined;
  readonly reread: () => Promise<Row>;
  readonly onClose: () => void;
  /** After what the record is about is deleted. */
  readonly onGone: () => void;
};

function RecordAct({ act, path, row, recordShape, reread, onClose, onGone }: RecordActProps): ReactNode {
  const { operation } = useDescribed(act.operation);
  const known = Object.fromEntries(
    operation.pathFields.flatMap(({ name }) => (path[name] === undefined ? [] : [[name, path[name]]])),
  );
  const isWhole = operation.pathFields.length === Object.keys(path).length;
  return (
    <ActDialog
      operation={act.operation}
      source={{
        path: known,
        record: row,
        etag: etagOf(row),
        given: { ...givenBy(row) },
        ...(act.prefill === undefined ? {} : { prefill: act.prefill }),
      }}
      recordShape={recordShape}
      reread={reread}
      onClose={onClose}
      onDone={operation.method === 'DELETE' && isWhole && operation.answer === undefined ? onGone : undefined}
    />
  );
}

type RelatedLinksProps = { readonly resource: Resource; readonly row: Row; readonly path: Params };

/** What belongs to the record, as far as the user may see it. */
export function RelatedLinks({ resource, row }: RelatedLinksProps): ReactNode {
  const { labels } = usePlace({});
  const may = useMay();
  const shown = (resource.related ?? []).flatMap(({ resource: name, by }) => {
    const target = resourceNamed(name);
    const operation = target?.list ?? target?.record;
    if (target === undefined || operation === undefined || !may(operation)) return [];
    const values = Object.entries(by).map(([parameter, field]) => [parameter, textAt(row, field)] as const);
    if (values.some(([, value]) => value === undefined)) return [];
    return [{ target, values: values as readonly (readonly [string, string])[] }];
  });
  if (shown.length === 0) return null;
  return (
    <section className="no-print">
      <h2>{labels.words.related}</h2>
      <Suspense fallback={null}>
        <ul className="tiles">
          {shown.map(({ target, values }) => (
            <li key={target.name}>
              <RelatedLink target={target} values={values}>
                {labels.resource(target.name)}
              </RelatedLink>
            </li>
          ))}
        </ul>
      </Suspense>
    </section>
  );
}

type RelatedLinkProps = {
  readonly target: Resource;
  readonly values: readonly (readonly [string, string])[];
  readonly children: ReactNode;
};

/** Parameters of its path go there, others are filters. */
function RelatedLink({ target, values, children }: RelatedLinkProps): ReactNode {
  const operation = useDescribed(target.list ?? target.record ?? '').operation;
  const isRecord = values.length === 1 && target.record !== undefined && operation.pathFields.length === 0;
  const record = useDescribed(target.record ?? target.list ?? '').operation;
  const isFilter = operation.queryFields.some(({ name }) => values.some(([parameter]) => parameter === name));
  const inPath = isRecord && !isFilter ? record : operation;
  const params = inPath.pathFields.map(
    ({ name }) => values.find(([parameter]) => parameter === name)?.[1] ?? '',
  );
  const filters = values.filter(([parameter]) => !inPath.pathFields.some(({ name }) => name === parameter));
  return (
    <ResourceLink resource={target} params={params} filters={Object.fromEntries(filters)}>
      {children}
    </ResourceLink>
  );
}
