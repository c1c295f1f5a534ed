import Table from 'cli-table3';
import type { Shell } from './shell.ts';

export type Column<Row> = {
  readonly title: string;
  readonly value: (row: Row) => string | null;
  /** Amounts and counts line up at their last digit. */
  readonly right?: boolean;
};

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Rows below their titles, columns aligned, with no lines around them: readable, and fit for `grep` and `awk`. */
export function renderTable<Row>(
  shell: Shell,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): string {
  return renderCells(
    columns.map(({ title }) => shell.heading(title)),
    rows.map((row) => columns.map(({ value }) => value(row) ?? '')),
    columns.map(({ right }) => (right === true ? 'right' : 'left')),
  );
}

/** A table, or the line that says there is nothing to show. */
export function renderList<Row>(
  shell: Shell,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  whenEmpty: string,
): string {
  return rows.length === 0 ? whenEmpty : renderTable(shell, columns, rows);
}

/** One thing, a field a line. Absent values are left out; nested ones are named by their path. */
export function renderFields(shell: Shell, fields: Readonly<Record<string, unknown>>): string {
  const rows = flatten(fields, []).map(({ path, text }) => [shell.heading(path.map(words).join(' ')), text]);
  return renderCells([], rows, ['left', 'left']);
}

function renderCells(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  aligns: ('left' | 'right')[],
): string {
  const table = new Table({
    head: [...head],
    colAligns: aligns,
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

type Field = { readonly path: readonly string[]; readonly text: string };

function flatten(value: unknown, path: readonly string[]): Field[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.length === 0 ? [] : [{ path, text: items.map(inOneLine).join(', ') }];
  }
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, [...path, key]));
  }
  return [{ path, text: typeof value === 'string' ? value : JSON.stringify(value) }];
}

function inOneLine(value: unknown): string {
  return flatten(value, [])
    .map(({ text }) => text)
    .join(' ');
}

/** `businessDate` as a person writes it. */
export function words(key: string): string {
  return key.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
