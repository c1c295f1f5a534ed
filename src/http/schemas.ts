import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';
import { type IdName, typeIdPattern } from '#lib/ids.ts';
import { parseIsoDate } from '#lib/time/dates.ts';
import { ERROR_KEYWORD } from './field-errors.ts';

/** The media types of the problem responses, and the name under which the server knows ProblemSchema. */
const PROBLEM_ID = 'Problem';

/** An object of a request: takes no field but these. A request schema with an open object stops the start. */
export function closedObject<Properties extends TProperties>(
  properties: Properties,
  options: { readonly description?: string; readonly minProperties?: number } = {},
): TObject<Properties> {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

/** The schema, or null; for answers, where a field is always there. */
export function nullable<Schema extends TSchema & { type: string }>(schema: Schema) {
  return Type.Unsafe<Static<Schema> | null>({ ...schema, type: [schema.type, 'null'] });
}

/** An amount in a request; the number of decimals is checked where the currency is known (parseAmount). */
export const AmountSchema = Type.String({
  description: 'A decimal string in major units, with at most the decimals of the currency.',
  pattern: '^(0|[1-9][0-9]*)([.][0-9]+)?$',
  examples: ['1250.00'],
  [ERROR_KEYWORD]: 'invalid_amount',
});

/** An amount or balance in an answer, with all decimals of its currency. */
export const SignedAmountSchema = Type.String({
  description: 'A decimal string in major units, with all decimals of the currency.',
  pattern: '^-?(0|[1-9][0-9]*)([.][0-9]+)?$',
  examples: ['-12.50'],
});

export const CurrencySchema = Type.String({
  description: 'ISO 4217 code.',
  pattern: '^[A-Z]{3}$',
  examples: ['EUR'],
});

export const DateSchema = Type.String({
  description: 'A calendar date, YYYY-MM-DD.',
  format: 'date',
  examples: ['2026-01-31'],
});

export const InstantSchema = Type.String({
  description: 'An instant in ISO 8601, with Z or an offset.',
  format: 'date-time',
  examples: ['2026-01-31T23:59:59.000Z'],
});

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Whether the text is an instant that exists, in the form that InstantSchema says. Its date in UTC must be one too:
 * an offset can lead into the year 10000, which PostgreSQL cannot read from us.
 */
export function isInstant(text: string): boolean {
  if (!INSTANT.test(text) || parseIsoDate(text.slice(0, 10)) === undefined) return false;
  try {
    return parseIsoDate(Temporal.Instant.from(text).toString().slice(0, 10)) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The TypeID of a resource. The form is documented and not enforced: a text that is no id of this kind answers
 * 404 like the id of nothing, from fromTypeId.
 */
export function typeIdSchema(name: IdName) {
  const pattern = typeIdPattern(name);
  const prefix = pattern.slice(1, pattern.indexOf('_') + 1);
  return Type.String({
    description: `TypeID, ${pattern}`,
    format: 'typeid',
    examples: [`${prefix}01h455vb4pex5vsknk084sn02q`],
  });
}

/** Free text of the caller's on a resource, with the bounds that users of Stripe know. */
export const MetadataSchema = Type.Unsafe<Record<string, string>>({
  type: 'object',
  description: 'Up to 50 texts of your own, by name.',
  maxProperties: 50,
  propertyNames: { minLength: 1, maxLength: 40 },
  additionalProperties: { type: 'string', maxLength: 500 },
});

/** What every refusal and failure answers (RFC 9457). */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'urn:florin:problem: and the code.' }),
    title: Type.String({ description: 'The code in words.' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What happened, for a person.' }),
    code: Type.String({ description: 'Stable, for programs.', examples: ['validation_failed'] }),
    requestId: Type.String({ description: 'The Request-Id of this answer.' }),
    errors: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
        description: 'The fields that are wrong.',
      }),
    ),
    limit: Type.Optional(Type.String({ description: 'With `limit_exceeded`: which limit.' })),
    limitAmount: Type.Optional(Type.String({ description: 'With `limit_exceeded`: what it is.' })),
    left: Type.Optional(Type.String({ description: 'With `limit_exceeded`: what is left of it.' })),
    currency: Type.Optional(Type.String({ description: 'With `limit_exceeded`: of the two amounts.' })),
  },
  { $id: PROBLEM_ID, title: PROBLEM_ID, description: 'A problem (RFC 9457).' },
);

const PROBLEM_DESCRIPTIONS = {
  400: 'The request is not valid.',
  401: 'Who is asking is not known.',
  403: 'The caller may not do this.',
  404: 'There is no such resource.',
  409: 'Not possible in the present state.',
  412: 'The resource has changed since it was read.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'Refused by a rule of the bank.',
  428: 'If-Match is missing.',
  429: 'Too many requests.',
  500: 'Something went wrong on our side.',
  503: 'Not now: `overloaded` or `database_unavailable` when nothing was done, `outcome_unknown` when it is not known.',
} as const;

export type ProblemStatus = keyof typeof PROBLEM_DESCRIPTIONS;

const RETRY_AFTER = { type: 'integer', description: 'Seconds after which it makes sense to ask again.' };

/**
 * The problem responses of a route, and 503, which every route may answer: `response: {200: …,
 * ...problemResponses(404, 409)}`. The return type names none of them, so that the compiler checks what a handler
 * returns against the successes alone.
 */
export function problemResponses(...statuses: readonly ProblemStatus[]): Record<never, never> {
  const content = { 'application/problem+json': { schema: { $ref: `${PROBLEM_ID}#` } } };
  const responses = [...statuses, 503 as const].map((status) => {
    const headers = status === 503 ? { headers: { 'retry-after': RETRY_AFTER } } : {};
    return [status, { description: PROBLEM_DESCRIPTIONS[status], ...headers, content }];
  });
  return Object.fromEntries(responses);
}

/** A page of a list. */
export function pageSchema<Item extends TSchema>(item: Item) {
  return Type.Object({
    data: Type.Array(item),
    nextCursor: nullable(
      Type.String({ description: 'Give it as `cursor` for what follows; null at the end.' }),
    ),
  });
}
