import { isObject, type JsonObject } from '#lib/json-object.ts';

/**
 * The OpenAPI document as the page at /docs reads it: no filter of a query is ticked to begin with. The page ticks
 * every parameter that has an example, and its samples would ask for what nobody wants.
 */
export function pageDocument(document: JsonObject): JsonObject {
  return unticked(document) as JsonObject;
}

/** The extension is that of the page. */
const UNTICKED = { unused: { value: '', 'x-disabled': true } };

function unticked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unticked);
  if (!isObject(value)) return value;
  const isFilter = value.in === 'query' && typeof value.name === 'string' && value.required !== true;
  const inner = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unticked(member)]));
  return isFilter ? { ...inner, examples: UNTICKED } : inner;
}
