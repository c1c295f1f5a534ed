import assert from 'node:assert/strict';
import type { JsonObject } from '#lib/json-object.ts';
import { withoutReferences } from '#lib/json-references.ts';
import type { TestApi } from '#test/support/api.ts';
import type { Fields, Schema } from './examples.ts';

type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: string;
};
type Media = { readonly schema: Schema; readonly example?: Fields };
type Described = {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: { readonly 'application/json': Media } };
  readonly responses: Readonly<Record<string, unknown>>;
};
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  /** Of the operations that say nothing of their own. */
  readonly security?: readonly unknown[];
};

/** Where an operation takes the id of a resource, and of which kind: `acc` for an account. */
export type IdSlot = { readonly in: 'path' | 'query' | 'body'; readonly name: string; readonly kind: string };

/** An operation of the API as its OpenAPI document tells it. */
export type Operation = {
  readonly id: string;
  readonly method: string;
  /** With `{id}` in it. */
  readonly path: string;
  readonly body: Schema | undefined;
  /** The example of its body. */
  readonly example: Fields | undefined;
  readonly slots: readonly IdSlot[];
  readonly security: readonly unknown[] | undefined;
  readonly statuses: readonly string[];
};

/** Every operation that the server documents. */
export async function readOperations(api: TestApi): Promise<Operation[]> {
  const response = await fetch(`http://127.0.0.1:${api.port}/openapi.json`);
  const document = withoutReferences((await response.json()) as JsonObject) as unknown as Document;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [], requestBody, ...described }]) => {
      const { schema: body, example } = requestBody?.content['application/json'] ?? {};
      return {
        id: operationId,
        method: method.toUpperCase(),
        path,
        body,
        example,
        slots: [...parameters.flatMap(slotOfParameter), ...slotsOfBody(body)],
        security: described.security ?? document.security,
        statuses: Object.keys(described.responses),
      };
    }),
  );
}

function slotOfParameter({ in: place, name, schema, example }: Parameter): IdSlot[] {
  if (schema.format !== 'typeid') return [];
  assert.ok(place === 'path' || place === 'query', `an id in ${place}`);
  return [{ in: place, name, kind: kindOf(example ?? String(schema.examples?.[0])) }];
}

function slotsOfBody(body: Schema | undefined): IdSlot[] {
  return Object.entries(body?.properties ?? {}).flatMap(([name, { format, examples }]): IdSlot[] =>
    format === 'typeid' ? [{ in: 'body', name, kind: kindOf(String(examples?.[0])) }] : [],
  );
}

function kindOf(typeId: string): string {
  const [, kind] = /^([a-z]+)_[0-9a-z]{26}$/.exec(typeId) ?? [];
  assert.ok(kind !== undefined, `an id is documented with an example, not with ${typeId}`);
  return kind;
}
