import type { Field } from './description.ts';
import { digitsOf, readDecimal, readRate } from './numbers.ts';
import { plainText } from './plain-text.ts';
import { chosenFields, fieldsOf, type Shapes, shapeOf } from './shapes.ts';
import { isSame, isTypedGroup, isTypedList, type Typed, type TypedGroup } from './typed.ts';
import { instantOf } from './wall-time.ts';

export type FaultName = 'id' | 'integer' | 'many' | 'money' | 'name' | 'number' | 'required' | 'wrongKind';
/** What is wrong with a field, with what its words need. */
export type Fault = { readonly name: FaultName; readonly values?: Readonly<Record<string, string>> };

export type ReadPlace = {
  readonly shapes: Shapes;
  readonly locale: string;
  readonly timeZone: string;
  /** The currency of amounts that have none beside them. */
  readonly currency?: string | undefined;
};

/** What the bank would be sent, and what is wrong, by path as the bank writes it: `lines[0].amount`. */
export type Reading = { readonly value: unknown; readonly faults: ReadonlyMap<string, Fault> };

/** Reads a group as a request. What is empty is left out; null where it is needed and may be null. */
export function readGroup(fields: readonly Field[], typed: TypedGroup, place: ReadPlace, path = ''): Reading {
  const faults = new Map<string, Fault>();
  const own = typeof typed.currency === 'string' && typed.currency !== '' ? typed.currency : undefined;
  const within = { ...place, currency: own?.toUpperCase() ?? place.currency };
  const entries = fields.flatMap((field) => {
    const read = readField(field, typed[field.name], within, pathOf(path, field.name), faults);
    return read === undefined ? [] : [[field.name, read] as const];
  });
  return { value: Object.fromEntries(entries), faults };
}

/**
 * Reads a change: what is as it was is left out, and what was emptied is null. What may not be null must not be emptied.
 */
export function readChange(
  fields: readonly Field[],
  typed: TypedGroup,
  before: TypedGroup,
  place: ReadPlace,
): Reading {
  const changed = fields.filter(({ name }) => !isSame(typed[name], before[name]));
  const faults = new Map<string, Fault>();
  const entries = changed.map((field) => {
    const { name } = field;
    const read = readField(field, typed[name], place, name, faults);
    if (read !== undefined) return [name, read] as const;
    if (field.kind === 'list') return [name, []] as const;
    if (field.kind === 'texts') return [name, {}] as const;
    if (field.isNullable !== true && !faults.has(name)) faults.set(name, { name: 'required' });
    return [name, null] as const;
  });
  return { value: Object.fromEntries(entries), faults };
}

export function pathOf(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

type Faults = Map<string, Fault>;

function readField(field: Field, typed: Typed, place: ReadPlace, path: string, faults: Faults): unknown {
  const value = readValue(field, typed, place, path, faults);
  if (value !== undefined || field.isRequired !== true || faults.has(path)) return value;
  if (field.isNullable === true) return null;
  faults.set(path, { name: 'required' });
  return undefined;
}

function readValue(field: Field, typed: Typed, place: ReadPlace, path: string, faults: Faults): unknown {
  if (field.kind === 'list') return listOf(field, typed, place, path, faults);
  if (field.kind === 'texts') return textsOf(typed);
  if (field.kind === 'group' || field.kind === 'choice') {
    if (!isTypedGroup(typed)) return undefined;
    return groupOf(field, typed, place, path, faults);
  }
  if (typeof typed !== 'string') return undefined;
  const text = typed.trim();
  if (text === '') return undefined;
  return scalarOf(field, field.kind === 'secret' ? typed : text, place, path, faults);
}

function groupOf(field: Field, typed: TypedGroup, place: ReadPlace, path: string, faults: Faults): unknown {
  const shape = shapeOf(field, place.shapes);
  if ('fields' in shape) return withFaults(fieldsOf(field, place.shapes));
  const by = plainText(typed[shape.by]);
  if (by === '') {
    faults.set(pathOf(path, shape.by), { name: 'required' });
    return undefined;
  }
  const value = withFaults(chosenFields(field, by, place.shapes));
  return typeof value === 'object' ? { [shape.by]: by, ...value } : value;

  function withFaults(fields: readonly Field[]): unknown {
    const { value: group, faults: found } = readGroup(fields, typed, place, path);
    for (const [at, fault] of found) faults.set(at, fault);
    return group;
  }
}

function listOf(field: Field, typed: Typed, place: ReadPlace, path: string, faults: Faults): unknown {
  const { item, least = 0 } = field;
  const items = isTypedList(typed) ? typed : [];
  if (items.length < least && (items.length > 0 || field.isRequired === true))
    faults.set(path, { name: 'many', values: { least: String(least) } });
  if (items.length === 0) return field.isRequired === true && least === 0 ? [] : undefined;
  if (item === undefined) return undefined;
  return items.map((one, index) => readField(item, one, place, `${path}[${index}]`, faults));
}

function textsOf(typed: Typed): unknown {
  const rows = isTypedList(typed) ? typed.filter(isTypedGroup) : [];
  const named = rows.filter(({ name }) => typeof name === 'string' && name !== '');
  if (named.length === 0) return undefined;
  return Object.fromEntries(named.map(({ name, value }) => [plainText(name), plainText(value)]));
}

function scalarOf(field: Field, text: string, place: ReadPlace, path: string, faults: Faults): unknown {
  const wrong = (name: FaultName, values?: Fault['values']): undefined => {
    faults.set(path, values === undefined ? { name } : { name, values });
  };
  switch (field.kind) {
    case 'boolean':
      return text === 'true';
    case 'integer': {
      if (!/^-?\d{1,15}$/.test(text)) return wrong('integer');
      const { least = -Infinity, most = Infinity } = field;
      const number = Number(text);
      if (number < least || number > most)
        return wrong('number', { least: String(least), most: String(most) });
      return number;
    }
    case 'money':
      return (
        readDecimal(text, place.locale, digitsOf(place.currency), field.isSigned === true) ??
        wrong('money', { currency: place.currency ?? '' })
      );
    case 'decimal':
      return (
        readRate(text, place.locale, field.most ?? 0, field.isSigned === true) ??
        wrong('money', { currency: '' })
      );
    case 'id': {
      const kind = /^([a-z]+)_[0-9a-z]{26}$/.exec(text)?.[1];
      if (kind === undefined) return wrong('id', { prefix: field.prefix ?? '' });
      return kind === field.prefix || field.prefix === undefined
        ? text
        : wrong('wrongKind', { is: kind, prefix: field.prefix });
    }
    case 'instant':
      return instantOf(text, place.timeZone) ?? wrong('required');
    case 'currency':
    case 'country':
      return text.toUpperCase();
    case 'iban':
      return text.replaceAll(/\s/g, '').toUpperCase();
    default:
      return text;
  }
}
