import type { FastifyRequest } from 'fastify';
import { type FieldError, FlorinError } from '#lib/errors.ts';
import { isObject } from '#lib/json-object.ts';
import { isDryRun } from './dry-runs.ts';
import { invalidFields, MAX_FIELD_ERRORS } from './field-errors.ts';
import { refusalsOf } from './rehearsals.ts';
import { isWithinBudget } from './validation.ts';
import { withoutFaults } from './without-faults.ts';

/** Whether a schema refused the request, so that more may be wrong with it. */
export function isBySchema(error: unknown): error is FlorinError & { readonly validationContext: unknown } {
  return error instanceof FlorinError && 'validationContext' in error;
}

/**
 * The refusal of a request by a schema, with what else is wrong in the parts that were not looked at yet: the query after
 * the body, and the headers that its route documents. The rules of the bank, which its handler asks, are in it too.
 */
export async function withOtherFaults(
  error: FlorinError & { readonly validationContext: unknown },
  request: FastifyRequest,
): Promise<FlorinError> {
  const query = error.validationContext === 'body' ? queryFaults(request) : [];
  const others = [...(await laterFaults(error, query, request)), ...query, ...headerFaults(request)];
  return others.length === 0 ? error : invalidFields([...error.fields, ...others]);
}

/** What the handler says of the fields that the schemas took. */
async function laterFaults(
  { fields }: FlorinError,
  query: readonly FieldError[],
  request: FastifyRequest,
): Promise<readonly FieldError[]> {
  // More than are shown, or a body too large for all of them to be found: there may be more.
  if (fields.length >= MAX_FIELD_ERRORS || !isWithinBudget(request.body)) return [];
  const ofBody = fields.filter(({ in: part }) => part === 'body');
  const body = withoutFaults(request.body, ofBody);
  if (body === undefined) return [];
  const ofQuery = [...query, ...fields.filter(({ in: part }) => part === 'query')];
  const isSaid = (path: string): boolean =>
    ofBody.some(
      (one) => path === one.path || path.startsWith(`${one.path}.`) || path.startsWith(`${one.path}[`),
    );
  const refusals = await refusalsOf(request, { body, query: withoutFaults(request.query, ofQuery) });
  const said = refusals.flatMap((error) => {
    // The request is refused already: whatever else it is does not belong in the answer.
    if (!(error instanceof FlorinError) || error.status !== 400) return [];
    return error.fields.filter(({ path }) => !isSaid(path));
  });
  return [...new Map(said.map((field) => [field.path, { ...field, in: field.in ?? 'body' }])).values()];
}

function queryFaults(request: FastifyRequest): readonly FieldError[] {
  const check: ((query: unknown) => unknown) | undefined = request.getValidationFunction('querystring');
  const checked = check?.(request.query);
  return isObject(checked) && checked.error instanceof FlorinError ? checked.error.fields : [];
}

/** Headers that a route documents are read by functions of their own; their form is in its schema too. */
function headerFaults(request: FastifyRequest): FieldError[] {
  // A dry run needs no key, and its other headers are read as those of the call itself.
  if (isDryRun(request)) return [];
  const { headers, routeOptions } = request;
  const schema = routeOptions.schema?.headers;
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).flatMap(([path, property]): FieldError[] => {
    const text = headers[path.toLowerCase()];
    if (text === undefined || text === '') {
      return required.includes(path)
        ? [{ path, in: 'header', code: 'required', message: 'is required' }]
        : [];
    }
    const isGood = typeof text === 'string' && isGoodHeader(text, property);
    return isGood ? [] : [{ path, in: 'header', code: 'wrong_format', message: 'is not what it must be' }];
  });
}

function isGoodHeader(text: string, property: unknown): boolean {
  if (!isObject(property)) return true;
  const { pattern, maxLength } = property;
  const isShort = typeof maxLength !== 'number' || text.length <= maxLength;
  return isShort && (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text));
}
