import { createServices } from '#bank/services.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import { withContext } from '../host/with-context.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { measureOnce } from './recorder.ts';

type EndOfDayJob = Extract<DatabaseJob, { kind: 'end-of-day' }>;

/** Closes the open date of a bank, as `florin end-of-day` does; counts the standing orders that were due. */
export function runEndOfDayJob({ databaseUrl }: EndOfDayJob, onWindow: OnWindow): Promise<LoadResult> {
  return withContext({ databaseUrl, dataKey: BENCH_DATA_KEY }, async (context) => {
    const services = createServices(context);
    try {
      return await measureOnce(onWindow, async () => {
        await services.endOfDay.closeThrough({ actor: 'bench', role: 'operator' }, undefined);
        const [run] = await services.endOfDay.list({ limit: 1 });
        return run?.steps.find(({ name }) => name === 'standing-orders')?.counts.paid ?? 0;
      });
    } finally {
      await services.drain();
    }
  });
}
