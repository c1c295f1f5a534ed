import type { FastifyRequest } from 'fastify';
import { type FieldError, FlorinError } from '#lib/errors.ts';
import { isObject } from '#lib/json-object.ts';
import { invalidFields } from './field-errors.ts';

/**
 * The refusal of a request by a schema, with what is wrong in the parts that were not looked at yet: the query after
 * the body, and the headers that its route documents. Any other error is as it was.
 */
export function withOtherFaults(error: unknown, request: FastifyRequest): unknown {
  if (!(error instanceof FlorinError) || !('validationContext' in error)) return error;
  const query = error.validationContext === 'body' ? queryFaults(request) : [];
  const others = [...query, ...headerFaults(request)];
  return others.length === 0 ? error : invalidFields([...error.fields, ...others]);
}

function queryFaults(request: FastifyRequest): readonly FieldError[] {
  const check: ((query: unknown) => unknown) | undefined = request.getValidationFunction('querystring');
  const checked = check?.(request.query);
  return isObject(checked) && checked.error instanceof FlorinError ? checked.error.fields : [];
}

/** Headers that a route documents are read by functions of their own; their form is in its schema too. */
function headerFaults({ headers, routeOptions }: FastifyRequest): FieldError[] {
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
