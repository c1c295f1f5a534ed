import {
  chartRate,
  type DepositTerms,
  describeTerm,
  maturityDate,
  type Term,
} from '#features/interest/contract.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { BusinessCalendar } from '#lib/time/business-calendar.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { depositError } from './errors.ts';
import type { DepositState } from './state.ts';

/** What is asked for. */
export type Asked = {
  readonly product: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly term: Term;
  readonly openedOn: IsoDate;
};

export type Agreed = Pick<DepositState, 'ratePpm' | 'maturesOn' | 'noticeDueOn' | 'paysInterestOut'>;

/** When a deposit matures, on a day without business moved as its terms say, but never to the day it is made. */
export function maturityOf(
  { maturityDay }: Pick<DepositTerms, 'maturityDay'>,
  { term, openedOn }: Pick<Asked, 'term' | 'openedOn'>,
  calendar: BusinessCalendar,
): IsoDate {
  const date = maturityDate(openedOn, term);
  if (maturityDay === 'same') return date;
  const moved = maturityDay === 'following' ? calendar.onOrAfter(date) : calendar.onOrBefore(date);
  return moved > openedOn ? moved : calendar.onOrAfter(date);
}

/**
 * The contract of a deposit: its rate by the chart, fixed for its term. Throws 422 `deposit_amount_not_offered` and
 * `deposit_term_not_offered`.
 */
export function agree(terms: DepositTerms, asked: Asked, maturesOn: IsoDate): Agreed {
  const { amountMinor, term, product, openedOn } = asked;
  assertAmount(terms, asked);
  const ratePpm = chartRate(terms.chart, term, amountMinor);
  if (ratePpm === undefined) {
    throw depositError('deposit_term_not_offered', { product, term: describeTerm(term) });
  }
  const { noticeDays, interest } = terms;
  const noticeDueOn =
    noticeDays === undefined ? undefined : laterOf(openedOn, addDays(maturesOn, -noticeDays));
  const paysInterestOut = interest.compounding === 'none' && interest.posting !== 'maturity';
  return { ratePpm, maturesOn, noticeDueOn, paysInterestOut };
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
