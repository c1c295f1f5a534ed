import type { Descriptions, Field, Shape } from './description.ts';

export type Shapes = Descriptions['shapes'];

/** The fields of a group. Throws where the document has no such shape. */
export function fieldsOf(field: Pick<Field, 'shape'>, shapes: Shapes): readonly Field[] {
  const shape = shapeOf(field, shapes);
  return 'fields' in shape ? shape.fields : [];
}

export function shapeOf({ shape = '' }: Pick<Field, 'shape'>, shapes: Shapes): Shape {
  const found = shapes[shape];
  if (found === undefined) throw new Error(`the document has no shape ${shape}`);
  return found;
}

/** The fields of a choice once its kind is chosen, without the one that chooses. */
export function chosenFields(field: Pick<Field, 'shape'>, chosen: string, shapes: Shapes): readonly Field[] {
  const shape = shapeOf(field, shapes);
  if ('fields' in shape) return shape.fields;
  const alternative = shape.alternatives[chosen];
  if (alternative === undefined) return [];
  return fieldsOf({ shape: alternative }, shapes).filter(({ name }) => name !== shape.by);
}
