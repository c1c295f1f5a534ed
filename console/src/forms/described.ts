import { load, tags } from 'florin:descriptions';
import { use } from 'react';
import type { Descriptions, Operation } from './description.ts';
import type { Shapes } from './shapes.ts';

/** An operation with the shapes that its fields refer to. */
export type Described = { readonly operation: Operation; readonly shapes: Shapes };

const loaded = new Map<string, Promise<Descriptions>>();

/** The description of an operation; it is read from the server once for its tag. */
export async function describedOf(id: string): Promise<Described> {
  const { operations, shapes } = await tagOf(id);
  const operation = operations[id];
  if (operation === undefined) throw new Error(`the document has no operation ${id}`);
  return { operation, shapes };
}

function tagOf(id: string): Promise<Descriptions> {
  const tag = tags[id];
  const loads = tag === undefined ? undefined : load[tag];
  if (tag === undefined || loads === undefined) throw new Error(`the document has no operation ${id}`);
  const known = loaded.get(tag) ?? loads().then((module) => module.default);
  loaded.set(tag, known);
  return known;
}

const described = new Map<string, Promise<Described>>();

/** The same for a component, which waits for it. */
export function useDescribed(id: string): Described {
  const known = described.get(id) ?? describedOf(id);
  described.set(id, known);
  return use(known);
}
