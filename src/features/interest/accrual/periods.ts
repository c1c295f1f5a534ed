import { unreachable } from '#lib/assert.ts';
import { dateParts, daysInMonth, monthsAfter, wholeMonths } from '#lib/time/calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { BasisPeriod, InterestTerms } from '../terms/terms.ts';

type Every = BasisPeriod;
const MONTHS: Readonly<Record<Every, number>> = { monthly: 1, quarterly: 3, yearly: 12 };

type PostingRule = Pick<InterestTerms, 'posting' | 'periodsFrom' | 'postingDay' | 'postingMonth'>;
type Rules = PostingRule & Pick<InterestTerms, 'compounding' | 'basis' | 'basisPeriod'>;

/**
 * The date a number of months later, where the end of a month stays one: 31 January, 28 February, 31 March. A deposit of
 * 28 February that is renewed each month falls due on 31 March (so do those of the banks we read of).
 */
export function monthsKeepingEnd(from: IsoDate, months: number): IsoDate {
  const { year, month, day } = dateParts(from);
  return monthsAfter(from, months, { anchorDay: day === daysInMonth(year, month) ? 31 : day });
}

/** The last day of the period of months that a day lies in, and its first day. Both inclusive. */
export type Period = { readonly from: IsoDate; readonly to: IsoDate };

/**
 * The period that a day lies in: counted from the first day of the account, or ending on the posting day of its month.
 */
export function periodOf(every: Every, on: IsoDate, rule: PostingRule, openedOn: IsoDate): Period {
  const count = MONTHS[every];
  if (rule.periodsFrom === 'opening') return countedPeriod(count, on, openedOn);
  const { month } = dateParts(on);
  const toEnd = (((rule.postingMonth - month) % count) + count) % count;
  const end = endIn(on, toEnd, rule.postingDay);
  if (end < on) return periodEnding(endIn(on, toEnd + count, rule.postingDay), count, rule);
  const earlier = endIn(on, toEnd - count, rule.postingDay);
  return { from: addDays(earlier, 1), to: end };
}

function periodEnding(to: IsoDate, count: number, { postingDay }: PostingRule): Period {
  return { from: addDays(endIn(to, -count, postingDay), 1), to };
}

function endIn(on: IsoDate, months: number, day: number): IsoDate {
  return monthsAfter(on, months, { anchorDay: day });
}

function countedPeriod(count: number, on: IsoDate, openedOn: IsoDate): Period {
  let index = Math.floor(Math.max(0, wholeMonths(openedOn, on)) / count);
  // Months that keep their end may be over a day or three later than others.
  if (monthsKeepingEnd(openedOn, index * count) > on) index -= 1;
  const from = monthsKeepingEnd(openedOn, index * count);
  return { from, to: addDays(monthsKeepingEnd(openedOn, (index + 1) * count), -1) };
}

/** The last day of the posting period that a day lies in; undefined for a deposit that pays at its maturity. */
export function postingDate(on: IsoDate, rule: PostingRule, openedOn: IsoDate): IsoDate | undefined {
  switch (rule.posting) {
    case 'maturity':
      return undefined;
    case 'daily':
      return on;
    case 'monthly':
    case 'quarterly':
    case 'yearly':
      return periodOf(rule.posting, on, rule, openedOn).to;
    default:
      return unreachable(rule.posting);
  }
}

/** The last day of the compounding period that a day lies in; undefined where interest compounds with its posting. */
export function compoundingDate(on: IsoDate, rules: Rules, openedOn: IsoDate): IsoDate | undefined {
  const { compounding } = rules;
  if (compounding === 'daily') return on;
  if (compounding === 'none' || compounding === 'posting') return undefined;
  return periodOf(compounding, on, rules, openedOn).to;
}

/** The last day of the period whose lowest or average balance earns; undefined where posting ends it. */
export function basisDate(on: IsoDate, rules: Rules, openedOn: IsoDate): IsoDate | undefined {
  if (rules.basis === 'end_of_day') return undefined;
  if (rules.basisPeriod !== undefined) return periodOf(rules.basisPeriod, on, rules, openedOn).to;
  return compoundingDate(on, rules, openedOn);
}
