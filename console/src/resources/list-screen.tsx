import { type ReactNode, Suspense, useState } from 'react';
import { useDescribed } from '../forms/described.ts';
import type { Field } from '../forms/description.ts';
import { List } from '../ui/list.tsx';
import { ActDialog } from './act-dialog.tsx';
import { ActRow, isOffered } from './act-row.tsx';
import type { Params, Row } from './bank.ts';
import { Downloads } from './downloads.tsx';
import { isFigure } from './facts-of.tsx';
import { Filters } from './filters.tsx';
import { Frame } from './frame.tsx';
import { paramsOfRow, ResourceLink } from './links.tsx';
import { usePlace } from './place.ts';
import type { ActSpec, Resource } from './resource.ts';
import { resourceNamed } from './resources.ts';
import { currencyOf, isRow, textAt, valueAt } from './row.ts';
import { useAddress } from './use-address.ts';
import { useRows } from './use-rows.ts';
import { Value } from './value.tsx';
import { fieldsOfValue, type ShowPlace } from './value-text.ts';

type ListScreenProps = { readonly resource: Resource; readonly list: string; readonly path: Params };

/** A list of the bank: filters, rows page by page, and what can be done about them. */
export function ListScreen({ resource, list, path }: ListScreenProps): ReactNode {
  const described = useDescribed(list);
  const { operation } = described;
  const { labels } = usePlace(described.shapes);
  const { filters, change, search } = useAddress();
  const query = Object.fromEntries(operation.queryFields.flatMap(({ name }) => pick(filters, name)));
  const isMissing = operation.queryFields.some(
    (field) => field.isRequired === true && query[field.name] === undefined,
  );
  return (
    <Frame resource={resource} about={path.id ?? path.code ?? path.currency}>
      <ActRow
        acts={resource.starts ?? []}
        onOpen={({ operation: act }) => change({ _act: act, _row: undefined })}
      />
      <Filters
        fields={operation.queryFields}
        values={filters}
        title={labels.words.filters}
        button={labels.words.apply}
        isOpen={isMissing}
        onApply={(values) => change({ ...values, _cursor: undefined })}
      />
      {isMissing ? (
        <p className="empty">{labels.words.chooseFirst}</p>
      ) : (
        <>
          <Downloads operation={operation} path={path} query={query} name={resource.name} />
          <Rows key={JSON.stringify([path, query])} {...{ resource, list, path, query }} />
        </>
      )}
      <OpenStart
        resource={resource}
        path={path}
        filters={filters}
        act={search._act}
        hasRow={search._row !== undefined}
      />
    </Frame>
  );
}

function pick(params: Params, name: string): [string, string][] {
  const value = params[name];
  return value === undefined ? [] : [[name, value]];
}

type OpenStartProps = {
  readonly resource: Resource;
  readonly path: Params;
  readonly filters: Params;
  readonly act: string | undefined;
  readonly hasRow: boolean;
};

/** The act above the list that the address says is open. */
function OpenStart({ resource, path, filters, act, hasRow }: OpenStartProps): ReactNode {
  const { change } = useAddress();
  const found = resource.starts?.find(({ operation }) => operation === act);
  if (found === undefined || hasRow) return null;
  return (
    <ActDialog
      key={found.operation}
      operation={found.operation}
      source={{ path, given: { ...path, ...filters } }}
      onClose={() => change({ _act: undefined })}
    />
  );
}

type RowsProps = ListScreenProps & { readonly query: Params };

function Rows({ resource, list, path, query }: RowsProps): ReactNode {
  const described = useDescribed(list);
  const place = usePlace(described.shapes);
  const { labels } = place;
  const { search, change } = useAddress();
  // Where the list begins stays as the address had it: what follows is added below.
  const [from, setFrom] = useState(search._cursor);
  const pages = useRows(described.operation, path, query, from);
  const data = described.operation.answer;
  const item = data === undefined ? undefined : itemOf(fieldsOfValue(data, {}, described.shapes));
  if (item === undefined) return null;
  const more = async () => {
    const result = await pages.fetchNextPage();
    const cursor = result.data?.pageParams.at(-1);
    if (typeof cursor === 'string') change({ _cursor: cursor });
    return result;
  };
  const acts = resource.rowActs ?? [];
  const rows = pages.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
      {from !== undefined && (
        <p className="notice">
          {labels.words.fromHere}{' '}
          <button
            type="button"
            className="quiet"
            onClick={() => {
              setFrom(undefined);
              change({ _cursor: undefined });
            }}
          >
            {labels.words.fromStart}
          </button>
        </p>
      )}
      <List
        caption={labels.resource(resource.name)}
        pages={{ ...pages, fetchNextPage: more } as typeof pages}
        keyOf={(row) => keyOf(row)}
        empty={labels.words.empty}
        right={list}
        columns={[
          ...(resource.columns ?? []).map((column, index) => ({
            ...columnOf(item, column, place),
            ...(index === 0
              ? { cell: (row: Row) => <First {...{ resource, path, row, place, item, column }} /> }
              : {}),
          })),
          ...(acts.length === 0
            ? []
            : [
                {
                  head: labels.words.acts,
                  cell: (row: Row) => (
                    <ActRow
                      acts={acts.filter((act) => isOffered(act, row))}
                      record={row}
                      isSmall
                      onOpen={({ operation }) => change({ _act: operation, _row: keyOf(row) })}
                    />
                  ),
                },
              ]),
        ]}
      />
      <OpenRowAct {...{ resource, path, rows }} />
    </>
  );
}

