import type { ErrorObject } from 'ajv/dist/2020.js';
import {
  commonError,
  type FieldCode,
  type FieldError,
  type FlorinError,
  type RequestPart,
  sentenceOf,
} from '#lib/errors.ts';
import { FORMATS } from './formats.ts';
import { mappingOf } from './tagged-choice.ts';

/** The schema annotation that gives a field an error code of its own: `'x-florin-error': 'invalid_amount'`. */
export const ERROR_KEYWORD = 'x-florin-error';

/** Enough to correct a request by; the rest shows when these are corrected. */
export const MAX_FIELD_ERRORS = 20;

/** A name that the caller made up is shown up to this length. */
const MAX_SHOWN_NAME = 64;

/** Ajv's errors in a part of a request as the API's: one a field. */
export function fieldErrorsOf(errors: readonly ErrorObject[], part: RequestPart): FieldError[] {
  const byPath = Map.groupBy(errors, (error) => pathOf(error, part));
  return [...byPath].map(([path, found]) => ({ path, in: part, ...faultOf(found) }));
}

/**
 * 400 `validation_failed` with the fields of a request that are wrong, or the code of all of them if it is the same. It
 * names the first twenty.
 */
export function invalidFields(fields: readonly FieldError[]): FlorinError {
  const shown = fields.slice(0, MAX_FIELD_ERRORS);
  const isOnlyAmounts = fields.every(({ code }) => code === 'invalid_amount');
  return commonError(isOnlyAmounts ? 'invalid_amount' : 'validation_failed', {
    message: sentenceOf(shown, ' '),
    fields: shown,
  });
}

/** `/items/3/amount` as `items[3].amount`, with the name of the field that is missing or unknown. */
function pathOf(error: ErrorObject, root: string): string {
  const names = error.instancePath.split('/').slice(1).map(unescapePointer);
  const { missingProperty, additionalProperty, unevaluatedProperty, propertyName, tag } = error.params;
  const last: unknown =
    missingProperty ?? additionalProperty ?? unevaluatedProperty ?? propertyName ?? tag ?? error.propertyName;
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

type Fault = { readonly code: FieldCode; readonly message: string };

const CODES: Readonly<Record<string, FieldCode>> = {
  required: 'required',
  additionalProperties: 'unknown_field',
  unevaluatedProperties: 'unknown_field',
  type: 'wrong_type',
  discriminator: 'not_allowed',
  enum: 'not_allowed',
  const: 'not_allowed',
  format: 'wrong_format',
  pattern: 'wrong_format',
  minLength: 'too_short',
  minItems: 'too_short',
  minProperties: 'too_short',
  maxLength: 'too_long',
  maxItems: 'too_long',
  maxProperties: 'too_long',
  minimum: 'too_small',
  maximum: 'too_large',
};

/** One fault a path: a choice between constants fails once for each of them. */
function faultOf(errors: readonly ErrorObject[]): Fault {
  const isAmount = errors.some(
    ({ keyword, parentSchema }) =>
      keyword === ERROR_KEYWORD || parentSchema?.[ERROR_KEYWORD] === 'invalid_amount',
  );
  if (isAmount) return { code: 'invalid_amount', message: amountMessage(errors) };
  const constants = errors.flatMap((error) => (error.keyword === 'const' ? [error.params.allowedValue] : []));
  if (constants.length > 0) return { code: 'not_allowed', message: oneOf(constants) };
  const [error] = errors;
  if (error === undefined) return { code: 'invalid', message: 'is not valid' };
  const isMissing = error.keyword === 'discriminator' && error.params.tagValue === undefined;
  if (isMissing) return { code: 'required', message: 'is required' };
  return { code: CODES[error.keyword] ?? 'invalid', message: messageOf(error) };
}

function amountMessage(errors: readonly ErrorObject[]): string {
  const own = errors.find(({ keyword }) => keyword === ERROR_KEYWORD);
  return own?.message ?? 'must be a decimal string in major units, like "1250.00"';
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
    case 'discriminator':
      return oneOf(tagsOf(error));
    case 'format': {
      const { format } = error.params;
      return FORMATS[format]?.messageFor?.(String(error.data)) ?? `must be a valid ${format}`;
    }
    default: {
      const message = error.message ?? 'is not valid';
      return error.keyword === 'type' && error.data === null ? `${message}, and not null` : message;
    }
  }
}

/** The values that the discriminator of a choice takes. */
function tagsOf({ params, parentSchema }: ErrorObject): string[] {
  const mapping = mappingOf(parentSchema ?? {});
  return Object.keys(mapping ?? { [String(params.tagValue)]: params.tag });
}

function oneOf(values: readonly unknown[]): string {
  return `must be ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}`;
}
