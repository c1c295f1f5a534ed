import { isObject, type JsonObject } from '#lib/json-object.ts';

/** The annotation that names the optional fields of an object's example; the document has the example instead. */
export const SAMPLE_KEYWORD = 'x-florin-sample';

/** The example of an object whose schema names the fields of one: the required ones and those. */
export function sampleOf(schema: JsonObject): JsonObject | undefined {
  const { [SAMPLE_KEYWORD]: sample, properties, required = [] } = schema;
  if (!Array.isArray(sample) || !isObject(properties)) return undefined;
  const names = [...(Array.isArray(required) ? required : []), ...sample].map(String);
  const inOrder = Object.keys(properties).filter((name) => names.includes(name));
  return Object.fromEntries(inOrder.map((name) => [name, exampleOf(properties[name])]));
}

function exampleOf(schema: unknown): unknown {
  if (!isObject(schema)) return undefined;
  const { examples, enum: values, items, type, const: constant } = schema;
  if (Array.isArray(examples)) return examples[0];
  if (constant !== undefined) return constant;
  if (Array.isArray(values)) return values[0];
  const sample = sampleOf(schema) ?? sampleOf({ ...schema, [SAMPLE_KEYWORD]: [] });
  if (sample !== undefined) return sample;
  if (type === 'array') return [exampleOf(items)];
  return type === 'integer' ? (schema.minimum ?? 1) : true;
}
