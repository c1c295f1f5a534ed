import { createServices } from '#bank/services.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import { withContext } from '../host/with-context.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { measureOnce } from './recorder.ts';

type EndOfDayJob = Extract<DatabaseJob, { kind: 'end-of-day' | 'month-end' }>;

/** What is counted, by step: the standing orders that were paid, or the statements that were made. */
const COUNTED = {
  'end-of-day': { step: 'standing-orders', outcome: 'paid' },
  'month-end': { step: 'statements', outcome: 'statements' },
} as const;

/** Closes the open date of a bank, as `florin end-of-day` does. */
export function runEndOfDayJob({ kind, databaseUrl }: EndOfDayJob, onWindow: OnWindow): Promise<LoadResult> {
  return withContext({ databaseUrl, dataKey: BENCH_DATA_KEY }, async (context) => {
    const services = createServices(context);
    try {
      return await measureOnce(onWindow, async () => {
        const { businessDate } = await services.endOfDay.progress();
        const until = kind === 'month-end' ? lastOfMonth(businessDate) : undefined;
        await services.endOfDay.closeThrough({ actor: 'bench', role: 'operator' }, until);
        const [run] = await services.endOfDay.list({ limit: 1 });
        const { step, outcome } = COUNTED[kind];
        return run?.steps.find(({ name }) => name === step)?.counts[outcome] ?? 0;
      });
    } finally {
      await services.drain();
    }
  });
}

function lastOfMonth(date: IsoDate): IsoDate {
  const { year, month, daysInMonth } = Temporal.PlainDate.from(date);
  return isoDate(Temporal.PlainDate.from({ year, month, day: daysInMonth }).toString());
}
