import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { loadCalendar } from '#features/calendar/contract.ts';
import { assert } from '#lib/assert.ts';
import { FlorinError, isRefusal } from '#lib/errors.ts';
import type { EndOfDayObserver } from '#lib/observer.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { endOfDayError } from './errors.ts';
import { findPreviousDate, listOpenSteps, lockStep, storeProgress, updateRun } from './repository.ts';
import type { ChunkResult, ClosingDay, EndOfDayStep } from './step.ts';

/** How often one who waits for another looks again: a chunk takes about as long. */
const LOOK_AGAIN_MS = 100;
/** Another one that has not finished a chunk in this time will not: ten minutes, a thousand times a chunk. */
const MAX_LOOKS = 6_000;
/** More than any step takes: 10,000 chunks of 500 standing orders, or of 5,000 accounts. */
const MAX_CHUNKS = 10_000;

export type OnStep = (phase: {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}) => void;

export type RunOptions = {
  readonly onStep?: OnStep;
  /** Asked between chunks: a process that is to end stops where it is, and another one goes on. */
  readonly isStopping?: () => boolean;
  readonly observer?: EndOfDayObserver;
};

/**
 * Does what is left of the end of a date that was begun, chunk by chunk: each is one transaction that holds the
 * step's row, so that of several processes one works at a time, and each goes on from where the last commit left it.
 * False if it stopped on the way. A refusal is noted on the run and thrown.
 */
export async function runDate(
  context: Context,
  steps: readonly EndOfDayStep[],
  date: IsoDate,
  options: RunOptions,
): Promise<boolean> {
  const { db, bookId, clock } = context;
  await updateRun(db, bookId, date, { status: 'running' });
  const day: ClosingDay = {
    date,
    previous: await findPreviousDate(db, bookId, date),
    calendar: await loadCalendar(db, bookId, date),
  };
  try {
    for (const name of await listOpenSteps(db, bookId, date)) {
      const step = steps.find((one) => one.name === name);
      assert(step !== undefined, `the end of day still has the step ${name} that it was begun with`);
      if (!(await runStep(context, step, day, options))) return false;
    }
  } catch (error) {
    if (error instanceof FlorinError && isRefusal(error)) {
      await updateRun(db, bookId, date, { status: 'failed', code: error.code, message: error.message });
    }
    throw error;
  }
  await updateRun(db, bookId, date, { status: 'completed', completedAtMs: clock.nowMs() });
  return true;
}

/** All chunks of a step. False if it stopped on the way. */
async function runStep(
  context: Context,
  step: EndOfDayStep,
  day: ClosingDay,
  { onStep, isStopping = () => false, observer }: RunOptions,
): Promise<boolean> {
  const total = onStep === undefined ? 0 : ((await step.countTotal?.(context.db, day)) ?? 1);
  const report = (done: number): void => onStep?.({ name: `${day.date} ${step.name}`, done, total });
  report(0);
  let looks = 0;
  for (let chunks = 0; chunks < MAX_CHUNKS; ) {
    if (isStopping()) return false;
    const startedMs = context.clock.monotonicMs();
    const result = await runChunk(context, step, day);
    if (result === 'done') return true;
    if (result === 'busy') {
      looks += 1;
      if (looks > MAX_LOOKS) throw endOfDayError('end_of_day_in_progress', { date: day.date });
      await delay(LOOK_AGAIN_MS);
      continue;
    }
    observer?.chunk(
      step.name,
      result.processed - result.processedBefore,
      context.clock.monotonicMs() - startedMs,
    );
    if (result.done) return true;
    looks = 0;
    chunks += 1;
    report(result.processed);
  }
  assert(false, `the step ${step.name} ends`);
}

type Chunk = ChunkResult & { readonly processedBefore: number };

function runChunk(
  { db, bookId, clock }: Context,
  step: EndOfDayStep,
  day: ClosingDay,
): Promise<Chunk | 'busy' | 'done'> {
  return inTransaction(db, async (tx) => {
    const locked = await lockStep(tx, bookId, day.date, step.name);
    if (typeof locked === 'string') return locked;
    const result = await step.runChunk(tx, day, locked);
    await storeProgress(tx, bookId, day.date, step.name, result, clock.nowMs());
    return { ...result, processedBefore: locked.processed };
  });
}
