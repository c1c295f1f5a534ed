import { type Static, Type } from 'typebox';
import { choice, givenText, id, instant, text, whole } from '#http/fields.ts';
import { closedObject, nullable, requestObject, resource } from '#http/schemas.ts';
import { toJournalEntryId, toTypeId } from '#lib/ids.ts';
import { orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { YearState } from '../years/repository.ts';
import { type PeriodState, periodText } from './period.ts';

const CLOSED_BY = 'Who closed or reopened it.';
const CHANGED_AT = 'When it was closed or reopened.';
const WHY = 'Why it was closed or reopened.';
const USER = 'usr_01h455vb4pex5vsknk084sn02q';

const Status = choice(
  'PeriodStatus',
  '`soft_closed`: only managers book in it, by hand. `hard_closed`: nobody does. `open`: it was reopened.',
  ['soft_closed', 'hard_closed', 'open'],
);

export const PeriodSchema = resource('AccountingPeriod', 'A month of the books that was closed.', {
  period: text('The month.', '2026-01'),
  status: Status,
  changedBy: text(CLOSED_BY, USER),
  changedAt: instant(CHANGED_AT),
  reason: nullable(text(WHY, 'All invoices are in')),
});

export const ClosePeriodRequest = requestObject('ClosePeriodRequest', 'How a month is closed.', {
  kind: Type.Optional(
    choice('ClosingKind', '`soft`: managers still book in it by hand. `hard` if not given: nobody does.', [
      'soft',
      'hard',
    ]),
  ),
  reason: Type.Optional(givenText('Why.', 'All invoices are in')),
});

export const ReopenRequest = requestObject('ReopenPeriodRequest', 'Why it is reopened.', {
  reason: givenText('Why.', 'An invoice of January came in March'),
});

export const CloseYearRequest = requestObject('CloseYearRequest', 'Why the year is closed.', {
  reason: Type.Optional(givenText('Why, on its entry too.', 'Accounts of 2025 adopted on 14 March')),
});

export const PeriodParams = closedObject({
  period: text('The month, YYYY-MM.', '2026-01'),
});

export const YearSchema = resource('AccountingYear', 'A year of the books that was closed.', {
  year: whole('The year.', 2025),
  status: choice('YearStatus', 'Whether its result was carried over to retained earnings.', [
    'closed',
    'open',
  ]),
  entry: nullable(id('journalEntry', 'The entry that carried it over; null of a year without a result.')),
  changedBy: text(CLOSED_BY, USER),
  changedAt: instant(CHANGED_AT),
  reason: nullable(text(WHY, 'Accounts of 2025 adopted on 14 March')),
});

export const YearParams = closedObject({ year: text('The year, YYYY.', '2025') });

export function periodView(state: PeriodState): Static<typeof PeriodSchema> {
  const { period, status, actor, changedAtMs, reason } = state;
  return {
    period: periodText(period),
    status,
    changedBy: actor,
    changedAt: toIsoInstant(changedAtMs),
    reason: reason ?? null,
  };
}

export function yearView({
  entryId,
  actor,
  changedAtMs,
  reason,
  ...state
}: YearState): Static<typeof YearSchema> {
  return {
    ...state,
    entry: orNull(entryId, (entry) => toTypeId('journalEntry', toJournalEntryId(entry))),
    changedBy: actor,
    changedAt: toIsoInstant(changedAtMs),
    reason: reason ?? null,
  };
}
