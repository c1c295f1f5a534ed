import { EndOfDayTimer } from '#bank/end-of-day-timer.ts';
import type { Services } from '#bank/services.ts';
import { Sealer, Sequencer } from '#features/audit/contract.ts';
import { holdExpirer } from '#features/holds/contract.ts';
import type { TimeOfDay } from '#lib/time/dates.ts';

/** The background work of a server. */
export type Background = {
  /** Posts waiting requests, seals posted entries, and stops. */
  close(): Promise<void>;
};

/**
 * Starts the background work of every serving process: sealing, numbering entries,
 * releasing overdue holds, and closing the day at its
 * time. The database decides which process does the work. `onError` gets each failure; the next try makes up for it.
 */
export function startBackground(
  services: Services,
  endOfDay: TimeOfDay | undefined,
  onError: (error: unknown, what: string) => void,
): Background {
  const { context } = services;
  const sealer = new Sealer(context, (error) => onError(error, 'sealing'));
  sealer.start();
  const sequencer = new Sequencer(context, (error) => onError(error, 'numbering entries'));
  sequencer.start();
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
      await sequencer.stop();
      // Waiting requests are posted, so that they are sealed too.
      await services.drain();
      await sealer.close();
    },
  };
}
