import { withoutReferences } from '#lib/json-references.ts';

/** As much of JSON Schema as the requests of the API use. */
export type Schema = {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
};

export type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: string;
};

export type Operation = {
  readonly id: string;
  readonly method: string;
  /** With `{id}` in it. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
};

type Described = {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
};
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>> };

/** Every operation that a server documents. */
export async function readOperations(url: string): Promise<Operation[]> {
  const text = await (await fetch(`${url}/openapi.json`)).text();
  const document = withoutReferences(JSON.parse(text)) as unknown as Document;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [], requestBody }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content['application/json'].schema,
    })),
  );
}

/** Whether the document knows the path with this method; a path that it spells out goes before one with `{id}`. */
export function isDocumented(operations: readonly Operation[], method: string, path: string): boolean {
  const asked = (path.split('?')[0] ?? '').replace(/[/]$/, '');
  const literal = operations.filter((operation) => operation.path === asked);
  if (literal.length > 0) return literal.some((operation) => operation.method === method);
  const segments = asked.split('/');
  return operations.some((operation) => {
    const parts = operation.path.split('/');
    const isSame = (part: string, index: number) => part.startsWith('{') || part === segments[index];
    return operation.method === method && parts.length === segments.length && parts.every(isSame);
  });
}
