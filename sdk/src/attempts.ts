import { FlorinProblem, NoAnswerError, readProblem } from './problem.ts';

export type Attempts = {
  readonly operation: string;
  readonly method: string;
  readonly idempotencyKey: string | undefined;
  /** Repeats after the first attempt. */
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
};

const FIRST_DELAY_MS = 200;
/** The bank asks for seconds; who is asked to wait longer is told so, and decides. */
const LONGEST_WAIT_SECONDS = 30;

/** What was not done for now: any call may be sent again. */
const NOT_DONE = new Set(['idempotency_in_progress', 'overloaded', 'shutting_down', 'too_many_requests']);

/**
 * Sends a call until it is answered, or its repeats are used up. A GET or PUT, and a POST, which has one key for all
 * attempts, are repeated where no answer came; a PATCH or DELETE only where the bank says that it did nothing.
 */
export async function sendRepeatedly(
  send: (signal: AbortSignal) => Promise<Response>,
  attempts: Attempts,
): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOnce(send, attempts);
    if (outcome instanceof Response) return outcome;
    const waitMs = attempt < attempts.maxRetries ? waitAfter(outcome, attempt, attempts) : undefined;
    if (waitMs === undefined) throw outcome;
    await pause(waitMs, attempts.signal);
  }
}

async function attemptOnce(
  send: (signal: AbortSignal) => Promise<Response>,
  { operation, idempotencyKey, timeoutMs, signal }: Attempts,
): Promise<Response | FlorinProblem | NoAnswerError> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await send(signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
    if (!answer.ok) return await readProblem(operation, answer);
    // Read whole here: a connection may be cut while the body is on its way.
    const { status, headers } = answer;
    return new Response(status === 204 ? null : await answer.arrayBuffer(), { status, headers });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof FlorinProblem) return error;
    return new NoAnswerError(operation, idempotencyKey, error);
  }
}

/** How long to wait before the next attempt; undefined where none makes sense. */
function waitAfter(
  outcome: FlorinProblem | NoAnswerError,
  attempt: number,
  { method }: Attempts,
): number | undefined {
  const isSafe = method !== 'PATCH' && method !== 'DELETE';
  const backoffMs = FIRST_DELAY_MS * 2 ** attempt * (0.5 + Math.random());
  if (outcome instanceof NoAnswerError) return isSafe ? backoffMs : undefined;
  const { status, code, retryAfterSeconds } = outcome;
  const isAway = isSafe && (status === 502 || status === 503 || status === 504);
  if (!NOT_DONE.has(code) && !isAway) return undefined;
  if (retryAfterSeconds === undefined) return backoffMs;
  return retryAfterSeconds > LONGEST_WAIT_SECONDS ? undefined : retryAfterSeconds * 1000;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  signal?.throwIfAborted();
}
