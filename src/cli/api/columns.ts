import { type Column, words } from '../table.ts';
import { type Fields, isFields } from './body.ts';
import { isAmount } from './read-value.ts';
import type { Field, Shape } from './shape.ts';

/** More do not fit beside each other on a screen. */
const MOST_COLUMNS = 9;
/** What every resource has and a list can do without. */
const LEFT_OUT = ['metadata', 'createdAt', 'updatedAt'];

type Leaf = { readonly path: readonly string[]; readonly shape: Shape };

/**
 * The columns of a table of resources. Each named one is a path (`balance.posted`), with another title behind `=` if it
 * needs one. Without names they are the first nine single values of the resource, in the order of the document.
 */
export function columnsOf(item: Shape, named?: readonly string[]): readonly Column<Fields>[] {
  const leaves = item.kind === 'object' ? leavesOf(item.fields, []) : [];
  if (named === undefined) {
    const shown = leaves.filter(({ path }) => !LEFT_OUT.includes(path[0] ?? ''));
    return shown.slice(0, MOST_COLUMNS).map((leaf) => columnOf(leaf));
  }
  return named.map((name) => {
    const [path = '', title] = name.split('=');
    const leaf = leaves.find((one) => one.path.join('.') === path);
    if (leaf === undefined) throw new TypeError(`there is no ${path} in the answer`);
    return columnOf(leaf, title);
  });
}

function leavesOf(fields: readonly Field[], above: readonly string[]): Leaf[] {
  return fields.flatMap(({ name, shape }) => {
    const path = [...above, name];
    if (shape.kind === 'object') return leavesOf(shape.fields, path);
    return shape.kind === 'map' || shape.kind === 'any' || holdsObjects(shape) ? [] : [{ path, shape }];
  });
}

function holdsObjects(shape: Shape): boolean {
  return shape.kind === 'list' && shape.item.kind === 'object';
}

function columnOf({ path, shape }: Leaf, title = titleOf(path)): Column<Fields> {
  const right = isAmount(shape) || shape.kind === 'number';
  return { title, value: (row) => cellOf(valueAt(row, path)), right };
}

/** `balance.posted` as `Balance posted`. */
export function titleOf(path: readonly string[]): string {
  const text = path.map(words).join(' ');
  const title = text.charAt(0).toUpperCase() + text.slice(1);
  return title.replaceAll(/\biban\b/gi, 'IBAN').replaceAll(/\btotp\b/gi, 'TOTP');
}

function valueAt(row: Fields, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isFields(value) ? value[name] : undefined), row);
}

function cellOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(String).join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
