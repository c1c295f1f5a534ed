import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#lib/time/clock.ts';

/** How often to poll a state that nothing announces (a pid file, a lock): not noticed, and under 1 % of a core. */
const POLL_INTERVAL_MS = 10;

/** Polls until `look` finds something, at most `timeoutMs`; undefined when the time is up. */
export async function pollFor<Found>(
  timeoutMs: number,
  look: () => Found | undefined | Promise<Found | undefined>,
): Promise<Found | undefined> {
  const deadlineMs = systemClock.monotonicMs() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined || systemClock.monotonicMs() >= deadlineMs) return found;
    await sleep(POLL_INTERVAL_MS);
  }
}
