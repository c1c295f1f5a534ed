import type { Field, Kind, Shape } from '../src/forms/description.ts';
import { nameOfRef, type Schema } from './document.ts';

type Schemas = Readonly<Record<string, Schema>>;

/** A longer text gets a field of several lines. */
const LONG_TEXT = 300;

/** Makes descriptions of fields, and collects the shapes that they refer to. */
export class FieldDescriber {
  readonly #schemas: Schemas;
  readonly shapes = new Map<string, Shape>();

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  /** A field under its name. `path` names its shape where the document does not. */
  describe(name: string, given: Schema, isRequired: boolean, path = name): Field {
    const [own, isNullable] = withoutNull(given);
    const { schema, ref } = this.#resolved(own);
    const help = given.description ?? own.description ?? helpOf(schema);
    const common = {
      name,
      ...(help === undefined ? {} : { help }),
      ...exampleOf(given, schema),
      ...(isRequired ? { isRequired } : {}),
      ...(isNullable || typesOf(schema).includes('null') ? { isNullable: true as const } : {}),
    };
    return { ...common, ...this.#kind(name, schema, ref ?? path) };
  }

  #resolved(schema: Schema): { schema: Schema; ref?: string } {
    if (schema.$ref === undefined) return { schema };
    const ref = nameOfRef(schema.$ref);
    const referred = this.#schemas[ref];
    if (referred === undefined) throw new Error(`the document has no schema ${ref}`);
    return { schema: referred, ref };
  }

  #kind(name: string, schema: Schema, path: string): Omit<Field, 'name'> {
    if (schema.const !== undefined) return { kind: 'constant', values: [schema.const] };
    if (schema.enum !== undefined)
      return { kind: 'enum', values: schema.enum.filter((value) => value !== null) };
    if (schema.oneOf !== undefined) return this.#choice(schema, schema.oneOf, path);
    if (schema.anyOf !== undefined) return { kind: 'json' };
    const types = typesOf(schema);
    if (types.includes('array')) return this.#list(name, schema, path);
    if (types.includes('object')) return this.#object(schema, path);
    if (types.includes('boolean')) return { kind: 'boolean' };
    if (types.includes('integer') || types.includes('number'))
      return { kind: 'integer', ...between(schema.minimum, schema.maximum) };
    return textKind(name, schema);
  }

  #list(name: string, schema: Schema, path: string): Omit<Field, 'name'> {
    const item = this.describe(name, schema.items ?? {}, true, `${path}Item`);
    return { kind: 'list', item, ...between(schema.minItems, schema.maxItems) };
  }

  #object(schema: Schema, path: string): Omit<Field, 'name'> {
    if (schema.properties === undefined || Object.keys(schema.properties).length === 0)
      return { kind: 'texts' };
    if (!this.shapes.has(path)) {
      // Before its fields: a shape may refer to itself.
      this.shapes.set(path, { fields: [] });
      const fields = Object.entries(schema.properties).map(([name, property]) =>
        this.describe(name, property, schema.required?.includes(name) ?? false, `${path}.${name}`),
      );
      this.shapes.set(path, { fields });
    }
    return { kind: 'group', shape: path };
  }

  #choice(schema: Schema, alternatives: readonly Schema[], path: string): Omit<Field, 'name'> {
    const by = schema.discriminator?.propertyName;
    if (by === undefined) return { kind: 'json' };
    if (!this.shapes.has(path)) {
      const named = alternatives.map((alternative) => {
        const { shape = '' } = this.describe(by, alternative, true);
        const found = this.shapes.get(shape);
        const field =
          found !== undefined && 'fields' in found ? found.fields.find(({ name }) => name === by) : undefined;
        return (field?.values ?? ['']).map((value) => [value, shape] as const);
      });
      this.shapes.set(path, { by, alternatives: Object.fromEntries(named.flat()) });
    }
    return { kind: 'choice', shape: path };
  }
}

/** What is meant beside null, and whether null is allowed. */
function withoutNull(schema: Schema): [Schema, boolean] {
  const rest = schema.anyOf?.filter(({ type }) => type !== 'null');
  const [only] = rest ?? [];
  if (only === undefined || rest?.length !== 1) return [schema, false];
  return [only, true];
}

function typesOf({ type }: Schema): readonly string[] {
  return type === undefined ? [] : typeof type === 'string' ? [type] : type;
}

/** Ids, amounts and dates say by their fields what they are. */
function helpOf({ description, type, format, pattern }: Schema): string | undefined {
  const isScalar = type === 'string' && (format !== undefined || pattern !== undefined);
  return isScalar ? undefined : description;
}

function exampleOf(given: Schema, schema: Schema): Pick<Field, 'example'> {
  const [example] = given.examples ?? schema.examples ?? [];
  return typeof example === 'string' ? { example } : {};
}

function between(least: number | undefined, most: number | undefined): Pick<Field, 'least' | 'most'> {
  return { ...(least === undefined ? {} : { least }), ...(most === undefined ? {} : { most }) };
}

const BY_FORMAT: Readonly<Record<string, Kind>> = {
  country: 'country',
  currency: 'currency',
  date: 'date',
  'date-time': 'instant',
  email: 'email',
  iban: 'iban',
  phone: 'phone',
};

function textKind(name: string, schema: Schema): Omit<Field, 'name'> {
  const { format = '', pattern, minLength, maxLength, description = '' } = schema;
  if (format === 'typeid') {
    const prefix = /\^([a-z]+)_/.exec(description)?.[1];
    return { kind: 'id', ...(prefix === undefined ? {} : { prefix }) };
  }
  const kind = BY_FORMAT[format];
  if (kind !== undefined) return { kind };
  const length = between(minLength, maxLength);
  if (/password|^secret$/i.test(name)) return { kind: 'secret', ...length };
  const number = pattern === undefined ? undefined : numberKind(pattern);
  if (number !== undefined) return number;
  const isLong = (maxLength ?? 0) >= LONG_TEXT && maxLength !== undefined && maxLength <= 1000;
  return { kind: isLong ? 'longText' : 'text', ...length, ...(pattern === undefined ? {} : { pattern }) };
}

/** An amount has as many digits as its currency takes; a rate says how many it may have. */
function numberKind(pattern: string): Omit<Field, 'name'> | undefined {
  const isSigned = pattern.startsWith('^-?') ? { isSigned: true as const } : {};
  if (/^\^(-\?)?\(0\|\[1-9\]\[0-9\]\*\)\(\[\.\]\[0-9\]\+\)\?\$$/.test(pattern))
    return { kind: 'money', ...isSigned };
  const digits = /\(\[\.\]\[0-9\]\{1,(\d)\}\)\?\$$/.exec(pattern)?.[1];
  return digits === undefined ? undefined : { kind: 'decimal', most: Number(digits), ...isSigned };
}
