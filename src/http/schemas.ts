import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';
import { type IdName, typeIdPattern } from '#lib/ids.ts';
import { GENERAL_KEYWORD } from './component-names.ts';
import { ERROR_KEYWORD } from './field-errors.ts';

/**
 * A resource, or a part of one, in an answer. The name is that of its component in the OpenAPI document and of its
 * type in generated clients.
 */
export function resource<Properties extends TProperties>(
  name: string,
  description: string,
  properties: Properties,
): TObject<Properties> {
  return Type.Object(properties, { title: name, description });
}

/** The body of a request, or an object in one, by its name in the OpenAPI document. Takes no field but these. */
export function requestObject<Properties extends TProperties>(
  name: string,
  description: string,
  properties: Properties,
  options: { readonly minProperties?: number } = {},
): TObject<Properties> {
  return Type.Object(properties, { title: name, description, ...options, additionalProperties: false });
}

/** An object of a request: takes no field but these. A request schema with an open object stops the start. */
export function closedObject<Properties extends TProperties>(
  properties: Properties,
  options: { readonly description?: string; readonly minProperties?: number } = {},
): TObject<Properties> {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

/** The schema with a field's description. Its name, if it has one, keeps its own description. */
export function described<Schema extends TSchema>(schema: Schema, description: string) {
  const annotated: TSchema & { readonly title?: string; readonly description?: string } = schema;
  const general =
    annotated.title === undefined ? {} : { [GENERAL_KEYWORD]: generalOf(schema) ?? annotated.description };
  return Type.Unsafe<Static<Schema>>({ ...schema, description, ...general });
}

function generalOf(schema: TSchema): unknown {
  return new Map<string, unknown>(Object.entries(schema)).get(GENERAL_KEYWORD);
}

/** The schema, or null; for answers, where a field is always there, and for changes that take a value away. */
export function nullable<Schema extends TSchema>(schema: Schema) {
  const { type, enum: values }: { readonly type?: unknown; readonly enum?: unknown } = schema;
  if (typeof type !== 'string' && !Array.isArray(values)) throw new TypeError('neither a type nor an enum');
  return Type.Unsafe<Static<Schema> | null>({
    ...schema,
    ...(typeof type === 'string' ? { type: [type, 'null'] } : {}),
    ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
  });
}

/** An amount in a request; the number of decimals is checked where the currency is known (parseAmount). */
export const AmountSchema = Type.String({
  title: 'Amount',
  description: 'A decimal string in major units, with at most the decimals of the currency.',
  pattern: '^(0|[1-9][0-9]*)([.][0-9]+)?$',
  examples: ['1250.00'],
  [ERROR_KEYWORD]: 'invalid_amount',
});

/** An amount or balance in an answer, with all decimals of its currency. */
export const SignedAmountSchema = Type.String({
  title: 'SignedAmount',
  description: 'A decimal string in major units, with all decimals of the currency; it can be below zero.',
  pattern: '^-?(0|[1-9][0-9]*)([.][0-9]+)?$',
  examples: ['-12.50'],
});

export const CurrencySchema = Type.String({
  title: 'Currency',
  description: 'ISO 4217 code.',
  pattern: '^[A-Z]{3}$',
  format: 'currency',
  examples: ['EUR'],
});

export const DateSchema = Type.String({
  title: 'Date',
  description: 'A calendar date, YYYY-MM-DD.',
  format: 'date',
  examples: ['2026-01-31'],
});

export const InstantSchema = Type.String({
  title: 'Instant',
  description: 'An instant in ISO 8601, with Z or an offset.',
  format: 'date-time',
  examples: ['2026-01-31T23:59:59.000Z'],
});

/** What a first call can be tried with: a customer of the demo bank, with an account and a payee. */
const DEMO_IDS: Partial<Record<IdName, string>> = {
  account: 'acc_01hk4jzh04e00acnmmqdkz21gk',
  beneficiary: 'ben_01hk4jzh02e00asvwjw45a2xne',
  customer: 'cus_01hk4jzh02e0092szdd6vjn4wp',
};

/** The example of an id: that of the demo bank, or one that is nobody's. */
export function exampleId(name: IdName): string {
  const pattern = typeIdPattern(name);
  return DEMO_IDS[name] ?? `${pattern.slice(1, pattern.indexOf('_') + 1)}01h455vb4pex5vsknk084sn02q`;
}

/**
 * The TypeID of a resource. The form is documented and not enforced: a text that is not an id of this kind answers 404,
 * like an unknown id, from fromTypeId.
 */
export function typeIdSchema(name: IdName) {
  const pattern = typeIdPattern(name);
  return Type.String({
    title: `${name.charAt(0).toUpperCase()}${name.slice(1)}Id`,
    description: `TypeID, ${pattern}`,
    format: 'typeid',
    examples: [exampleId(name)],
  });
}

/** Texts without control characters; the second may have tabs and several lines. */
const NO_CONTROLS = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';
const NO_CONTROLS_BUT_LINES = '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$';

/** Free text of the caller's on a resource, with the bounds that users of Stripe know. */
export const MetadataSchema = Type.Unsafe<Record<string, string>>({
  type: 'object',
  title: 'Metadata',
  description: 'Up to 50 texts of your own, by name.',
  examples: [{ branch: 'north' }],
  maxProperties: 50,
  propertyNames: { minLength: 1, maxLength: 40, pattern: NO_CONTROLS },
  additionalProperties: { type: 'string', maxLength: 500, pattern: NO_CONTROLS_BUT_LINES },
});

/** Pairs that a list is narrowed to at once. */
const MAX_FILTERED = 3;

/** Metadata that a list is narrowed to: in a query, `metadata[branch]=north`. */
export const MetadataFilterSchema = Type.Unsafe<Record<string, string>>({
  ...MetadataSchema,
  title: 'MetadataFilter',
  description: `Up to ${MAX_FILTERED} texts of your own, by name.`,
  maxProperties: MAX_FILTERED,
});

/** A field that is wrong, in the problem of a request or the result of an item. */
export const FieldErrorSchema = resource('FieldError', 'A field of a request that is wrong.', {
  path: Type.String({ description: 'Its name.', examples: ['address.country'] }),
  in: Type.Unsafe<string>({
    enum: ['body', 'header', 'path', 'query'],
    description: 'The part of the request.',
  }),
  pointer: Type.Optional(
    Type.String({ description: 'In a body: where it is (RFC 6901).', examples: ['/address/country'] }),
  ),
  code: Type.String({ description: 'What is wrong, for programs.', examples: ['required'] }),
  message: Type.String({ description: 'What it must be.', examples: ['is required'] }),
});

/** The answer to every refusal and failure (RFC 9457). */
export const ProblemSchema = resource('Problem', 'A refusal or failure (RFC 9457).', {
  type: Type.String({
    description: '`urn:florin:problem:` and the code.',
    examples: ['urn:florin:problem:insufficient_funds'],
  }),
  title: Type.String({ description: 'The code in words.', examples: ['Insufficient funds'] }),
  status: Type.Integer({ description: 'The HTTP status of the answer.', examples: [422] }),
  detail: Type.String({
    description: 'What happened, for a person.',
    examples: ['The available balance is too low.'],
  }),
  code: Type.String({ description: 'Stable, for programs.', examples: ['insufficient_funds'] }),
  requestId: Type.String({
    description: 'The Request-Id of this answer.',
    examples: ['req_019bd3f3bd7470008a1e1c5a3f6d0b42'],
  }),
  errors: Type.Optional(Type.Array(FieldErrorSchema, { description: 'The fields that are wrong.' })),
  scope: Type.Optional(
    Type.String({ description: 'With `forbidden`: what the API key lacks.', examples: ['accounts:read'] }),
  ),
  role: Type.Optional(
    Type.String({ description: 'With `forbidden`: the roles that may.', examples: ['manager'] }),
  ),
  limit: Type.Optional(
    Type.String({ description: 'With `limit_exceeded`: the name of the limit.', examples: ['perDay'] }),
  ),
  limitAmount: Type.Optional(described(SignedAmountSchema, 'With `limit_exceeded`: the limit.')),
  left: Type.Optional(described(SignedAmountSchema, 'With `limit_exceeded`: what is left of it.')),
  currency: Type.Optional(described(CurrencySchema, 'With `limit_exceeded`: of the two amounts.')),
});

/** An answer without a body. */
export function nothing(description: string) {
  return { type: 'null', description } as const;
}

/** A page of a list of a resource: `AccountList` of `Account`. */
export function pageSchema<Item extends TSchema & { readonly title?: string }>(item: Item) {
  const { title } = item;
  return Type.Object(
    {
      data: Type.Array(item, { description: 'The rows of this page.' }),
      nextCursor: nullable(
        Type.String({
          description: 'Give it as `cursor` to read what follows; null at the end.',
          examples: ['WyIyMDI2LTAxLTMxIl0'],
        }),
      ),
    },
    title === undefined ? {} : { title: `${title}List`, description: 'One page of a list.' },
  );
}
