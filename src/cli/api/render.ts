import type { Shell } from '../shell.ts';
import { renderFields, renderTable } from '../table.ts';
import { type Fields, isFields } from './body.ts';
import { columnsOf, titleOf } from './columns.ts';
import type { Field, Shape } from './shape.ts';

/** Items with no more values than these are named in one line; more of them make a table. */
const FEW_VALUES = 3;

/** Columns of the tables in an answer, by the field that holds the rows. */
export type NamedColumns = Readonly<Record<string, readonly string[]>>;

type Table = { readonly name: string; readonly item: Shape; readonly rows: readonly Fields[] };

/**
 * An answer for a person: its values, a line each, and below them a table for each list of things. Things that hold
 * lists themselves are shown one after the other in the same way.
 */
export function renderAnswer(
  shell: Shell,
  answer: Fields,
  shape: Shape | undefined,
  columns: NamedColumns = {},
): string {
  const tables = tablesIn(answer, shape);
  const rest = Object.entries(answer).filter(([name]) => !tables.some((table) => table.name === name));
  const fields = renderFields(shell, Object.fromEntries(rest));
  const parts = tables
    .filter(({ rows }) => rows.length > 0)
    .map((table) => renderPart(shell, table, columns));
  return [...(fields === '' ? [] : [fields]), ...parts].join('\n\n');
}

function tablesIn(answer: Fields, shape: Shape | undefined): Table[] {
  const fields = shape?.kind === 'object' ? shape.fields : [];
  return fields.flatMap(({ name, shape: list }) => {
    const value = answer[name];
    if (list.kind !== 'list' || list.item.kind !== 'object' || !Array.isArray(value)) return [];
    const isShort = list.item.fields.length <= FEW_VALUES && list.item.fields.every(isSingle);
    return isShort ? [] : [{ name, item: list.item, rows: value.filter(isFields) }];
  });
}

function holdsObjects(shape: Shape): boolean {
  return shape.kind === 'list' && shape.item.kind === 'object';
}

function isSingle({ shape }: Field): boolean {
  return shape.kind !== 'object' && shape.kind !== 'list';
}

function renderPart(shell: Shell, { name, item, rows }: Table, columns: NamedColumns): string {
  const isNamed = columns[name] !== undefined;
  const holdsLists =
    !isNamed && item.kind === 'object' && item.fields.some(({ shape }) => holdsObjects(shape));
  const title = shell.heading(titleOf([name]));
  if (!holdsLists) return `${title}\n${renderTable(shell, columnsOf(item, columns[name]), rows)}`;
  return rows.map((row) => `${title}\n${renderAnswer(shell, row, item, columns)}`).join('\n\n');
}
