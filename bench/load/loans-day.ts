import { createServices } from '#bank/services.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import { withContext } from '../host/with-context.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { Recorder } from './recorder.ts';

type LoansDayJob = Extract<DatabaseJob, { kind: 'loans-day' }>;

/** Closes the open date of a bank and measures its step of the loans, chunk by chunk. */
export async function runLoansDayJob({ databaseUrl }: LoansDayJob, onWindow: OnWindow): Promise<LoadResult> {
  const recorder = new Recorder(onWindow);
  let before: { readonly done: number; readonly atMs: number } | undefined;
  let isOver = false;
  const onStep = ({ name, done }: { readonly name: string; readonly done: number }): void => {
    if (isOver) return;
    if (name.endsWith(' loans')) {
      if (before === undefined) {
        recorder.begin();
        recorder.open();
      } else recorder.record(before.atMs, done - before.done);
      before = { done, atMs: performance.now() };
    } else if (before !== undefined) {
      isOver = true;
      recorder.close();
    }
  };
  await withContext({ databaseUrl, dataKey: BENCH_DATA_KEY }, async (context) => {
    const services = createServices(context);
    try {
      await services.endOfDay.closeThrough({ actor: 'bench', role: 'operator' }, undefined, { onStep });
    } finally {
      await services.drain();
    }
  });
  return recorder.result();
}
