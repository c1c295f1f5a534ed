import type { ErrorObject } from 'ajv/dist/2020.js';
import { commonError, type FieldError, type FlorinError } from '#lib/errors.ts';

/** The schema annotation that gives a field an error code of its own: `'x-florin-error': 'invalid_amount'`. */
export const ERROR_KEYWORD = 'x-florin-error';

/** Enough to correct a request by; the rest shows when these are corrected. */
const MAX_FIELD_ERRORS = 20;

/** A name that the caller made up is shown up to this length. */
const MAX_SHOWN_NAME = 64;

/**
 * Ajv's errors in a part of a request as the API's: 400 `validation_failed` with the path and the message of each
 * field, or the code with which all failing fields are annotated.
 */
export function toValidationError(errors: readonly ErrorObject[], httpPart: string): FlorinError {
  const byPath = Map.groupBy(errors, (error) => pathOf(error, httpPart === 'body' ? 'body' : 'query'));
  const fields = [...byPath].slice(0, MAX_FIELD_ERRORS).map(([path, found]) => toFieldError(path, found));
  const codes = new Set([...byPath.values()].map(codeOf));
  const detail = fields.map(({ path, message }) => `${path} ${message}`).join('; ');
  const code = codes.size === 1 && codes.has('invalid_amount') ? 'invalid_amount' : 'validation_failed';
  return commonError(code, { message: `${detail}.`, fields });
}

/** `/items/3/amount` as `items[3].amount`, with the name of the field that is missing or unknown. */
function pathOf(error: ErrorObject, root: string): string {
  const names = error.instancePath.split('/').slice(1).map(unescapePointer);
  const { missingProperty, additionalProperty, unevaluatedProperty, propertyName } = error.params;
  const last: unknown =
    missingProperty ?? additionalProperty ?? unevaluatedProperty ?? propertyName ?? error.propertyName;
  if (typeof last === 'string') names.push(last);
  if (names.length === 0) return root;
  return names
    .map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name.slice(0, MAX_SHOWN_NAME)}`))
    .join('')
    .replace(/^\./, '');
}

function unescapePointer(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

function codeOf(errors: readonly ErrorObject[]): 'invalid_amount' | 'validation_failed' {
  const isAmount = errors.some(({ parentSchema }) => parentSchema?.[ERROR_KEYWORD] === 'invalid_amount');
  return isAmount ? 'invalid_amount' : 'validation_failed';
}

/** One message a path: a choice between constants fails once for each of them. */
function toFieldError(path: string, errors: readonly ErrorObject[]): FieldError {
  if (codeOf(errors) === 'invalid_amount') {
    return { path, message: 'must be a decimal string in major units, like "1250.00"' };
  }
  const constants = errors.flatMap((error) => (error.keyword === 'const' ? [error.params.allowedValue] : []));
  if (constants.length > 0) return { path, message: oneOf(constants) };
  const [error] = errors;
  return { path, message: error === undefined ? 'is not valid' : messageOf(error) };
}

function messageOf(error: ErrorObject): string {
  switch (error.keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not a known field';
    case 'enum':
      return oneOf(error.params.allowedValues);
    case 'format':
      return `must be a valid ${error.params.format}`;
    default:
      return error.message ?? 'is not valid';
  }
}

function oneOf(values: readonly unknown[]): string {
  return `must be ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}`;
}
