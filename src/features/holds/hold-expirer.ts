import { Repeater } from '#lib/concurrency/repeater.ts';
import { type ExpiryContext, expireHolds } from './expire-holds.ts';

/** How long the money of an overdue hold may be missing from what is available; the query behind it is one look. */
const INTERVAL_MS = 10_000;

/**
 * Lets go of overdue holds every few seconds while a server runs; the end of day does what is left. `onError` hears
 * of a run that failed; the next one makes up for it. Stopped, it finishes the chunk that is under way.
 */
export function holdExpirer(context: ExpiryContext, onError: (error: unknown) => void): Repeater {
  const expire = async (): Promise<void> => {
    for await (const _ of expireHolds(context)) if (repeater.isStopped) return;
  };
  const repeater = new Repeater(expire, { restMs: () => INTERVAL_MS, onError });
  return repeater;
}
