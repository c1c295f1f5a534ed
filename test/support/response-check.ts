import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { FORMATS } from '#http/formats.ts';

type Response = { content?: Record<string, { schema: object }> };
type Operation = { responses: Record<string, Response & { $ref?: string }> };
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses: Record<string, Response> };
};

/** Words that only SQL, a stack or a library would say; no problem of ours does. */
const INSIDE =
  /\b(select|insert into|update \w+ set|delete from|violates|relation "|constraint "|pg_\w+|node_modules|postgres|kysely|fastify)\b|\bat .+\.[tj]s|:\d+:\d+|\bundefined\b|\[object/i;

/** Before the name of a schema of the document. */
const NAME = 'openapi:';

/** What the OpenAPI document promises of an answer, as a check. */
export type ResponseCheck = (
  method: string,
  path: string,
  answer: {
    readonly status: number;
    readonly text: string;
    readonly headers: Headers;
    /** Whether the test has broken the database: 503 is what should be answered. */
    readonly isBroken?: boolean;
  },
) => void;

let committed: ResponseCheck | undefined;

/**
 * A check against openapi.json as it is committed, whose schemas are compiled once a process. Another test proves
 * that it is what the server answers.
 */
export function committedResponseCheck(): ResponseCheck {
  const file = new URL('../../openapi.json', import.meta.url);
  committed ??= createResponseCheck(readFileSync(file, 'utf8'));
  return committed;
}

/** A check against the document that a server answers. */
export async function fetchResponseCheck(origin: string): Promise<ResponseCheck> {
  return createResponseCheck(await (await fetch(`${origin}/openapi.json`)).text());
}

/**
 * Checks answers against an OpenAPI document: the status is documented for the route, the media type is the
 * documented one, and the body fits the schema. A problem must say nothing of the inside, and no answer may be
 * above 499.
 */
function createResponseCheck(text: string): ResponseCheck {
  const document = parseDocument(text);
  // A process calls most checks a few times: to make their code shorter takes longer than to run it as it is.
  const ajv = new Ajv2020({ strict: false, code: { optimize: false } });
  addFormats.default(ajv);
  for (const name of Object.keys(FORMATS)) if (!(name in ajv.formats)) ajv.addFormat(name, true);
  // Each under a name of its own: a part of one large schema would be compiled for every answer that refers to it.
  for (const [name, schema] of Object.entries(document.components.schemas))
    ajv.addSchema(withNames(schema), `${NAME}${name}`);
  const compiled = new Map<string, ValidateFunction>();
  const validatorOf = (name: string, schema: object): ValidateFunction => {
    const validate = compiled.get(name) ?? ajv.compile(withNames(schema));
    compiled.set(name, validate);
    return validate;
  };
  return (method, path, { status, text, headers, isBroken = false }) => {
    const call = `${method} ${path} -> ${status} ${text.slice(0, 500)}`;
    assert.ok(status < 500 || (isBroken && status === 503), `a server error: ${call}`);
    if (status >= 400) assert.doesNotMatch(text, INSIDE, `shows the inside: ${call}`);
    const [template, operation] = findOperation(document, method, path);
    const response = responseOf(document, operation, status);
    assert.ok(response !== undefined, `not in the OpenAPI document: ${call}`);
    const contents = Object.entries(response.content ?? {});
    if (contents.length === 0) return assert.equal(text, '', call);
    const answered = headers.get('content-type')?.split(';')[0];
    const content = contents.find(([mediaType]) => mediaType === answered);
    assert.ok(content !== undefined, `${answered} is not in the OpenAPI document: ${call}`);
    const [mediaType, { schema }] = content;
    if (!mediaType.endsWith('json')) return;
    const validate = validatorOf(`${method} ${template} ${status}`, schema);
    assert.ok(validate(JSON.parse(text)), `${ajv.errorsText(validate.errors)}: ${call}`);
  };
}

/** The document, with the pattern of every TypeID put into force: it is only told in the description. */
function parseDocument(text: string): Document {
  let enforced = 0;
  const enforce = (_: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== 'typeid')
      return value;
    const description = 'description' in value ? String(value.description) : '';
    if (!description.startsWith('TypeID, ^')) return value;
    enforced += 1;
    return { ...value, pattern: description.slice('TypeID, '.length) };
  };
  const document = JSON.parse(text, enforce) as Document;
  assert.ok(enforced >= 13, 'TypeIDs are described with their pattern');
  return document;
}

function responseOf(
  document: Document,
  operation: Operation | undefined,
  status: number,
): Response | undefined {
  const response = operation?.responses[String(status)];
  const name = response?.$ref?.split('/').at(-1);
  return name === undefined ? response : document.components.responses[name];
}

/** The schema with references by name. */
function withNames(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', `"${NAME}`)) as object;
}

function findOperation(document: Document, method: string, path: string): [string, Operation | undefined] {
  const segments = path.split('?')[0]!.replace(/[/]$/, '').split('/');
  const matches = (template: string): boolean => {
    const parts = template.split('/');
    const isSame = (part: string, index: number) => part.startsWith('{') || part === segments[index];
    return parts.length === segments.length && parts.every(isSame);
  };
  // A path that is spelled out comes before one with a parameter, as OpenAPI says.
  const literal = document.paths[segments.join('/')];
  const [template = '', operations] = literal
    ? [segments.join('/'), literal]
    : (Object.entries(document.paths).find(([one]) => matches(one)) ?? []);
  return [template, operations?.[method.toLowerCase()]];
}