function itemOf(fields: readonly Field[]): Field | undefined {
  return fields.find(({ name }) => name === 'data')?.item;
}

/** What tells a row from the others: its id, or else its number, date or code. */
export function keyOf(row: Row): string {
  const names = [
    'id',
    'number',
    'period',
    'year',
    'date',
    'dueDate',
    'version',
    'transactionId',
    'entryId',
    'currency',
  ];
  const parts = ['code', ...names].map((name) => textAt(row, name)).filter((part) => part !== undefined);
  return (
    textAt(row, 'id') ??
    (parts.length > 0 ? [...new Set(parts), ...rest(row)].join(' ') : JSON.stringify(row))
  );
}

function rest(row: Row): string[] {
  const names = [
    'product',
    'businessDate',
    'startedAt',
    'validFrom',
    'validOn',
    'pair',
    'event',
    'kind',
    'debit',
    'credit',
  ];
  return names.map((name) => textAt(row, name)).filter((part) => part !== undefined);
}

function fieldAt(item: Field, column: string, place: ShowPlace): Field | undefined {
  return column.split('.').reduce<Field | undefined>((field, name) => {
    if (field?.shape === undefined) return undefined;
    return fieldsOfValue(field, {}, place.shapes).find((part) => part.name === name);
  }, item);
}

function columnOf(item: Field, column: string, place: ShowPlace) {
  const field = fieldAt(item, column, place);
  if (field === undefined) throw new Error(`there is no ${column} in a row`);
  return {
    head: place.labels.field(field.name),
    isNumber: isFigure(field),
    cell: (row: Row): ReactNode => {
      const within = valueAt(row, column.split('.').slice(0, -1).join('.'));
      const currency = currencyOf(field, row, place.currency);
      return (
        <Value
          field={field}
          value={valueAt(row, column)}
          row={isRow(within) ? within : row}
          place={{ ...place, currency }}
        />
      );
    },
  };
}

type FirstProps = {
  readonly resource: Resource;
  readonly path: Params;
  readonly row: Row;
  readonly place: ShowPlace;
  readonly item: Field;
  readonly column: string;
};

/** The first cell leads to the record, or to the list that a row opens. */
function First({ resource, path, row, place, item, column }: FirstProps): ReactNode {
  const target = resource.opens === undefined ? resource : resourceNamed(resource.opens);
  const operation = target?.record ?? (resource.opens === undefined ? undefined : target?.list);
  const text = columnOf(item, column, place).cell(row);
  if (target === undefined || operation === undefined) return text;
  // What a row of another resource is found by is in the row: the id in the path is that of what the list is of.
  const known = resource.opens === undefined ? path : { ...path, ...idOf(row) };
  return (
    <ToRecord {...{ target, operation, row }} path={known}>
      {cellText(item, column, row, place)}
    </ToRecord>
  );
}

function idOf(row: Row): Params {
  const id = textAt(row, 'id');
  return id === undefined ? {} : { id };
}

function cellText(item: Field, column: string, row: Row, place: ShowPlace): ReactNode {
  const value = valueAt(row, column);
  const isId = typeof value === 'string' && /^[a-z]+_[0-9a-z]{26}$/.test(value);
  if (isId) return <code>{value}</code>;
  const cell = columnOf(item, column, place).cell(row);
  return value === null || value === undefined || value === ''
    ? (titleIn(row) ?? place.labels.words.open)
    : cell;
}

function titleIn(row: Row): string | undefined {
  const names = ['legalName', 'familyName', 'reference', 'id'];
  return names.map((name) => textAt(row, name)).find((text) => text !== undefined);
}

type ToRecordProps = {
  readonly target: Resource;
  readonly operation: string;
  readonly path: Params;
  readonly row: Row;
  readonly children: ReactNode;
};

function ToRecord({ target, operation, path, row, children }: ToRecordProps): ReactNode {
  const { operation: record } = useDescribed(operation);
  const params = paramsOfRow(record, path, row);
  if (params === undefined) return children;
  return (
    <ResourceLink resource={target} params={params}>
      {children}
    </ResourceLink>
  );
}

type OpenRowActProps = { readonly resource: Resource; readonly path: Params; readonly rows: readonly Row[] };

/** The act on a row that the address says is open. */
function OpenRowAct({ resource, path, rows }: OpenRowActProps): ReactNode {
  const { search, change } = useAddress();
  const act = resource.rowActs?.find(({ operation }) => operation === search._act);
  const row = rows.find((one) => keyOf(one) === search._row);
  if (act === undefined || row === undefined) return null;
  return (
    <Suspense fallback={null}>
      <RowAct {...{ act, row, path }} onClose={() => change({ _act: undefined, _row: undefined })} />
    </Suspense>
  );
}

type RowActProps = {
  readonly act: ActSpec;
  readonly row: Row;
  readonly path: Params;
  readonly onClose: () => void;
};

function RowAct({ act, row, path, onClose }: RowActProps): ReactNode {
  const { operation } = useDescribed(act.operation);
  const known = Object.fromEntries(
    operation.pathFields.flatMap(({ name }) => {
      const value = path[name] ?? textAt(row, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return (
    <ActDialog
      key={act.operation}
      operation={act.operation}
      source={{ path: known, record: row, given: { ...path } }}
      onClose={onClose}
    />
  );
}
