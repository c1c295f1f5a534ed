import { type Static, type TObject, Type } from 'typebox';
import { isObject, type JsonObject } from '#lib/json-object.ts';

/**
 * One of several objects, that says in the field `tag` which it is: `oneOf` with a discriminator. Each of them has a name
 * in the OpenAPI document, requires the field, and has a constant there.
 */
export function taggedChoice<const Alternatives extends readonly TObject[]>(
  name: string,
  description: string,
  tag: string,
  alternatives: Alternatives,
) {
  return Type.Unsafe<Static<Alternatives[number]>>({
    title: name,
    description,
    type: 'object',
    discriminator: { propertyName: tag },
    oneOf: alternatives,
  });
}

/** The same, or null. */
export function nullableChoice<Choice>(choice: ReturnType<typeof Type.Unsafe<Choice>>) {
  return Type.Unsafe<Choice | null>({ anyOf: [choice, { type: 'null' }] });
}

/** Which name of the document each value of a discriminator stands for; undefined for any other schema. */
export function mappingOf({ discriminator, oneOf }: JsonObject): JsonObject | undefined {
  if (!isObject(discriminator) || !Array.isArray(oneOf)) return undefined;
  const tag = String(discriminator.propertyName);
  return Object.fromEntries(
    oneOf.filter(isObject).map(({ title, properties }) => {
      const field = isObject(properties) ? properties[tag] : undefined;
      return [isObject(field) ? field.const : undefined, `#/components/schemas/${String(title)}`];
    }),
  );
}
