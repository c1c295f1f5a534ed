import { type Column, words } from '../table.ts';
import type { Fields } from './body.ts';
import { columnsOf } from './columns.ts';
import type { Plan } from './plan.ts';
import type { Shape } from './shape.ts';

/** What a list is of, if the answer is one: the API answers its rows as `data`. */
export function itemOf({ answer }: Plan): Shape | undefined {
  const shape = answer();
  const data = shape?.kind === 'object' ? shape.fields.find(({ name }) => name === 'data')?.shape : undefined;
  return data?.kind === 'list' ? data.item : undefined;
}

/** The columns in which a list is shown. */
export function listColumns(plan: Plan): readonly Column<Fields>[] {
  const item = itemOf(plan);
  return item === undefined ? [] : columnsOf(item, plan.columns);
}

/** What stands in place of an empty list: "No standing orders." */
export function noneOf({ operation }: Plan): string {
  return `No ${words(operation.id.replace(/^list/, '')).toLowerCase()}.`;
}
