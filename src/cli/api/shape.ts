import type { Parameter, Schema } from './document.ts';

type Common = {
  readonly description: string | undefined;
  /** One value as text, where the document gives one. */
  readonly example: string | undefined;
  /** Whether null is a value. */
  readonly isNullable: boolean;
};

/** What a value of the API may be, with every reference followed. */
export type Shape = Common &
  (
    | {
        readonly kind: 'text';
        readonly choices: readonly string[] | undefined;
        readonly format: string | undefined;
        readonly pattern: string | undefined;
        /** The code with which the API refuses a text of the wrong form, if it has one of its own. */
        readonly code: string | undefined;
      }
    | {
        readonly kind: 'number';
        readonly isInteger: boolean;
        readonly minimum: number | undefined;
        readonly maximum: number | undefined;
      }
    | { readonly kind: 'boolean' }
    /** Named fields. */
    | { readonly kind: 'object'; readonly fields: readonly Field[] }
    /** Any names, with texts. */
    | { readonly kind: 'map' }
    | { readonly kind: 'list'; readonly item: Shape }
    | { readonly kind: 'any' }
  );

export type Field = { readonly name: string; readonly isRequired: boolean; readonly shape: Shape };

type Components = Readonly<Record<string, Schema>>;

/** The shape of a schema; references lead into the components of its document. */
export function shapeOf(schema: Schema, components: Components): Shape {
  const whole = withoutNull(merged(schema, components), components);
  const common = { description: whole.description, example: exampleOf(whole), isNullable: whole.isNullable };
  const types = typesOf(whole);
  if (whole.properties !== undefined)
    return { ...common, kind: 'object', fields: fieldsOf(whole, components) };
  const choices = choicesOf(whole, components);
  if (choices !== undefined || types.includes('string')) {
    const { format, pattern } = whole;
    return { ...common, kind: 'text', choices, format, pattern, code: whole['x-florin-error'] };
  }
  if (types.includes('integer') || types.includes('number')) {
    const { minimum, maximum } = whole;
    return { ...common, kind: 'number', isInteger: types.includes('integer'), minimum, maximum };
  }
  if (types.includes('boolean')) return { ...common, kind: 'boolean' };
  if (whole.items !== undefined) return { ...common, kind: 'list', item: shapeOf(whole.items, components) };
  return { ...common, kind: typeof whole.additionalProperties === 'object' ? 'map' : 'any' };
}

/** The shape of a parameter, whose description and example stand beside its schema. */
export function shapeOfParameter({ schema, description, example }: Parameter, components: Components): Shape {
  const shape = shapeOf(schema, components);
  return {
    ...shape,
    description: description ?? shape.description,
    example: exampleOf({ example }) ?? shape.example,
  };
}

/** A schema without references and `allOf`; of objects that are alternatives, the fields of all of them. */
function merged(schema: Schema, components: Components): Schema {
  const { $ref, allOf, ...own } = schema;
  const parts = [...(allOf ?? []), ...($ref === undefined ? [] : [find($ref, components)])];
  const bases = parts.map((part) => merged(part, components));
  const whole = [...bases, own].reduce(combined, {});
  const alternatives = (whole.anyOf ?? whole.oneOf ?? []).map((one) => merged(one, components));
  const objects = alternatives.filter(({ properties }) => properties !== undefined);
  if (objects.length < 2 || objects.length < alternatives.length) return whole;
  const { anyOf: _, oneOf: __, ...rest } = whole;
  return combined(rest, either(objects));
}

function combined(one: Schema, other: Schema): Schema {
  const properties = { ...one.properties, ...other.properties };
  const required = [...(one.required ?? []), ...(other.required ?? [])];
  return {
    ...one,
    ...other,
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required }),
  };
}

/**
 * The fields of any of several objects; required are those that all of them require. A field that is a constant in each
 * takes any of the constants.
 */
function either(objects: readonly Schema[]): Schema {
  const all = Object.assign({}, ...objects.toReversed().map((one) => one.properties)) as NonNullable<
    Schema['properties']
  >;
  const properties = Object.fromEntries(
    Object.entries(all).map(([name, { const: constant, ...field }]) => {
      const constants = objects.flatMap((one) => one.properties?.[name]?.const ?? []);
      return [name, constant === undefined ? field : { ...field, enum: constants }];
    }),
  );
  const required = Object.keys(properties).filter((name) =>
    objects.every((one) => one.required?.includes(name) === true),
  );
  return { properties, required };
}

function find($ref: string, components: Components): Schema {
  const schema = components[$ref.replace('#/components/schemas/', '')];
  if (schema === undefined) throw new TypeError(`${$ref} is not in the document`);
  return schema;
}

function withoutNull(schema: Schema, components: Components): Schema & { readonly isNullable: boolean } {
  const { anyOf, oneOf, ...rest } = schema;
  const alternatives = anyOf ?? oneOf;
  if (alternatives === undefined) return { ...schema, isNullable: typesOf(schema).includes('null') };
  const others = alternatives.filter(({ type }) => type !== 'null');
  const isNullable = others.length < alternatives.length;
  const [only] = others;
  if (others.length !== 1 || only === undefined) return { ...schema, anyOf: others, isNullable };
  return { ...merged({ ...rest, allOf: [only] }, components), isNullable };
}

function typesOf({ type = [] }: Schema): readonly string[] {
  return typeof type === 'string' ? [type] : type;
}

function choicesOf(schema: Schema, components: Components): readonly string[] | undefined {
  const {
    const: constant,
    enum: constants = constant === undefined ? undefined : [constant],
    anyOf,
  } = schema;
  if (constants !== undefined) return constants.filter((value) => typeof value === 'string');
  const alternatives = anyOf?.map((one) => choicesOf(merged(one, components), components)) ?? [];
  return alternatives.length > 0 && alternatives.every((one) => one !== undefined)
    ? alternatives.flat()
    : undefined;
}

function fieldsOf({ properties = {}, required = [] }: Schema, components: Components): Field[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    isRequired: required.includes(name),
    shape: shapeOf(schema, components),
  }));
}

function exampleOf({ example, examples = [] }: Schema): string | undefined {
  const one = example ?? examples[0];
  return typeof one === 'string' || typeof one === 'number' ? String(one) : undefined;
}
