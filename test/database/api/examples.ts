import assert from 'node:assert/strict';

/** As much of JSON Schema as the bodies of the API use. */
export type Schema = {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly minimum?: number;
};

export type Fields = Readonly<Record<string, unknown>>;

/** A value that the schema takes, with the fields that it asks for, or with all it knows. */
export function exampleOf(schema: Schema, extent: 'required' | 'all' = 'required'): unknown {
  if (schema.oneOf !== undefined) return exampleOf(schema.oneOf[0] ?? {}, extent);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.examples !== undefined) return schema.examples[0];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return exampleOf(alternatives[0] ?? {}, extent);
  switch (typeof schema.type === 'string' ? schema.type : schema.type?.[0]) {
    case 'string':
      return 'x';
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'array':
      return [exampleOf(schema.items ?? {}, extent)];
    case 'object':
      return exampleObject(schema, extent);
    default:
      return assert.fail(`no example of ${JSON.stringify(schema)}`);
  }
}

/** The example of a body, with some fields as the caller says. */
export function exampleBody(schema: Schema, fields: Fields = {}): Fields {
  return { ...exampleObject(schema.oneOf?.[0] ?? schema, 'required'), ...fields };
}

function exampleObject(
  { properties = {}, required = [], minProperties = 0 }: Schema,
  extent: 'required' | 'all',
): Fields {
  const names = extent === 'all' ? Object.keys(properties) : [...required];
  const more = Object.keys(properties).filter((name) => !names.includes(name));
  names.push(...more.slice(0, Math.max(0, minProperties - names.length)));
  return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name] ?? {}, extent)]));
}

/** Where objects lie in a body, itself included, as the way there: fields by name, the first item of a list as 0. */
export function objectsIn(
  schema: Schema,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (schema.items !== undefined) return objectsIn(schema.items, [...path, 0]);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return objectsIn(alternatives[0] ?? {}, path);
  if (schema.properties === undefined) return [];
  const inner = Object.entries(schema.properties).flatMap(([name, one]) => objectsIn(one, [...path, name]));
  return [path, ...inner];
}

/** The value with a field added to the object at the end of the path. */
export function withField(
  value: unknown,
  path: readonly (string | number)[],
  name: string,
  field: unknown,
): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return { ...(value as Fields), [name]: field };
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (index === first ? withField(item, rest, name, field) : item));
  }
  const fields = value as Fields;
  return { ...fields, [first]: withField(fields[first], rest, name, field) };
}

/** The schema of the object at the end of the path. */
export function schemaAt(schema: Schema, path: readonly (string | number)[]): Schema {
  const [first, ...rest] = path;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return schemaAt(choices[0] ?? {}, path);
  if (first === undefined) return schema;
  const inner = typeof first === 'number' ? schema.items : schema.properties?.[first];
  return schemaAt(inner ?? {}, rest);
}
