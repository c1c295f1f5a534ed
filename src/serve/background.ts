import { EndOfDayTimer } from '#bank/end-of-day-timer.ts';
import type { Services } from '#bank/services.ts';
import { Sealer } from '#features/audit/contract.ts';
import { holdExpirer } from '#features/holds/contract.ts';
import type { TimeOfDay } from '#lib/time/dates.ts';

/** What a server does beside answering. */
export type Background = {
  /** Posts what waits, seals what was posted, and stops. */
  close(): Promise<void>;
};

/**
 * Starts what every serving process does by itself: sealing, letting go of overdue holds, and closing the day at its
 * time; which process does the work is the database's to say. `onError` hears what failed; the next try makes up.
 */
export function startBackground(
  services: Services,
  endOfDay: TimeOfDay | undefined,
  onError: (error: unknown, what: string) => void,
): Background {
  const { context } = services;
  const sealer = new Sealer(context, (error) => onError(error, 'sealing'));
  sealer.start();
  const expirer = holdExpirer(context, (error) => onError(error, 'expiring holds'));
  expirer.start();
  const timer =
    endOfDay === undefined
      ? undefined
      : new EndOfDayTimer(services, endOfDay, (error) => onError(error, 'end of day'));
  timer?.start();
  return {
    close: async () => {
      timer?.stop();
      await expirer.stop();
      // Whatever was waiting is posted, so that it is sealed too.
      await services.drain();
      await sealer.close();
    },
  };
}
