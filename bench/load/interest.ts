import { createServices } from '#bank/services.ts';
import { assert } from '#lib/assert.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import { withContext } from '../host/with-context.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { measureOnce } from './recorder.ts';

type InterestJob = Extract<DatabaseJob, { kind: 'interest' }>;

const CALLER = { actor: 'bench', role: 'operator' } as const;

/**
 * The second day of a bank whose accounts bear interest, all of it: on the first every account gets its position. Counts
 * the accounts whose interest was counted.
 */
export function runInterestJob({ databaseUrl }: InterestJob, onWindow: OnWindow): Promise<LoadResult> {
  return withContext({ databaseUrl, dataKey: BENCH_DATA_KEY }, async (context) => {
    const services = createServices(context);
    try {
      await services.endOfDay.closeThrough(CALLER, undefined);
      return await measureOnce(onWindow, async () => {
        await services.endOfDay.closeThrough(CALLER, undefined);
        const [run] = await services.endOfDay.list({ limit: 1 });
        const counts = run?.steps.find(({ name }) => name === 'interest')?.counts;
        assert(counts !== undefined, 'the end of a day has a step of interest');
        return counts.accrued ?? 0;
      });
    } finally {
      await services.drain();
    }
  });
}
