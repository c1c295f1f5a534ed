import { createServices } from '#bank/services.ts';
import { assert } from '#lib/assert.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import { withContext } from '../host/with-context.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { measureOnce } from './recorder.ts';

type ChargesJob = Extract<DatabaseJob, { kind: 'charges-month-end' | 'charges-day' }>;

const CALLER = { actor: 'bench', role: 'operator' } as const;

/** What is counted, by step: accounts whose interest was counted, or the statements that were made. */
const COUNTED = {
  'charges-day': { step: 'interest', outcome: 'accrued' },
  'charges-month-end': { step: 'statements', outcome: 'statements' },
} as const;

/**
 * The last day of a month, or the day after it, of a bank whose accounts earn and pay fees. The days before are closed
 * first: on the first of them every account gets its position.
 */
export function runChargesJob(
  { kind, databaseUrl, monthEnd }: ChargesJob,
  onWindow: OnWindow,
): Promise<LoadResult> {
  return withContext({ databaseUrl, dataKey: BENCH_DATA_KEY }, async (context) => {
    const services = createServices(context);
    const closeNext = () => services.endOfDay.closeThrough(CALLER, undefined);
    try {
      await closeNext();
      if (kind === 'charges-day') await services.endOfDay.closeThrough(CALLER, monthEnd);
      const measured = await measureOnce(onWindow, async () => {
        await closeNext();
        const [run] = await services.endOfDay.list({ limit: 1 });
        const { step, outcome } = COUNTED[kind];
        const count = run?.steps.find(({ name }) => name === step)?.counts[outcome];
        assert(count !== undefined, `the end of a day counts its ${outcome}`);
        return count;
      });
      return {
        ...measured,
        rssMiB: process.memoryUsage.rss() / 1_048_576,
        peakRssMiB: process.resourceUsage().maxRSS / 1_024,
      };
    } finally {
      await services.drain();
    }
  });
}
