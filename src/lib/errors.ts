/** What is wrong with a field, for programs. */
export type FieldCode =
  | 'invalid'
  | 'invalid_amount'
  | 'not_allowed'
  | 'required'
  | 'too_large'
  | 'too_long'
  | 'too_short'
  | 'too_small'
  | 'unknown_field'
  | 'wrong_format'
  | 'wrong_type';

/** Where a field of a request is. */
export type RequestPart = 'body' | 'header' | 'path' | 'query';

/** One bad field of a request: its path (`address.country`) and what it must be. */
export type FieldError = {
  readonly path: string;
  readonly message: string;
  /** `invalid` if it is not given. */
  readonly code?: FieldCode;
  /** Found by its name if it is not given. */
  readonly in?: RequestPart;
};

/** The details of an error beyond its code and message. */
export type ErrorDetails = {
  readonly fields?: readonly FieldError[];
  /** Facts for programs: further members of the problem. */
  readonly members?: Readonly<Record<string, string>>;
  /** Seconds until it makes sense to repeat the request; the entry's own if not given. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
};

/**
 * 400: the request itself is wrong. 401: the caller is not known. 403: the caller is known and may not do this. 404: the
 * same answer for an id that never existed and one the caller may not see. 409: not in the present state. 412, 428:
 * If-Match names another version, or is missing. 422: understood, and refused by a rule of the bank. 429: too many
 * requests. 503: not now. The others are refusals of the HTTP layer.
 */
export type ErrorStatus =
  | 400
  | 401
  | 403
  | 404
  | 405
  | 408
  | 409
  | 412
  | 413
  | 415
  | 422
  | 428
  | 429
  | 431
  | 500
  | 503;

/**
 * What one code means in the API. Codes are stable; messages are one sentence for a person and name no other customer's
 * data. `meaning` and `action` are for docs/errors.md: when the code is answered (the message itself if not given) and
 * what its reader can do.
 */
export type ErrorEntry = {
  readonly status: ErrorStatus;
  readonly action: string;
  readonly retryAfterSeconds?: number;
} & (
  | { readonly message: string; readonly meaning?: string }
  | { readonly message: (values: never) => string; readonly meaning: string }
);

/** The errors of one room, by code. */
export type ErrorTable = Readonly<Record<string, ErrorEntry>>;

/** An expected refusal. Made by the function of a table (errorsOf). */
export class FlorinError<Code extends string = string> extends Error {
  override readonly name = 'FlorinError';
  readonly code: Code;
  readonly status: ErrorStatus;
  readonly fields: readonly FieldError[];
  readonly members: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: Code, entry: ErrorEntry, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = entry.status;
    this.fields = details.fields ?? [];
    this.members = details.members ?? {};
    this.retryAfterSeconds = details.retryAfterSeconds ?? entry.retryAfterSeconds;
  }
}

/** The arguments of an error: the values that its message names, if any, and details. */
type Values<Entry> = Entry extends { readonly message: (values: infer Named) => string }
  ? Partial<Named> extends Named
    ? [values?: Named & ErrorDetails]
    : [values: Named & ErrorDetails]
  : [details?: ErrorDetails];

/** The function that makes the errors of a table. A code that the table lacks does not compile. */
export function errorsOf<Table extends ErrorTable>(
  table: Table,
): <Code extends keyof Table & string>(code: Code, ...values: Values<Table[Code]>) => FlorinError<Code> {
  return (code, ...[values = {}]) => {
    const entry: ErrorEntry = table[code] as ErrorEntry;
    const { message } = entry;
    return new FlorinError(
      code,
      entry,
      typeof message === 'string' ? message : message(values as never),
      values,
    );
  };
}

/** Whether an error is a refusal, for the request itself or the bank's state, and not a failure. */
export function isRefusal(error: unknown): error is FlorinError {
  return error instanceof FlorinError && error.status < 500;
}

/** Whether it is a 400: the request itself is wrong. */
export function isInvalidInput(error: unknown): error is FlorinError {
  return error instanceof FlorinError && error.status === 400;
}

/** Whether it is a 503: the same request may succeed later. */
export function isUnavailable(error: unknown): error is FlorinError {
  return error instanceof FlorinError && error.status === 503;
}

const REPEAT = 'Nothing was done. Repeat the request after Retry-After.';

