import type { RouteOptions } from 'fastify';
import { isObject, type JsonObject } from '#lib/json-object.ts';
import { ComponentSchemas } from './component-names.ts';
import { type ProblemTable, problemResponsesOf, sharedResponses } from './problem-responses.ts';
import { ProblemSchema } from './schemas.ts';

/** What the document says beside the routes. */
export type DocumentTables = {
  /** The status of every problem that a route may name. */
  readonly problems: ProblemTable;
  /** A whole example of each body, by operationId. */
  readonly examples: Readonly<Record<string, unknown>>;
};

/** Parameters that are used in this many operations get a name. */
const RECURS_FROM = 3;

/**
 * The finished document: named schemas and recurring parameters are components, and every operation lists the codes of
 * its problems. `document` is made from the routes alone.
 */
export function finishDocument(
  document: JsonObject,
  routes: ReadonlyMap<string, RouteOptions>,
  { problems: table, examples }: DocumentTables,
): JsonObject {
  const schemas = new ComponentSchemas();
  schemas.hoist(ProblemSchema);
  const paths = mapOperations(document.paths, (operation) => {
    const route = routes.get(String(operation.operationId));
    if (route === undefined) throw new TypeError(`${String(operation.operationId)} has no route.`);
    const example = examples[String(operation.operationId)];
    const whole = withPreview(withExample(operation, example), route.config?.preview);
    return withProblems(hoistSchemas(whole, schemas), problemResponsesOf(route, table));
  });
  const parameters = recurringParameters(paths);
  return {
    ...document,
    components: {
      ...(isObject(document.components) ? document.components : {}),
      schemas: schemas.toJson(),
      parameters: Object.fromEntries([...parameters].map(([text, name]) => [name, JSON.parse(text)])),
      responses: sharedResponses(table),
    },
    paths: mapOperations(paths, (operation) => referParameters(operation, parameters)),
  };
}

function mapOperations(paths: unknown, change: (operation: JsonObject) => JsonObject): JsonObject {
  return mapValues(paths, (methods) => mapValues(methods, (operation) => change(asObject(operation))));
}

function hoistSchemas(operation: JsonObject, schemas: ComponentSchemas): JsonObject {
  const { parameters, requestBody, responses, ...rest } = operation;
  const hoistParameter = ({ required, example, ...given }: JsonObject): unknown => {
    const parameter = isDeepObject(given) ? { ...given, style: 'deepObject', explode: true } : given;
    // A parameter is optional unless it says otherwise.
    if (required === true)
      return schemas.hoist({ ...parameter, ...(example === undefined ? {} : { example }), required });
    // A page ticks a filter that has an example, and asks for what nobody wants: its schema has it.
    return schemas.hoist(parameter);
  };
  return {
    ...rest,
    ...(Array.isArray(parameters) ? { parameters: parameters.map(hoistParameter) } : {}),
    ...(requestBody === undefined ? {} : { requestBody: schemas.hoist(requestBody) }),
    responses: schemas.hoist(responses),
  };
}

/** Whether a parameter is an object, which a query gives as `name[key]=value`. */
function isDeepObject({ in: place, schema }: JsonObject): boolean {
  return place === 'query' && isObject(schema) && schema.type === 'object';
}

/** The operation with the whole example of its body. */
function withExample({ requestBody, ...operation }: JsonObject, example: unknown): JsonObject {
  if (requestBody === undefined) return operation;
  const { content, ...rest } = asObject(requestBody);
  const shown = mapValues(content, (media) => ({ ...asObject(media), example }));
  return { ...operation, requestBody: { ...rest, content: shown } };
}

/** A dry run answers 200, beside the answer of the call itself where that is 200 too. */
function withPreview(operation: JsonObject, preview: JsonObject | undefined): JsonObject {
  if (preview === undefined) return operation;
  const responses = asObject(operation.responses);
  const { description = '' } = preview;
  const own = isObject(responses['200']) ? asObject(responses['200']) : undefined;
  const media = isObject(own?.content) ? asObject(own.content['application/json']) : undefined;
  const schema = media === undefined ? preview : { oneOf: [media.schema, preview] };
  const response = { description, ...own, content: { 'application/json': { schema } } };
  return { ...operation, responses: { ...responses, 200: response } };
}

function withProblems(operation: JsonObject, problems: JsonObject): JsonObject {
  return { ...operation, responses: { ...asObject(operation.responses), ...problems } };
}

/** Names of parameters by their JSON: a path's by its schema, because every path calls it `id`. */
function recurringParameters(paths: JsonObject): ReadonlyMap<string, string> {
  const all = Object.values(paths).flatMap((methods) =>
    Object.values(asObject(methods)).flatMap((operation) => parametersOf(asObject(operation))),
  );
  const counted = Map.groupBy(
    all.map((parameter) => JSON.stringify(parameter)),
    (text) => text,
  );
  const recurring = [...counted].filter(([, uses]) => uses.length >= RECURS_FROM).map(([text]) => text);
  const names = new Map(recurring.map((text) => [text, parameterName(asObject(JSON.parse(text)))]));
  if (new Set(names.values()).size < names.size) {
    throw new TypeError(`Two parameters have one name: ${[...names.values()].toSorted().join(', ')}.`);
  }
  return names;
}

/** A header that some operations require has another name where it is optional. */
function parameterName({ in: place, name, schema, required }: JsonObject): string {
  const reference = isObject(schema) ? schema.$ref : undefined;
  if (place === 'path' && typeof reference === 'string') return `${reference.split('/').at(-1)}InPath`;
  const named = place === 'header' && required !== true ? `optional-${String(name)}` : String(name);
  return named
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function referParameters(operation: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  const parameters = parametersOf(operation);
  if (parameters.length === 0) return operation;
  const refer = (parameter: JsonObject): JsonObject => {
    const name = names.get(JSON.stringify(parameter));
    return name === undefined ? parameter : { $ref: `#/components/parameters/${name}` };
  };
  return { ...operation, parameters: parameters.map(refer) };
}

function parametersOf({ parameters }: JsonObject): JsonObject[] {
  return Array.isArray(parameters) ? parameters.map(asObject) : [];
}

function mapValues(object: unknown, change: (value: unknown) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(asObject(object)).map(([key, value]) => [key, change(value)]));
}

function asObject(value: unknown): JsonObject {
  if (!isObject(value)) throw new TypeError(`not an object: ${JSON.stringify(value)}`);
  return value;
}
