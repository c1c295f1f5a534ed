import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** Errors of the page of metrics. */
export const WATCH_ERRORS = {
  metrics_unavailable: {
    status: 503,
    retryAfterSeconds: 1,
    message: 'The other workers do not answer; try again.',
    meaning: 'Of /metrics alone: the metrics of all workers could not be gathered in time.',
    action: 'Read the page again.',
  },
} as const satisfies ErrorTable;

export const watchError = errorsOf(WATCH_ERRORS);
