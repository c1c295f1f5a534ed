import type { FastifySchema, RouteOptions } from 'fastify';
import { isObject, type JsonObject } from '#lib/json-object.ts';
import { ERROR_KEYWORD } from './field-errors.ts';

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface FastifySchema {
    /**
     * The codes of the problems that the operation can answer, beside those that follow from its token, body, query,
     * headers and ids in its path.
     */
    problems?: readonly string[];
  }
}

/** The HTTP status of every problem by its code. */
export type ProblemTable = Readonly<Record<string, { readonly status: number }>>;

/** What a problem means, by its HTTP status. */
const PROBLEM_DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  401: 'Authentication is required.',
  403: 'The caller may not do this.',
  404: 'There is no such resource.',
  409: 'Not possible in the present state.',
  412: 'The resource has changed since it was read.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'Refused by a rule of the bank.',
  428: 'If-Match is missing.',
  429: 'Too many requests.',
  503: 'Not now: nothing was done, or with `outcome_unknown` it is not known. Repeat the request later.',
};

const RETRY_AFTER = {
  description: 'Seconds after which it makes sense to ask again.',
  schema: { type: 'integer', examples: [1] },
};
const STATUSES_WITH_RETRY_AFTER: ReadonlySet<number> = new Set([429, 503]);

/** Responses that many operations share, by their names in the document; the others are written out. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  InvalidQuery: ['validation_failed'],
  InvalidRequest: ['bad_request', 'invalid_json', 'validation_failed'],
  InvalidAmount: ['bad_request', 'invalid_amount', 'invalid_json', 'validation_failed'],
  InvalidKeyedRequest: ['bad_request', 'idempotency_key_required', 'invalid_json', 'validation_failed'],
  InvalidPayment: [
    'bad_request',
    'idempotency_key_required',
    'invalid_amount',
    'invalid_json',
    'validation_failed',
  ],
  Unauthenticated: ['unauthenticated'],
  Forbidden: [
    'address_not_allowed',
    'api_key_bound',
    'forbidden',
    'password_change_required',
    'second_factor_required',
  ],
  AboveTellerLimit: [
    'address_not_allowed',
    'api_key_bound',
    'api_key_limit',
    'forbidden',
    'limit_requires_manager',
    'password_change_required',
    'second_factor_required',
  ],
  NotFound: ['not_found'],
  RequestInProgress: ['idempotency_in_progress'],
  KeyReused: ['idempotency_key_reused'],
  VersionConflict: ['version_conflict'],
  BodyTooLarge: ['payload_too_large'],
  UnsupportedMediaType: ['unsupported_media_type'],
  PreconditionRequired: ['precondition_required'],
  TooManyRequests: ['too_many_requests'],
  Unavailable: [
    'authentication_unavailable',
    'database_unavailable',
    'outcome_unknown',
    'overloaded',
    'read_only',
    'shutting_down',
  ],
};

const NOT_MODIFIED = [304, { $ref: '#/components/responses/NotModified' }] as const;

/** The codes that follow from an operation's parameters. */
function impliedCodes({ method, schema = {}, config }: RouteOptions): string[] {
  const headers = propertiesOf(schema.headers);
  return [
    ...(config?.isPublic === true ? [] : ['unauthenticated', ...(SHARED.Forbidden ?? [])]),
    ...(config?.isAtStake === true ? ['api_key_limit', 'limit_requires_manager'] : []),
    ...(schema.querystring === undefined ? [] : ['validation_failed']),
    ...(schema.params === undefined ? [] : ['not_found']),
    ...(method === 'GET' ? [] : (SHARED.InvalidRequest ?? [])),
    ...(method === 'GET' ? [] : ['payload_too_large', 'unsupported_media_type']),
    ...(headers.has('Idempotency-Key')
      ? ['idempotency_key_required', 'idempotency_in_progress', 'idempotency_key_reused']
      : []),
    ...(headers.has('If-Match') ? ['version_conflict', 'precondition_required'] : []),
    ...annotatedCodes(schema.body),
    ...annotatedCodes(schema.querystring),
    ...(SHARED.Unavailable ?? []),
  ];
}

function propertiesOf(schema: unknown): ReadonlySet<string> {
  const properties = isObject(schema) ? schema.properties : undefined;
  return new Set(isObject(properties) ? Object.keys(properties) : []);
}

/** The codes of fields that have one of their own, such as an amount. */
function annotatedCodes(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(annotatedCodes);
  if (!isObject(schema)) return [];
  const own = schema[ERROR_KEYWORD];
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(schema).flatMap(annotatedCodes)];
}

/**
 * The responses of a route other than a success, by status, each with the codes it can have. Throws for a code that the table does
 * not have.
 */
export function problemResponsesOf(route: RouteOptions, table: ProblemTable): JsonObject {
  const declared: FastifySchema['problems'] = route.schema?.problems ?? [];
  const codes = new Set([...impliedCodes(route), ...declared]);
  const byStatus = Map.groupBy([...codes].toSorted(), (code) => statusOf(code, table));
  const problems = [...byStatus].map(([status, some]) => [status, responseOf(status, some)] as const);
  const isConditional = propertiesOf(route.schema?.headers).has('If-None-Match');
  return Object.fromEntries([...(isConditional ? [NOT_MODIFIED] : []), ...problems]);
}

function statusOf(code: string, table: ProblemTable): number {
  const status = table[code]?.status;
  if (status === undefined) throw new TypeError(`No problem has the code ${code}.`);
  return status;
}

function responseOf(status: number, codes: readonly string[]): JsonObject {
  const shared = Object.entries(SHARED).find(([, some]) => some.join() === codes.join());
  return shared === undefined ? response(status, codes) : { $ref: `#/components/responses/${shared[0]}` };
}

/** The content of `components.responses`. */
export function sharedResponses(table: ProblemTable): JsonObject {
  const problems = Object.entries(SHARED).map(([name, codes]) => [
    name,
    response(statusOf(codes[0] ?? '', table), codes),
  ]);
  return { NotModified: { description: 'The client has it already.' }, ...Object.fromEntries(problems) };
}

function response(status: number, codes: readonly string[]): JsonObject {
  const schema = {
    allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }],
  };
  return {
    description: PROBLEM_DESCRIPTIONS[status] ?? '',
    ...(STATUSES_WITH_RETRY_AFTER.has(status) ? { headers: { 'Retry-After': RETRY_AFTER } } : {}),
    content: { 'application/problem+json': { schema } },
  };
}
