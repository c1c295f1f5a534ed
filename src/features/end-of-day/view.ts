import type { EndOfDayRun } from './repository.ts';
import type { EndOfDay } from './service.ts';

/** The end of a date as the API and the CLI show it. */
export type RunView = {
  businessDate: string;
  status: 'running' | 'failed' | 'completed';
  actor: string;
  startedAt: string;
  completedAt: string | null;
  failure: { code: string; message: string } | null;
  steps: {
    number: number;
    name: string;
    status: 'pending' | 'running' | 'completed';
    processed: number;
    counts: Record<string, number>;
    completedAt: string | null;
  }[];
};

export function runView({ startedAt, completedAt, failure, steps, ...run }: EndOfDayRun): RunView {
  return {
    ...run,
    startedAt: startedAt.toISOString(),
    completedAt: completedAt?.toISOString() ?? null,
    failure: failure === undefined ? null : { ...failure },
    steps: steps.map((step) => ({
      ...step,
      counts: { ...step.counts },
      completedAt: step.completedAt?.toISOString() ?? null,
    })),
  };
}

/** The outcome of a request to close dates. */
export type EndOfDayView = {
  status: 'completed' | 'running';
  until: string;
  businessDate: string;
  closedDates: string[];
};

export function endOfDayView({ until, businessDate, isDone, dates }: EndOfDay): EndOfDayView {
  return { status: isDone ? 'completed' : 'running', until, businessDate, closedDates: [...dates] };
}
