import { isObject, type JsonObject } from './json-object.ts';

/**
 * A JSON document with its references resolved: `{"$ref": "#/components/schemas/Account"}` becomes that schema, with
 * the reference's sibling members. Trips on a reference that names nothing.
 */
export function withoutReferences(document: JsonObject): JsonObject {
  const resolve = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(resolve);
    if (!isObject(node)) return node;
    const { $ref, ...beside } = node;
    // A field of an object may be called `$ref`; then it is a schema.
    const whole = typeof $ref === 'string' ? { ...asObject(valueAt(document, $ref), $ref), ...beside } : node;
    return Object.fromEntries(Object.entries(whole).map(([key, value]) => [key, resolve(value)]));
  };
  return asObject(resolve(document), 'document');
}

function valueAt(document: JsonObject, reference: string): unknown {
  const [, ...path] = reference.split('/');
  return path.reduce<unknown>((node, part) => (isObject(node) ? node[part] : undefined), document);
}

function asObject(value: unknown, name: string): JsonObject {
  if (!isObject(value)) throw new TypeError(`${name} names nothing.`);
  return value;
}
