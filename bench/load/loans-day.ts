import { createServices } from '#bank/services.ts';
import { BOOK_ID, openDatabase } from '#db/database.ts';
import { randomIds } from '#lib/ids.ts';
import { systemClock } from '#lib/time/clock.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { Recorder } from './recorder.ts';

type LoansDayJob = Extract<DatabaseJob, { kind: 'loans-day' }>;

/** Closes the open date of a bank and measures its step of the loans, chunk by chunk. */
export async function runLoansDayJob({ databaseUrl }: LoansDayJob, onWindow: OnWindow): Promise<LoadResult> {
  const { db, postingPool, close } = openDatabase({ databaseUrl, statementTimeoutMs: 0 });
  const context = {
    db,
    postingPool,
    bookId: BOOK_ID,
    clock: systemClock,
    ids: randomIds,
    dataKey: BENCH_DATA_KEY,
  };
  const services = createServices(context);
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
  try {
    await services.endOfDay.closeThrough({ actor: 'bench', role: 'operator' }, undefined, { onStep });
  } finally {
    await services.drain();
    await close();
  }
  return recorder.result();
}
