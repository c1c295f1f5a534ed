import { readFileSync } from 'node:fs';

/** A JSON Schema of the document, as far as the command line reads it. */
export type Schema = {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly unknown[];
  readonly example?: unknown;
  readonly 'x-florin-error'?: string;
};

export type Parameter = {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
  readonly example?: unknown;
};

/** The query with which an operation is tried out. */
export const DRY_RUN = 'dryRun';

type MediaTypes = Readonly<Record<string, { readonly schema?: Schema }>>;

type OperationObject = {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: MediaTypes };
  readonly responses: Readonly<Record<string, { readonly content?: MediaTypes }>>;
};

type DocumentObject = {
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>;
    readonly parameters?: Readonly<Record<string, Parameter>>;
  };
};

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** An operation of the API. */
export type Operation = {
  readonly id: string;
  readonly method: Method;
  /** As in the document: `/v1/accounts/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  /** Of the JSON it takes. */
  readonly body: Schema | undefined;
  /** Of the JSON it answers when it is done. */
  readonly answer: Schema | undefined;
  /** Of the JSON that a dry run answers, where it offers one. */
  readonly preview: Schema | undefined;
  /** What it may answer beside JSON. */
  readonly otherTypes: readonly string[];
};

/** The API as its OpenAPI document describes it. */
export type Api = {
  readonly operations: readonly Operation[];
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly schemas: Readonly<Record<string, Schema>>;
};

/** The document that this version serves; a test keeps the file and the server the same. */
const FILE = new URL('../../../openapi.json', import.meta.url);

let known: Api | undefined;

/** The API of this version. Read once: the file does not change under a process. */
export function loadApi(): Api {
  known ??= readApi(JSON.parse(readFileSync(FILE, 'utf8')));
  return known;
}

export function readApi({ paths, tags, components = {} }: DocumentObject): Api {
  const parameters = components.parameters ?? {};
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const found = item[method.toLowerCase()];
      return found === undefined ? [] : [readOperation(path, method, found, parameters)];
    }),
  );
  return { operations, tags, schemas: components.schemas ?? {} };
}

function readOperation(
  path: string,
  method: Method,
  operation: OperationObject,
  shared: Readonly<Record<string, Parameter>>,
): Operation {
  const { operationId: id, summary = '', tags = [], requestBody, responses } = operation;
  const parameters = (operation.parameters ?? []).map((one) => {
    const parameter = '$ref' in one ? shared[one.$ref.split('/').at(-1) ?? ''] : one;
    if (parameter === undefined) throw new TypeError(`${id} has a parameter that is not in the document`);
    return parameter;
  });
  const successes = Object.entries(responses).flatMap(([status, { content = {} }]) =>
    status.startsWith('2') ? Object.entries(content) : [],
  );
  const json = successes.flatMap(([type, { schema }]) => (type === 'application/json' ? [schema] : []));
  const otherTypes = successes.map(([type]) => type).filter((type) => type !== 'application/json');
  const isTriedOut = parameters.some(({ in: place, name }) => place === 'query' && name === DRY_RUN);
  const [answer, preview] = isTriedOut ? answersOf(json) : json;
  return {
    id,
    method,
    path,
    tag: tags[0] ?? '',
    summary,
    parameters,
    body: requestBody?.content['application/json']?.schema,
    answer,
    preview: isTriedOut ? preview : undefined,
    otherTypes,
  };
}

/** What an operation answers, and what its dry run does: 200, and with 200 for both one of the two. */
function answersOf([first, second]: readonly (Schema | undefined)[]): readonly (Schema | undefined)[] {
  return second === undefined ? (first?.oneOf ?? [first]) : [second, first];
}
