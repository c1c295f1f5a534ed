import type { Field } from './description.ts';
import { typedDecimal } from './numbers.ts';
import { plainText } from './plain-text.ts';
import { chosenFields, fieldsOf, type Shapes, shapeOf } from './shapes.ts';
import { wallTimeOf } from './wall-time.ts';

/** What is in a form: as typed. Undefined is an optional group that was not added. */
export type Typed = string | undefined | readonly Typed[] | TypedGroup;
export type TypedGroup = { readonly [name: string]: Typed };
/** A text of one's own under its name. */
export type TypedText = { readonly name: string; readonly value: string };

export type Place = { readonly shapes: Shapes; readonly locale: string; readonly timeZone: string };

/** An empty form of a field. */
export function blank(field: Field, shapes: Shapes): Typed {
  switch (field.kind) {
    case 'group':
      return field.isRequired === true ? blankGroup(fieldsOf(field, shapes), shapes) : undefined;
    case 'choice': {
      const shape = shapeOf(field, shapes);
      return field.isRequired === true && 'by' in shape ? { [shape.by]: '' } : undefined;
    }
    case 'list':
      return Array.from({ length: listStart(field) }, () =>
        field.item === undefined ? '' : blank(field.item, shapes),
      );
    case 'texts':
      return [];
    case 'boolean':
      return field.isRequired === true ? 'false' : '';
    case 'constant':
      return field.values?.[0] ?? '';
    default:
      return '';
  }
}

/** As many items as a list needs stand there from the start; of enums all are shown anyway. */
function listStart({ least = 0, isRequired, item }: Field): number {
  return isRequired === true && item?.kind !== 'enum' ? least : 0;
}

export function blankGroup(fields: readonly Field[], shapes: Shapes): TypedGroup {
  return Object.fromEntries(fields.map((field) => [field.name, blank(field, shapes)]));
}

/** A value of an answer as it would be typed: what a change starts from. */
export function typedOf(field: Field, value: unknown, place: Place): Typed {
  if (value === undefined || value === null) return blank(field, place.shapes);
  switch (field.kind) {
    case 'group':
      return isGroup(value) ? typedGroup(fieldsOf(field, place.shapes), value, place) : undefined;
    case 'choice': {
      const shape = shapeOf(field, place.shapes);
      if (!isGroup(value) || !('by' in shape)) return undefined;
      const by = plainText(value[shape.by]);
      return { [shape.by]: by, ...typedGroup(chosenFields(field, by, place.shapes), value, place) };
    }
    case 'list': {
      const { item } = field;
      return Array.isArray(value) && item !== undefined ? value.map((one) => typedOf(item, one, place)) : [];
    }
    case 'texts':
      return isGroup(value)
        ? Object.entries(value).map(([name, text]) => ({ name, value: plainText(text) }))
        : [];
    case 'money':
    case 'decimal':
      return typedDecimal(plainText(value), place.locale);
    case 'instant':
      return wallTimeOf(plainText(value), place.timeZone);
    default:
      return plainText(value);
  }
}

/** A group as it would be typed; what the answer does not have is blank. */
export function typedGroup(
  fields: readonly Field[],
  value: Readonly<Record<string, unknown>>,
  place: Place,
): TypedGroup {
  return Object.fromEntries(fields.map((field) => [field.name, typedOf(field, value[field.name], place)]));
}

export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTypedGroup(typed: Typed): typed is TypedGroup {
  return typeof typed === 'object' && !Array.isArray(typed);
}

export function isTypedList(typed: Typed): typed is readonly Typed[] {
  return Array.isArray(typed);
}

/** Whether two forms say the same. */
export function isSame(one: Typed, other: Typed): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
