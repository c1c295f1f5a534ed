import type { TestApi } from '#test/support/api.ts';

type Schema = { readonly properties?: Readonly<Record<string, unknown>> };
type Described = {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly responses: Readonly<Record<string, unknown>>;
};
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>> };

/** An operation of the API as its OpenAPI document tells it. */
export type Operation = {
  readonly id: string;
  readonly method: string;
  /** With `{id}` in it. */
  readonly path: string;
  readonly takesBody: boolean;
  /** Fields of its body. */
  readonly fields: readonly string[];
  readonly security: readonly unknown[] | undefined;
  readonly statuses: readonly string[];
};

/** Every operation that the server documents. */
export async function readOperations(api: TestApi): Promise<Operation[]> {
  const response = await fetch(`http://127.0.0.1:${api.port}/openapi.json`);
  const document = (await response.json()) as Document;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, requestBody, security, responses }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
      takesBody: requestBody !== undefined,
      fields: Object.keys(requestBody?.content['application/json'].schema.properties ?? {}),
      security,
      statuses: Object.keys(responses),
    })),
  );
}
