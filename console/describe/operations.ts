import type { Descriptions, Field, Operation } from '../src/forms/description.ts';
import { type DocumentOperation, nameOfRef, type OpenApiDocument, type Parameter } from './document.ts';
import { FieldDescriber } from './fields.ts';

/** Parameters that the lists, the downloads and the forms of the console give themselves. */
const OWN_PARAMETERS: ReadonlySet<string> = new Set(['limit', 'cursor', 'format', 'dryRun']);

const METHODS = ['get', 'post', 'patch', 'put', 'delete'] as const;

/** What each operation of the document takes and answers, by tag, and with the shapes that the tag needs. */
export function describeOperations(document: OpenApiDocument): ReadonlyMap<string, Descriptions> {
  const tags = new Map<string, DocumentOperation[]>();
  const places = new Map<string, readonly [method: string, path: string]>();
  for (const [path, methods] of Object.entries(document.paths))
    for (const method of METHODS) {
      const operation = methods[method];
      if (operation === undefined) continue;
      places.set(operation.operationId, [method, path]);
      const [tag = ''] = operation.tags;
      tags.set(tag, [...(tags.get(tag) ?? []), operation]);
    }
  return new Map(
    [...tags].map(([tag, operations]) => {
      const fields = new FieldDescriber(document.components.schemas);
      const described = operations.map((operation) => {
        const [method = '', path = ''] = places.get(operation.operationId) ?? [];
        return [operation.operationId, describe(document, fields, operation, method, path)] as const;
      });
      return [tag, { operations: Object.fromEntries(described), shapes: Object.fromEntries(fields.shapes) }];
    }),
  );
}

function describe(
  document: OpenApiDocument,
  fields: FieldDescriber,
  operation: DocumentOperation,
  method: string,
  path: string,
): Operation {
  const parameters = (operation.parameters ?? []).map((parameter) => resolved(document, parameter));
  const of = (place: Parameter['in']): Field[] =>
    parameters
      // An address holds texts, and not the pairs of an object.
      .filter(
        ({ in: is, name, style }) => is === place && style !== 'deepObject' && !OWN_PARAMETERS.has(name),
      )
      .map(({ name, schema, required = false, description, example }) =>
        fields.describe(name, withDescription(schema, description, example), required),
      );
  const version = parameters.find(({ name }) => name === 'If-Match');
  const body = operation.requestBody?.content['application/json']?.schema;
  const answers = Object.entries(operation.responses).filter(([status]) => status < '300');
  // What was made stands before what only would be.
  const schemas = answers.toSorted(([a], [b]) => Number(b === '201') - Number(a === '201'));
  const answer = schemas.map(([, { content }]) => content?.['application/json']?.schema).find(Boolean);
  const formats = formatsOf(document, parameters);
  return {
    id: operation.operationId,
    method: method.toUpperCase() as Operation['method'],
    path,
    summary: operation.summary,
    pathFields: of('path').toSorted((a, b) => path.indexOf(`{${a.name}}`) - path.indexOf(`{${b.name}}`)),
    queryFields: of('query'),
    ...(parameters.some(({ name }) => name === 'cursor') ? { isPaged: true } : {}),
    ...(parameters.some(({ name }) => name === 'dryRun') ? { hasDryRun: true } : {}),
    ...(formats.length === 0 ? {} : { formats }),
    ...(version === undefined
      ? {}
      : { ifMatch: version.required === true ? ('required' as const) : ('optional' as const) }),
    ...(body === undefined ? {} : { body: fields.describe('body', body, true) }),
    ...(answer === undefined ? {} : { answer: fields.describe('answer', answer, true) }),
  };
}

/** The files that an operation answers with, by the values of its `format`. */
function formatsOf({ components }: OpenApiDocument, parameters: readonly Parameter[]): string[] {
  const schema = parameters.find(({ name }) => name === 'format')?.schema;
  const { enum: values = [] } =
    schema?.$ref === undefined ? (schema ?? {}) : (components.schemas[nameOfRef(schema.$ref)] ?? {});
  return values.filter((value) => value !== 'json').map(String);
}

function resolved(document: OpenApiDocument, parameter: Parameter): Parameter {
  if (parameter.$ref === undefined) return parameter;
  const found = document.components.parameters[nameOfRef(parameter.$ref)];
  if (found === undefined) throw new Error(`the document has no parameter ${parameter.$ref}`);
  return found;
}

/** A parameter says beside its schema what it is for. */
function withDescription(
  schema: Parameter['schema'],
  description: string | undefined,
  example: unknown,
): Parameter['schema'] {
  const says = description?.startsWith('TypeID') === true ? undefined : description;
  return {
    ...schema,
    ...(says === undefined ? {} : { description: says }),
    ...(example === undefined ? {} : { examples: [example] }),
  };
}
