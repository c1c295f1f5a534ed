import type { OperationName, ProblemCodes } from './generated/operations.ts';
import type { Problem } from './generated/types.ts';

/** A refusal or failure that the bank answered. `code` says what happened, and never changes its meaning. */
export class FlorinProblem<Code extends string = string> extends Error {
  override readonly name = 'FlorinProblem';
  /** The call: `transfers.create`. */
  readonly operation: string;
  readonly status: number;
  readonly code: Code;
  readonly requestId: string | undefined;
  /** The fields that are wrong, all of them. */
  readonly errors: NonNullable<Problem['errors']>;
  /** All that was answered. */
  readonly problem: Problem;
  /** Seconds until it makes sense to repeat the call. */
  readonly retryAfterSeconds: number | undefined;

  constructor(operation: string, problem: Problem, retryAfterSeconds: number | undefined) {
    super(problem.detail);
    this.operation = operation;
    this.status = problem.status;
    this.code = problem.code as Code;
    this.requestId = problem.requestId;
    this.errors = problem.errors ?? [];
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No answer came, also after repeats. The call may have had its effect: repeat it with the same `idempotencyKey`. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly operation: string;
  /** Of a POST: the key under which it was sent each time. */
  readonly idempotencyKey: string | undefined;

  constructor(operation: string, idempotencyKey: string | undefined, cause: unknown) {
    super(`${operation} got no answer`, { cause });
    this.operation = operation;
    this.idempotencyKey = idempotencyKey;
  }
}

/** Whether something that was thrown is a problem of this call: its `code` is then one of those of the call. */
export function isProblem<Name extends OperationName>(
  thrown: unknown,
  operation: Name,
): thrown is FlorinProblem<ProblemCodes[Name]> {
  return thrown instanceof FlorinProblem && thrown.operation === operation;
}

/** The problem in an answer; one of our own where a proxy answered with something else. */
export async function readProblem(operation: string, answer: Response): Promise<FlorinProblem> {
  const { status, statusText: title, headers } = answer;
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  const told = (await answer.json().catch(() => null)) as Partial<Problem> | null;
  const detail = `HTTP ${status} ${title}, and no problem of the bank`;
  const requestId = headers.get('request-id') ?? '';
  const problem =
    typeof told?.code === 'string' && typeof told.status === 'number'
      ? (told as Problem)
      : { type: 'about:blank', title, status, detail, code: 'not_florin', requestId };
  return new FlorinProblem(operation, problem, Number.isNaN(after) ? undefined : after);
}
