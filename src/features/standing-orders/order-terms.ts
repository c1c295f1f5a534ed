import { checkAll } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import { cleanLabels, type Labels } from '#lib/labels.ts';
import { cleanName, cleanText, optional } from '#lib/text.ts';
import { addYears, type IsoDate } from '#lib/time/dates.ts';
import { anchorOf, dueOnOrAfter, type Every } from '#lib/time/recurrence.ts';
import type { BusinessDays } from './timing.ts';

/** Whoever orders something for later than this has typed a wrong year. */
const MAX_YEARS_AHEAD = 10;

/** What of a new order can be judged without its account and payee. */
export type OrderTerms = Pick<Labels, 'externalId' | 'metadata'> & {
  /** Undefined for an order that is paid once. */
  readonly every: Every | undefined;
  readonly startOn: IsoDate;
  readonly endOn?: IsoDate | undefined;
  readonly dayOfMonth?: number | undefined;
  readonly businessDays?: BusinessDays | undefined;
  readonly toName?: string | undefined;
  readonly description?: string | undefined;
  readonly reference?: string | undefined;
};

/** Throws 400 `validation_failed` as `open` does, with all that is wrong. */
export function checkOrder(order: OrderTerms, today: IsoDate) {
  const { every, startOn } = order;
  const { texts, due } = checkAll({
    start: () => assertStart(startOn, today),
    end: () => assertEnd(order),
    due: () => firstDueDate(order),
    texts: () =>
      checkAll({
        toName: () => optional(order.toName, cleanPayeeName),
        description: () => optional(order.description, (text) => cleanText(text, 'description', 500)),
        reference: () => optional(order.reference, (text) => cleanText(text, 'reference', 140)),
        externalId: () => cleanLabels(order).externalId,
      }),
  });
  const endOn = every === undefined ? due.nextDueOn : order.endOn;
  if (endOn !== undefined && due.nextDueOn > endOn) {
    throw validationFailed({ path: 'endDate', message: `is before the first due date, ${due.nextDueOn}` });
  }
  return { texts, due, endOn };
}

export function cleanPayeeName(text: string): string {
  return cleanName(text, 'toName', 140);
}

type Timing = Pick<OrderTerms, 'every' | 'startOn'> & { readonly dayOfMonth?: number | undefined };

/** When a timing first falls due, and its anchor. Throws 400 for a day of the month that the timing does not take. */
export function firstDueDate({ every, startOn, dayOfMonth }: Timing): {
  anchorDay: number;
  nextDueOn: IsoDate;
} {
  if (dayOfMonth !== undefined && !isByMonth(every)) {
    const kind = every === undefined ? 'an order that is paid once' : `an order by the ${every.unit}`;
    throw validationFailed({ path: 'dayOfMonth', message: `does not belong to ${kind}` });
  }
  if (every === undefined) return { anchorDay: 1, nextDueOn: startOn };
  const anchorDay = dayOfMonth ?? anchorOf(every, startOn);
  return { anchorDay, nextDueOn: dueOnOrAfter({ every, startOn, anchorDay }, startOn) };
}

export function isByMonth(every: Every | undefined): boolean {
  return every?.unit === 'month' || every?.unit === 'year';
}

function assertEnd({ every, startOn, endOn }: OrderTerms): void {
  if (endOn === undefined) return;
  if (every === undefined) {
    throw validationFailed({ path: 'endDate', message: 'does not belong to an order that is paid once' });
  }
  if (endOn < startOn) throw validationFailed({ path: 'endDate', message: 'must not be before the start' });
}

export function assertStart(startOn: IsoDate, today: IsoDate): void {
  if (startOn < today) throw validationFailed({ path: 'startDate', message: 'must not be in the past' });
  if (startOn > addYears(today, MAX_YEARS_AHEAD)) {
    throw validationFailed({ path: 'startDate', message: `must be within ${MAX_YEARS_AHEAD} years` });
  }
}
