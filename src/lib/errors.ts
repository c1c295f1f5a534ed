/** One bad field of a request: where it is (`address.country`) and what it takes. */
export type FieldError = { readonly path: string; readonly message: string };

type Details = {
  readonly fields?: readonly FieldError[];
  /** What a program may want to know beyond the code: further members of the problem. */
  readonly members?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
};

/**
 * An expected answer that is not the one asked for. `code` is stable and part of the API; `message` is one
 * sentence for a person and names no other customer's data.
 */
export abstract class FlorinError extends Error {
  abstract readonly status: number;
  readonly code: string;
  readonly fields: readonly FieldError[];
  readonly members: Readonly<Record<string, string>>;
  /** When it makes sense to ask again, where it does. */
  readonly retryAfterSeconds: number | undefined = undefined;

  constructor(code: string, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.fields = details.fields ?? [];
    this.members = details.members ?? {};
  }
}

/** 400: the request itself is wrong, whatever the state of the bank. */
export class InvalidInputError extends FlorinError {
  readonly status = 400;
}

/** 401: who asks is not known; the same answer whatever was wrong with the credentials. */
export class UnauthenticatedError extends FlorinError {
  readonly status = 401;
}

/** 403: who asks is known, and may not do this. */
export class ForbiddenError extends FlorinError {
  readonly status = 403;
}

/** 429: too many in too short a time; says when the next one may succeed. */
export class TooManyRequestsError extends FlorinError {
  readonly status = 429;
  override readonly retryAfterSeconds: number;

  constructor(code: string, message: string, retryAfterSeconds: number) {
    super(code, message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** 404: the same answer for an id that never existed and for one the caller may not see. */
export class NotFoundError extends FlorinError {
  readonly status = 404;
}

/** 409: the request is right, but not in the present state. */
export class ConflictError extends FlorinError {
  readonly status = 409;
}

/** 409 `idempotency_in_progress`: the first request with this key has no answer yet. */
export class InProgressError extends ConflictError {
  override readonly retryAfterSeconds: number | undefined = 1;
}

/** 412 or 428: If-Match names another version, or is missing. */
export class PreconditionError extends FlorinError {
  readonly status: 412 | 428;

  constructor(status: 412 | 428, code: string, message: string) {
    super(code, message);
    this.status = status;
  }
}

/** 422: understood and refused by a rule of the bank. */
export class RefusedError extends FlorinError {
  readonly status = 422;
}

/** 503: not now; the code says whether nothing was done (`overloaded`, `database_unavailable`) or it is not known (`outcome_unknown`). */
export class UnavailableError extends FlorinError {
  readonly status = 503;
  override readonly retryAfterSeconds: number | undefined = 1;
}

/** 503 `read_only`: for maintenance the bank can be read and not changed; longer than a moment. */
export class ReadOnlyError extends UnavailableError {
  override readonly retryAfterSeconds: number | undefined = 30;
}

/** Whether it was refused for what it is or what the bank's state is, and not because something is out of order. */
export function isRefusal(error: unknown): boolean {
  return error instanceof FlorinError && error.status < 500;
}

/** 400 `validation_failed` with the fields that are wrong. */
export function validationFailed(...fields: readonly FieldError[]): InvalidInputError {
  const first = fields[0];
  const message = first === undefined ? 'The request is not valid.' : `${first.path}: ${first.message}`;
  return new InvalidInputError('validation_failed', message, { fields });
}

/** 404 `not_found`, byte for byte the same for absent and foreign ids. */
export function notFound(): NotFoundError {
  return new NotFoundError('not_found', 'There is no such resource.');
}

/** 412 `version_conflict`. */
export function versionConflict(): PreconditionError {
  return new PreconditionError(412, 'version_conflict', 'The resource has changed since it was read.');
}

/** 503 `read_only`. */
export function readOnly(cause?: unknown): ReadOnlyError {
  const details = cause === undefined ? {} : { cause };
  return new ReadOnlyError(
    'read_only',
    'The bank can be read and takes no changes now; nothing was done.',
    details,
  );
}
