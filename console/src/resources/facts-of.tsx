import type { ReactNode } from 'react';
import type { Field } from '../forms/description.ts';
import { Facts, Table } from '../ui/list.tsx';
import type { Row } from './bank.ts';
import { currencyOf, isRow, titleOf } from './row.ts';
import { Value } from './value.tsx';
import { fieldsOfValue, type ShowPlace } from './value-text.ts';

type FactsOfProps = { readonly field: Field; readonly row: Row; readonly place: ShowPlace };

/**
 * All that an answer says: its own facts, then each group under its name, then its lists as tables. What is null is
 * left out.
 */
export function FactsOf({ field, row, place }: FactsOfProps): ReactNode {
  const fields = fieldsOfValue(field, row, place.shapes);
  const within = { ...place, currency: currencyOf({ name: '' }, row, place.currency) };
  const facts = fields.filter((part) => !isNested(part, row[part.name]));
  const nested = fields.filter((part) => isNested(part, row[part.name]) && !isEmpty(row[part.name]));
  return (
    <>
      {facts.length > 0 && (
        <Facts
          facts={facts.map((part) => [
            place.labels.field(part.name),
            isEmpty(row[part.name]) ? null : (
              <Value key={part.name} field={part} value={row[part.name]} row={row} place={within} isFact />
            ),
          ])}
        />
      )}
      {nested.map((part) => (
        <section key={part.name} className="part">
          <h2>{place.labels.field(part.name)}</h2>
          <Nested field={part} value={row[part.name]} place={within} />
        </section>
      ))}
    </>
  );
}

function isNested({ kind, item }: Field, value: unknown): boolean {
  if (kind === 'group' || kind === 'choice') return isRow(value);
  return kind === 'list' && (item?.kind === 'group' || item?.kind === 'choice');
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRow(value) && Object.values(value).every(isEmpty);
}

type NestedProps = { readonly field: Field; readonly value: unknown; readonly place: ShowPlace };

function Nested({ field, value, place }: NestedProps): ReactNode {
  if (isRow(value)) return <FactsOf field={field} row={value} place={place} />;
  const { item } = field;
  const rows = Array.isArray(value) ? value.filter(isRow) : [];
  if (item === undefined) return null;
  const hasLists = rows.some((row) =>
    fieldsOfValue(item, row, place.shapes).some(
      (part) => part.kind === 'list' && isNested(part, row[part.name]),
    ),
  );
  if (!hasLists)
    return <RowsTable caption={place.labels.field(field.name)} item={item} rows={rows} place={place} />;
  return rows.map((row, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: rows of an answer do not move.
    <article key={index} className="frame">
      {rows.length > 1 && <h3>{titleOf(row) ?? currencyOf({ name: '' }, row, undefined) ?? index + 1}</h3>}
      <FactsOf field={item} row={row} place={place} />
    </article>
  ));
}

type RowsTableProps = {
  readonly caption: string;
  readonly item: Field;
  readonly rows: readonly Row[];
  readonly place: ShowPlace;
};

/** Rows in a table: a column for each field that any of them has, and for each field of a group in them. */
export function RowsTable({ caption, item, rows, place }: RowsTableProps): ReactNode {
  const columns = columnsOf(item, rows, place).filter(({ path }) =>
    rows.some((row) => !isEmpty(at(row, path))),
  );
  return (
    <Table
      caption={caption}
      items={rows.map((row, index) => ({ row, index }))}
      keyOf={({ index }) => String(index)}
      columns={columns.map(({ head, field, path }) => ({
        head,
        isNumber: isFigure(field),
        cell: ({ row }: { readonly row: Row; readonly index: number }) => (
          <Value
            field={field}
            value={at(row, path)}
            row={inRow(row, path, place)}
            place={{ ...place, currency: currencyOf({ name: '' }, row, place.currency) }}
          />
        ),
      }))}
    />
  );
}

/** Numbers stand at the right of their column. */
export function isFigure({ kind }: Field): boolean {
  return kind === 'money' || kind === 'decimal' || kind === 'integer';
}

type ColumnOf = { readonly head: string; readonly field: Field; readonly path: readonly string[] };

function columnsOf(item: Field, rows: readonly Row[], place: ShowPlace): ColumnOf[] {
  const [first] = rows;
  if (first === undefined) return [];
  const every = rows.flatMap((row) => fieldsOfValue(item, row, place.shapes));
  const fields = [...new Map(every.map((field) => [field.name, field])).values()];
  return fields.flatMap((field): ColumnOf[] => {
    const head = place.labels.field(field.name);
    if (field.kind !== 'group') return [{ head, field, path: [field.name] }];
    return fieldsOfValue(field, {}, place.shapes).map((part) => ({
      head: `${head}: ${place.labels.field(part.name)}`,
      field: part,
      path: [field.name, part.name],
    }));
  });
}

function at(row: Row, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isRow(value) ? value[name] : undefined), row);
}

/** What a value stands in: its row, or the group in it. */
function inRow(row: Row, path: readonly string[], place: ShowPlace): Row {
  const group = path.length === 2 ? row[path[0] ?? ''] : row;
  const currency = currencyOf({ name: '' }, row, place.currency);
  return isRow(group) ? { ...(currency === undefined ? {} : { currency }), ...group } : row;
}
