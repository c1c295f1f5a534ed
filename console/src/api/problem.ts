export type FieldError = { readonly path: string; readonly in: string; readonly message: string };

/** A refusal of the bank (RFC 9457), with what a person needs to tell others about it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly fields: readonly FieldError[];

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(typeof body.detail === 'string' ? body.detail : `HTTP ${status}`);
    this.status = status;
    this.code = typeof body.code === 'string' ? body.code : 'unexpected_answer';
    this.requestId = typeof body.requestId === 'string' ? body.requestId : undefined;
    this.fields = Array.isArray(body.errors) ? body.errors : [];
  }
}

/** The request left, or could not, and no answer came: nobody knows yet whether it took effect. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}
