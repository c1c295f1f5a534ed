import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isObject, type JsonObject } from '#lib/json-object.ts';

const DOCUMENT: JsonObject = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../openapi.json'), 'utf8'),
);

/** An object with more properties than this is a thing, and a thing has a name that clients are generated with. */
const MAX_UNNAMED = 5;

type Found = { readonly place: string; readonly object: JsonObject };

function field(object: unknown, name: string): unknown {
  return isObject(object) ? object[name] : undefined;
}

/** Everything in the document that is a JSON object, with its place. */
function* objects(value: unknown, place: string): Generator<Found> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* objects(item, `${place}/${index}`);
  } else if (isObject(value)) {
    yield { place, object: value };
    for (const [name, item] of Object.entries(value)) yield* objects(item, `${place}/${name}`);
  }
}

/** Schemas with properties; an example may have a member of that name, too. */
function schemasWithProperties(): Found[] {
  return [...objects(DOCUMENT, '')].filter(
    ({ place, object }) => isObject(object.properties) && !/\/examples?(\/|$)/.test(place),
  );
}

/** What a reference of the document points to. */
function resolve(schema: unknown): unknown {
  const reference = field(schema, '$ref');
  if (typeof reference !== 'string') return schema;
  return reference.slice(2).split('/').reduce<unknown>(field, DOCUMENT);
}

test('an object with more than five properties has a name', () => {
  const all = schemasWithProperties();
  assert.ok(all.length > 150, 'they were found');
  const unnamed = all.filter(
    ({ place, object }) =>
      Object.keys(object.properties as object).length > MAX_UNNAMED &&
      !/^\/components\/schemas\/\w+$/.test(place),
  );
  assert.deepEqual(
    unnamed.map(({ place }) => place),
    [],
  );
});

test('every field says what it is', () => {
  // What refines another schema needs not say again what it is.
  const all = schemasWithProperties().filter(({ place }) => !/\/allOf\/\d+$/.test(place));
  const silent = all.flatMap(({ place, object }) =>
    Object.entries(object.properties as object)
      .filter(([, schema]) => !isDescribed(schema))
      .map(([name]) => `${place}/${name}`),
  );
  assert.deepEqual(silent, []);
});

/** Whether a schema, what it refers to, what it is a list of or may be has a description; a constant speaks for itself. */
function isDescribed(schema: unknown): boolean {
  const target = resolve(schema);
  if (field(schema, 'description') !== undefined || field(target, 'description') !== undefined) return true;
  if (field(target, 'const') !== undefined) return true;
  const choices = field(target, 'anyOf') ?? field(target, 'oneOf') ?? field(target, 'allOf') ?? [];
  const parts = [...(choices as unknown[]), field(target, 'items')];
  return parts.some((part) => part !== undefined && isDescribed(part));
}

test('every parameter says what it is', () => {
  const silent = [...objects(DOCUMENT, '')]
    .filter(({ object }) => typeof object.in === 'string' && typeof object.name === 'string')
    .filter(({ object }) => object.description === undefined && !isDescribed(object.schema))
    .map(({ place }) => place);
  assert.deepEqual(silent, []);
});
