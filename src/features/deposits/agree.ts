import {
  chartRate,
  countInstalments,
  type DepositTerms,
  describeTerm,
  instalmentDate,
  MAX_INSTALMENTS,
  maturityDate,
  type Term,
} from '#features/interest/contract.ts';
import { validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { BusinessCalendar } from '#lib/time/business-calendar.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import type { Frequency } from '#lib/time/recurrence.ts';
import { depositError } from './errors.ts';
import type { DepositState, InstalmentPlan } from './state.ts';

/** What is asked for. */
export type Asked = {
  readonly product: string;
  readonly currency: Currency;
  /** Of a recurring deposit, one instalment. */
  readonly amountMinor: bigint;
  readonly term: Term;
  /** How often a recurring deposit is paid into. */
  readonly frequency?: Frequency | undefined;
  readonly openedOn: IsoDate;
};

export type Agreed = Pick<DepositState, 'ratePpm' | 'maturesOn' | 'noticeDueOn' | 'paysInterestOut' | 'plan'>;

/**
 * When a deposit matures: on a day without business moved as its terms say, but never to a day on which it is paid into.
 * Throws 400 `validation_failed` for a term that does not go with its instalments.
 */
export function maturityOf(
  terms: Pick<DepositTerms, 'maturityDay'>,
  asked: Pick<Asked, 'term' | 'openedOn' | 'frequency'>,
  calendar: BusinessCalendar,
): IsoDate {
  const { term, openedOn, frequency } = asked;
  const after =
    frequency === undefined
      ? openedOn
      : instalmentDate({ openedOn, frequency }, countOf({ term, openedOn, frequency }));
  return businessMaturity(terms, { date: maturityDate(openedOn, term), after }, calendar);
}

/** The end of a term, on a day without business moved as the terms say, but to a day after another one. */
export function businessMaturity(
  { maturityDay }: Pick<DepositTerms, 'maturityDay'>,
  { date, after }: { readonly date: IsoDate; readonly after: IsoDate },
  calendar: BusinessCalendar,
): IsoDate {
  if (maturityDay === 'same') return date;
  const moved = maturityDay === 'following' ? calendar.onOrAfter(date) : calendar.onOrBefore(date);
  return moved > after ? moved : calendar.onOrAfter(date);
}

/** When the customer is to be told of a maturity; undefined for no notice. */
export function noticeOf(
  { noticeDays }: Pick<DepositTerms, 'noticeDays'>,
  { openedOn, maturesOn }: Pick<DepositState, 'openedOn' | 'maturesOn'>,
): IsoDate | undefined {
  return noticeDays === undefined ? undefined : laterOf(openedOn, addDays(maturesOn, -noticeDays));
}

/**
 * The contract of a deposit: its rate by the chart, fixed for its term. Throws 422 `deposit_amount_not_offered` and
 * `deposit_term_not_offered`, and 400 `validation_failed` for a term that does not go with its instalments.
 */
export function agree(terms: DepositTerms, asked: Asked, maturesOn: IsoDate): Agreed {
  const { amountMinor, term, product, openedOn } = asked;
  assertAmount(terms, asked);
  const ratePpm = chartRate(terms.chart, term, amountMinor);
  if (ratePpm === undefined) {
    throw depositError('deposit_term_not_offered', { product, term: describeTerm(term) });
  }
  const { interest } = terms;
  const noticeDueOn = noticeOf(terms, { openedOn, maturesOn });
  const paysInterestOut = interest.compounding === 'none' && interest.posting !== 'maturity';
  return { ratePpm, maturesOn, noticeDueOn, paysInterestOut, plan: planOf(asked) };
}

/** The instalments of a recurring deposit; the first is paid as it is opened. */
function planOf({ amountMinor, frequency, term, openedOn }: Asked): InstalmentPlan | undefined {
  if (frequency === undefined) return undefined;
  const count = countOf({ term, openedOn, frequency });
  const nextDueOn = count > 1 ? instalmentDate({ openedOn, frequency }, 2) : undefined;
  return { amountMinor, frequency, count, settled: 1, missed: 0, nextDueOn };
}

function countOf(rhythm: Parameters<typeof countInstalments>[0]): number {
  const { frequency, term } = rhythm;
  if (frequency !== 'weekly' && term.unit !== 'month') {
    throw validationFailed({
      path: 'term.unit',
      message: `must be month where instalments are ${frequency}`,
    });
  }
  const count = countInstalments(rhythm);
  if (count <= MAX_INSTALMENTS) return count;
  throw validationFailed({ path: 'term', message: `has more than ${MAX_INSTALMENTS} instalments` });
}

function assertAmount(
  { minimumMinor, maximumMinor }: DepositTerms,
  { amountMinor, currency, product }: Asked,
): void {
  const isLow = minimumMinor !== undefined && amountMinor < minimumMinor;
  const isHigh = maximumMinor !== undefined && amountMinor > maximumMinor;
  if (!isLow && !isHigh) return;
  const shown = (minor: bigint): string => `${formatAmount(minor, currency)} ${currency}`;
  const bounds = [
    ...(minimumMinor === undefined ? [] : [`at least ${shown(minimumMinor)}`]),
    ...(maximumMinor === undefined ? [] : [`at most ${shown(maximumMinor)}`]),
  ];
  throw depositError('deposit_amount_not_offered', { product, range: bounds.join(' and ') });
}
