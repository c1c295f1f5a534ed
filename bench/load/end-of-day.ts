import { createServices } from '#bank/services.ts';
import { BOOK_ID, openDatabase } from '#db/database.ts';
import { randomIds } from '#lib/ids.ts';
import { systemClock } from '#lib/time/clock.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { Recorder } from './recorder.ts';

type EndOfDayJob = Extract<DatabaseJob, { kind: 'end-of-day' }>;

/** Closes the open date of a bank, as `florin end-of-day` does; counts the standing orders that were due. */
export async function runEndOfDayJob({ databaseUrl }: EndOfDayJob, onWindow: OnWindow): Promise<LoadResult> {
  const { db, postingPool, close } = openDatabase({ databaseUrl, statementTimeoutMs: 0 });
  const services = createServices({
    db,
    postingPool,
    bookId: BOOK_ID,
    clock: systemClock,
    ids: randomIds,
    dataKey: BENCH_DATA_KEY,
  });
  const recorder = new Recorder(onWindow);
  try {
    recorder.begin();
    recorder.open();
    const startedMs = performance.now();
    await services.endOfDay.closeThrough({ actor: 'bench', role: 'operator' }, undefined);
    const [run] = await services.endOfDay.list({ limit: 1 });
    const step = run?.steps.find(({ name }) => name === 'standing-orders');
    recorder.record(startedMs, step?.counts.paid ?? 0);
    recorder.close();
  } finally {
    await services.drain();
    await close();
  }
  return recorder.result();
}
