import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject } from '#lib/json-object.ts';
import { mappingOf } from './tagged-choice.ts';
import { TEXT_KEYWORD } from './text-keyword.ts';

/**
 * The annotation that keeps a named schema's own description where a field describes it differently. `described` writes
 * it, and the document does not show it.
 */
export const GENERAL_KEYWORD = 'x-florin-general';

/** Values and not schemas: their objects may have a `title` of their own. */
const VALUES: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'example', 'examples', 'required']);

/** Keywords that a field may have beside the name of its schema. */
type Annotations = { readonly description?: unknown; readonly examples?: unknown };

/**
 * The named schemas of an OpenAPI document. A schema is named by its `title`. `hoist` keeps it here under that name
 * and leaves a reference to it.
 */
export class ComponentSchemas {
  readonly #schemas = new Map<string, JsonObject>();

  /**
   * The schema with references in the place of the named schemas in it. Throws where two schemas of one name differ in
   * more than their description and examples.
   */
  hoist(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((item) => this.hoist(item));
    if (!isObject(schema)) return schema;
    const { title, [GENERAL_KEYWORD]: general, [TEXT_KEYWORD]: _, ...rest } = schema;
    const inner = Object.fromEntries(
      Object.entries(rest).map(([key, value]) => [key, VALUES.has(key) ? value : this.hoist(value)]),
    );
    const mapping = mappingOf(rest);
    if (mapping !== undefined && isObject(rest.discriminator)) {
      inner.discriminator = { ...rest.discriminator, mapping };
    }
    // A field that is called `title` is a schema, and the name of a schema a text.
    if (typeof title !== 'string')
      return title === undefined ? inner : { title: this.hoist(title), ...inner };
    return this.#refer(title, inner, general);
  }

  /** All of them by name, in alphabetical order. */
  toJson(): JsonObject {
    return Object.fromEntries([...this.#schemas].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  #refer(name: string, schema: JsonObject, general: unknown): JsonObject {
    const { description, examples, ...whole } = schema;
    const { isNullable, ...bare } = withoutNull(whole);
    const own: Annotations = { description: general ?? description, examples };
    const kept = this.#schemas.get(name);
    this.#keep(name, kept, { ...defined(own), ...bare });
    const reference = { $ref: `#/components/schemas/${name}` };
    const said = general === undefined ? {} : { description };
    return isNullable ? { ...said, anyOf: [reference, { type: 'null' }] } : { ...said, ...reference };
  }

  #keep(name: string, kept: JsonObject | undefined, schema: JsonObject): void {
    if (kept !== undefined && !isDeepStrictEqual(bareOf(kept), bareOf(schema))) {
      const both = `${JSON.stringify(kept)} and ${JSON.stringify(schema)}`;
      throw new TypeError(`Two schemas are called ${name}: ${both}.`);
    }
    // In a parameter the description and the example stand beside the schema.
    this.#schemas.set(name, { ...schema, ...kept });
  }
}

function bareOf(schema: JsonObject): JsonObject {
  const { description: _, examples: __, ...bare } = schema;
  return bare;
}

/** The schema without the null that `nullable` added. */
function withoutNull(schema: JsonObject): JsonObject & { readonly isNullable: boolean } {
  const { type, enum: values } = schema;
  const isNullable =
    (Array.isArray(type) && type.includes('null')) || (Array.isArray(values) && values.includes(null));
  if (!isNullable) return { ...schema, isNullable };
  const [only] = Array.isArray(type) ? type.filter((one) => one !== 'null') : [undefined];
  return {
    ...schema,
    ...(only === undefined ? {} : { type: only }),
    ...(Array.isArray(values) ? { enum: values.filter((value) => value !== null) } : {}),
    isNullable,
  };
}

function defined(annotations: Annotations): JsonObject {
  return Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== undefined));
}