/** Errors that any part of the bank may answer. */
export const COMMON_ERRORS = {
  validation_failed: {
    status: 400,
    message: ({ message = 'The request is not valid.' }: { readonly message?: string }) => message,
    meaning: 'A field, parameter or header is missing, unknown or not what it must be.',
    action: 'Correct what `errors` names.',
  },
  invalid_amount: {
    status: 400,
    message: ({ message }: { readonly message: string }) => message,
    meaning:
      'An amount is not a decimal string in major units with at most the decimals of its currency, or has more than twelve digits before the point.',
    action: 'Write it like "1250.00". Amounts are never rounded.',
  },
  unauthenticated: {
    status: 401,
    message: ({ needs }: { readonly needs?: 'a login' }) =>
      needs === undefined ? 'The request carries no valid access token.' : `This call needs ${needs}.`,
    meaning:
      'The token is missing, expired, revoked or not one of this bank, or the call needs a login and not a key.',
    action: 'Log in, or refresh the token, and repeat the request.',
  },
  forbidden: {
    status: 403,
    message: ({
      scope,
      role,
      why = 'The caller may not do this.',
    }: {
      readonly scope?: string;
      readonly role?: string;
      readonly why?: string;
    }) => {
      if (scope !== undefined) return `The API key lacks the scope ${scope}.`;
      return role === undefined ? why : `This takes the role ${role}.`;
    },
    meaning:
      'The role or scope of the caller does not include this operation, or not for this account. `scope` or `role` says what it takes.',
    action: 'Ask as somebody who may: docs/access.md has the table.',
  },
  not_found: {
    status: 404,
    message: 'There is no such resource.',
    meaning: 'The id names nothing, or nothing that the caller may see: the answer is the same.',
    action: 'Check the id.',
  },
  answer_erased: {
    status: 409,
    message: 'This was done before, and its answer went with the person it was about.',
    meaning:
      'The request repeats one that was done for a customer who has been deleted or erased since. It is not done again.',
    action: 'Nothing: do not send it again, under another key neither.',
  },
  external_id_exists: {
    status: 409,
    message: ({ kind }: { readonly kind: string }) => `A ${kind} with this externalId exists.`,
    meaning: 'The externalId belongs to another of its kind.',
    action: 'Use the one that there is (`?externalId=`), or another externalId.',
  },
  version_conflict: {
    status: 412,
    message: 'The resource has changed since it was read.',
    action: 'Read it again and repeat the change with the new ETag.',
  },
  limit_exceeded: {
    status: 422,
    message: (values: { readonly name: string; readonly limit: string; readonly left: string }) =>
      `The limit ${values.name} is ${values.limit}; ${values.left} is left.`,
    meaning:
      'The payment would exceed a limit; `limit`, `limitAmount`, `left` and `currency` say which and by how much.',
    action: 'Pay at most what is left, wait for the next day, or have the limit raised.',
  },
  too_many_requests: {
    status: 429,
    message: ({ what }: { readonly what: 'requests in too short a time' | 'failed attempts' }) =>
      `There were too many ${what}; nothing was done.`,
    meaning: 'The caller sends more requests than the rate limit allows, or has failed to log in too often.',
    action: 'Wait as long as Retry-After says.',
  },
  overloaded: {
    status: 503,
    retryAfterSeconds: 1,
    message: 'Too many requests are waiting; try again shortly.',
    action: REPEAT,
  },
  database_unavailable: {
    status: 503,
    retryAfterSeconds: 1,
    message: 'The database is not available now; nothing was done. Try again.',
    action: REPEAT,
  },
  outcome_unknown: {
    status: 503,
    retryAfterSeconds: 1,
    message:
      'The database failed while it committed: this was done, or it was not. Repeat the request with the same Idempotency-Key to settle it.',
    meaning:
      'The database failed, or was lost, once it had been told to commit: the request was done, or it was not.',
    action: 'Repeat the request with the same Idempotency-Key: it is done once, whichever it was.',
  },
  read_only: {
    status: 503,
    retryAfterSeconds: 30,
    message: 'The bank is in read-only mode; nothing was done.',
    action: 'Repeat the request when maintenance is over.',
  },
} as const satisfies ErrorTable;

/** The error of a code that any part of the bank may answer. */
export const commonError = errorsOf(COMMON_ERRORS);

/** 400 `validation_failed` with the fields that are wrong. */
export function validationFailed(...fields: readonly FieldError[]): FlorinError<'validation_failed'> {
  const first = fields[0];
  if (first === undefined) return commonError('validation_failed');
  return commonError('validation_failed', { message: sentenceOf([first], ': '), fields });
}

/** What is wrong with fields as one sentence, with one full stop, however their messages end. */
export function sentenceOf(fields: readonly FieldError[], between: ': ' | ' '): string {
  return `${fields.map(({ path, message }) => `${path}${between}${message.replace(/[.;\s]+$/, '')}`).join('; ')}.`;
}

/** 401 `unauthenticated`: the same for every token that is not valid, whatever is wrong with it, and for none. */
export function unauthenticated(cause?: unknown): FlorinError<'unauthenticated'> {
  return commonError('unauthenticated', { cause });
}

/** 412 `version_conflict`. */
export function versionConflict(): FlorinError<'version_conflict'> {
  return commonError('version_conflict');
}

/** 404 `not_found`, byte for byte the same for absent and foreign ids. */
export function notFound(): FlorinError<'not_found'> {
  return commonError('not_found');
}
