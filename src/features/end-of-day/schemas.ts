import { type Static, Type } from 'typebox';
import { choice, date, instant, list, text, whole } from '#http/fields.ts';
import { pageQuery } from '#http/pagination.ts';
import { nullable, requestObject, resource } from '#http/schemas.ts';
import { orNull } from '#lib/text.ts';
import type { EndOfDayRun } from './repository.ts';
import type { EndOfDay } from './service.ts';

export const RunEndOfDayRequest = requestObject('RunEndOfDayRequest', 'Dates to close.', {
  until: Type.Optional(
    date('The last date to close; the open one if not given. What is closed already stays as it is.'),
  ),
});

export const EndOfDaySchema = resource('EndOfDay', 'What a request to close dates came to.', {
  status: choice('EndOfDayStatus', 'Whether it is done, or goes on.', ['completed', 'running']),
  until: date('The last date to close.'),
  businessDate: date('The date that is booked on now.'),
  closedDates: list('The dates that this request closed.', date('A closed date.')),
});

export type EndOfDayView = Static<typeof EndOfDaySchema>;

export function endOfDayView({ until, businessDate, isDone, dates }: EndOfDay): EndOfDayView {
  return { status: isDone ? 'completed' : 'running', until, businessDate, closedDates: [...dates] };
}

const Step = resource('EndOfDayStep', 'A step of an end of day.', {
  number: whole('Its place in the order.', 1),
  name: text('The name.', 'standing-orders'),
  status: choice('EndOfDayStepStatus', 'How far it is.', ['pending', 'running', 'completed']),
  processed: whole('How many things it has handled.', 1200),
  counts: Type.Unsafe<Record<string, number>>({
    type: 'object',
    description: 'How many, by outcome.',
    examples: [{ paid: 1180, retrying: 20 }],
    additionalProperties: { type: 'integer' },
  }),
  completedAt: nullable(instant('When it was completed; null before.')),
});

export const EndOfDayRunSchema = resource('EndOfDayRun', 'The end of a date.', {
  businessDate: date('The date.'),
  status: choice('EndOfDayRunStatus', 'How far it is.', ['running', 'failed', 'completed']),
  actor: text('Who started it: a user, an API key or a program.', 'scheduler'),
  startedAt: instant('When it started.'),
  completedAt: nullable(instant('When it was completed; null before.')),
  failure: nullable(
    resource('EndOfDayFailure', 'Why it stopped.', {
      code: text('The code of the problem.', 'trial_balance_broken'),
      message: text('What happened, for a person.', 'The trial balance is uneven.'),
    }),
  ),
  steps: list('Its steps, in order.', Step),
});
export type RunView = Static<typeof EndOfDayRunSchema>;

export function runView({ startedAt, completedAt, failure, steps, ...run }: EndOfDayRun): RunView {
  return {
    ...run,
    startedAt: startedAt.toISOString(),
    completedAt: completedAt?.toISOString() ?? null,
    failure: orNull(failure, (known) => ({ ...known })),
    steps: steps.map((step) => ({
      ...step,
      counts: { ...step.counts },
      completedAt: step.completedAt?.toISOString() ?? null,
    })),
  };
}

export const ListRunsQuery = pageQuery({
  from: Type.Optional(date('The first date.')),
  to: Type.Optional(date('The last date.')),
});
