import { readDocument } from '../../../console/describe/document.ts';
import { describeOperations } from '../../../console/describe/operations.ts';
import type { Field, Operation } from '../../../console/src/forms/description.ts';
import { fieldsOf, type Shapes, shapeOf } from '../../../console/src/forms/shapes.ts';

export type DescribedOperation = { readonly operation: Operation; readonly shapes: Shapes };

/** Every operation of the document as the console's forms know it, by its id. */
export const DESCRIBED: ReadonlyMap<string, DescribedOperation> = new Map(
  [...describeOperations(readDocument()).values()].flatMap(({ operations, shapes }) =>
    Object.values(operations).map((operation) => [operation.id, { operation, shapes }] as const),
  ),
);

export function described(id: string): DescribedOperation {
  const found = DESCRIBED.get(id);
  if (found === undefined) throw new Error(`the document has no operation ${id}`);
  return found;
}

/** A field and all that is in it, each shape once. */
export function everyField(field: Field, shapes: Shapes, seen: Set<string> = new Set()): Field[] {
  const inItem = field.item === undefined ? [] : everyField(field.item, shapes, seen);
  if (field.shape === undefined || seen.has(field.shape)) return [field, ...inItem];
  seen.add(field.shape);
  const shape = shapeOf(field, shapes);
  const names = 'fields' in shape ? [field.shape] : Object.values(shape.alternatives);
  const parts = names.flatMap((name) => fieldsOf({ shape: name }, shapes));
  return [field, ...inItem, ...parts.flatMap((part) => everyField(part, shapes, seen))];
}

/** The fields of an answer's rows, or of the answer itself, at a dotted path. */
export function fieldAt(start: Field, path: string, shapes: Shapes): Field | undefined {
  return path.split('.').reduce<Field | undefined>((field, name) => {
    if (field === undefined) return undefined;
    if (/^\d+$/.test(name)) return field.item;
    return field.shape === undefined ? undefined : fieldsOf(field, shapes).find((part) => part.name === name);
  }, start);
}
