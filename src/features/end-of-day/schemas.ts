import { type Static, Type } from 'typebox';
import { choice, date, instant, list, text, whole } from '#http/fields.ts';
import { pageQuery } from '#http/pagination.ts';
import { nullable, requestObject, resource } from '#http/schemas.ts';
import { orNull } from '#lib/text.ts';
import type { EndOfDayRun } from './repository.ts';
import type { ClosingProgress, EndOfDay } from './service.ts';

export const RunEndOfDayRequest = requestObject('RunEndOfDayRequest', 'Dates to close.', {
  until: Type.Optional(
    date('The last date to close; the open one if not given. What is closed already stays as it is.'),
  ),
});

export const EndOfDaySchema = resource('EndOfDay', 'What a request to close dates came to.', {
  status: choice('EndOfDayStatus', 'Whether it is done, goes on, or was asked to stop on the way.', [
    'completed',
    'running',
    'stopped',
  ]),
  until: date('The last date to close.'),
  businessDate: date('The date that is booked on now.'),
  closedDates: list('The dates that this request closed.', date('A closed date.')),
});

export type EndOfDayView = Static<typeof EndOfDaySchema>;

export function endOfDayView({ until, businessDate, isDone, isStopped, dates }: EndOfDay): EndOfDayView {
  const status = isStopped === true ? 'stopped' : 'running';
  return { status: isDone ? 'completed' : status, until, businessDate, closedDates: [...dates] };
}

export const EndOfDayProgressSchema = resource('EndOfDayProgress', 'What the end of the day is at.', {
  status: choice(
    'EndOfDayProgressStatus',
    'Whether dates are being closed, in whichever process; `stopping` after the date that is under way.',
    ['idle', 'running', 'stopping', 'stopped'],
  ),
  until: nullable(date('The last date that was asked for; null before the first time.')),
  datesLeft: whole('How many dates up to it are not closed.', 3),
  businessDate: date('The date that is booked on now.'),
  closedThrough: nullable(date('The last closed date; null before the first.')),
  startedBy: nullable(text('Who asked for it: a user, an API key or a program.', 'timer')),
  startedAt: nullable(instant('When.')),
  stoppedBy: nullable(text('Who asked to stop it; null if nobody did.', 'usr_01h455vb4pex5vsknk084sn02q')),
});

export function endOfDayProgressView(progress: ClosingProgress): Static<typeof EndOfDayProgressSchema> {
  const { status, closing, businessDate, closedThrough, datesLeft } = progress;
  return {
    status,
    until: closing?.untilOn ?? null,
    datesLeft,
    businessDate,
    closedThrough: closedThrough ?? null,
    startedBy: closing?.actor ?? null,
    startedAt: closing?.startedAt.toISOString() ?? null,
    stoppedBy: closing?.stoppedBy ?? null,
  };
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
