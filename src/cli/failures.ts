/** A command line that commander took and that is wrong all the same. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: string;

  constructor(message: string, code = 'usage') {
    super(message);
    this.code = code;
  }
}

/** A command that ended without doing what it was asked; the code is as stable as the API's. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
