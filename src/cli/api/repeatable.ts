import { CommandFailedError } from '../failures.ts';

/** Codes of failures after which it is not known whether anything was done. */
const UNSURE = ['server_unreachable', 'outcome_unknown'];

/** The error with the advice to repeat under the same key, if it is not known whether anything was done. */
export function repeatable(error: unknown, idempotencyKey: string): unknown {
  if (!(error instanceof CommandFailedError) || !UNSURE.includes(error.code)) return error;
  const message = error.message.replace(/\.$/, '');
  const advice = `repeat it with --idempotency-key ${idempotencyKey} to settle it`;
  return new CommandFailedError(error.code, `${message}; ${advice}`, error);
}
