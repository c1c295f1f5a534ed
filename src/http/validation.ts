import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import { type FieldError, FlorinError, notFound } from '#lib/errors.ts';
import { isObject } from '#lib/json-object.ts';
import { visibleText } from '#lib/visible-text.ts';
import { AMOUNT_KEYWORD } from './amount-keyword.ts';
import { compileOnce } from './compile-once.ts';
import { GENERAL_KEYWORD } from './component-names.ts';
import { foldDeepObjects, inBrackets } from './deep-object.ts';
import { fieldErrorsOf, invalidFields } from './field-errors.ts';
import { FORMATS } from './formats.ts';
import { isStorableText } from './json-body.ts';
import { emptyRanges, rangesOf } from './query-ranges.ts';
import { TEXT_RULE } from './text-keyword.ts';

type Validator = ReturnType<FastifySchemaCompiler<AnySchemaObject>>;

const VALIDATORS = new Map<string, Validator>();

/**
 * The number of values in a body up to which all its errors are reported, and not just the first: a person wrote it.
 * Above, a hostile body of 16 MiB would make millions of error objects.
 */
const MAX_EXPLAINED_VALUES = 1000;

const NUMBER = /^-?(0|[1-9]\d{0,15})(\.\d{1,15})?$/;

/**
 * Compiles the schemas of routes into checks that change nothing in a body: no coercion, no default, no field removed.
 * In a query, which has only text, numbers and booleans are parsed where the schema has one. Headers and path
 * parameters are only documented: their readers answer with codes of their own (an id of the wrong form is a 404). Only
 * a text that nothing can have is a 404 here.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<AnySchemaObject> {
  const first = createAjv(false);
  const all = createAjv(true);
  return ({ schema, httpPart = 'body', method, url }) => {
    if (httpPart === 'headers') return acceptAll;
    if (httpPart === 'params') return acceptStorable;
    requireClosed(schema, `${httpPart} of ${method} ${url}`);
    return compileOnce(VALIDATORS, `${httpPart} ${JSON.stringify(schema)}`, () => {
      const check = first.compile(schema);
      let explain: ValidateFunction | undefined;
      const validate: Validator = (value: unknown) => {
        if (check(value)) return { value };
        const part = httpPart === 'querystring' ? 'query' : 'body';
        if (!isWithinBudget(value)) return { error: invalidFields(fieldErrorsOf(check.errors ?? [], part)) };
        explain ??= all.compile(schema);
        explain(value);
        return { error: invalidFields(fieldErrorsOf(explain.errors ?? check.errors ?? [], part)) };
      };
      return httpPart === 'querystring' ? readQuery(schema, validate) : validate;
    });
  };
}

function createAjv(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors,
    strict: true,
    allowUnionTypes: true,
    discriminator: true,
    verbose: true,
    coerceTypes: false,
    useDefaults: false,
    removeAdditional: false,
  });
  addFormats.default(ajv, ['uri', 'uuid']);
  for (const [name, { isValid }] of Object.entries(FORMATS)) ajv.addFormat(name, isValid);
  ajv.addKeyword(AMOUNT_KEYWORD);
  ajv.addKeyword(TEXT_RULE);
  ajv.addVocabulary([GENERAL_KEYWORD, 'example']);
  return ajv;
}

const acceptAll: Validator = () => true;

/** Nothing has a name that cannot be stored: NUL would only be refused by PostgreSQL. */
const acceptStorable: Validator = (params: unknown) =>
  Object.values(params as Readonly<Record<string, string>>).every(isStorableText) || { error: notFound() };

function readQuery(schema: AnySchemaObject, validate: Validator): Validator {
  const kinds = new Map<string, unknown>(
    Object.entries<AnySchemaObject>(schema.properties ?? {}).map(([name, property]) => [name, property.type]),
  );
  const ranges = rangesOf([...kinds.keys()]);
  const deep = [...kinds].flatMap(([name, kind]) => (kind === 'object' ? [name] : []));
  return (query: Record<string, unknown>) => {
    const faults: FieldError[] = [];
    for (const [name, text] of Object.entries(query)) {
      if (typeof text !== 'string') continue;
      if (!isStorableText(text))
        faults.push({ path: name, in: 'query', code: 'wrong_format', message: 'holds NUL' });
      query[name] = readText(visibleText(text), kinds.get(name));
    }
    foldDeepObjects(query, deep);
    const checked = validate(query);
    faults.push(...inBrackets(faultsIn(checked), deep), ...emptyRanges(query, ranges));
    return faults.length === 0 ? checked : { error: invalidFields(faults) };
  };
}

function faultsIn(checked: unknown): readonly FieldError[] {
  return isObject(checked) && checked.error instanceof FlorinError ? checked.error.fields : [];
}

function readText(text: string, kind: unknown): unknown {
  if ((kind === 'integer' || kind === 'number') && NUMBER.test(text)) return Number(text);
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** Whether the value has at most MAX_EXPLAINED_VALUES values in it. */
export function isWithinBudget(root: unknown): boolean {
  const open = [root];
  for (let seen = 0; open.length > 0; seen += 1) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    const members: unknown[] = Object.values(value);
    if (seen + open.length + members.length > MAX_EXPLAINED_VALUES) return false;
    for (const member of members) open.push(member);
  }
  return true;
}

/**
 * Stops the start at an object that would silently accept unknown fields: each must be closed by `additionalProperties`
 * (false, or a schema for a free map) or an `unevaluatedProperties: false` around it.
 */
function requireClosed(schema: unknown, where: string, isCovered = false): void {
  if (Array.isArray(schema)) {
    for (const item of schema) requireClosed(item, where, isCovered);
  } else if (typeof schema === 'object' && schema !== null) {
    const keywords = new Map<string, unknown>(Object.entries(schema));
    const isClosed = isCovered || keywords.get('unevaluatedProperties') === false;
    const additional = keywords.get('additionalProperties') ?? true;
    if (keywords.has('properties') && additional === true && !isClosed) {
      throw new TypeError(`The ${where} has an object that takes unknown fields; close it (closedObject).`);
    }
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) requireClosed(keywords.get(keyword), where, isClosed);
    for (const part of ['items', 'prefixItems']) requireClosed(keywords.get(part), where);
    for (const property of Object.values(keywords.get('properties') ?? {})) requireClosed(property, where);
  }
}
