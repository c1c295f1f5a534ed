import { type DatedBalance, type InterestSegment, runInterest } from '#features/interest/contract.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { type Days, limitOn, periodEnd } from './replay.ts';

/** The segments that make up the interest of days, from the first day of a posting period on: those of `since` and later. */
export function explain(days: Days, since: IsoDate): InterestSegment[] {
  const balances = datedBalances(days, since);
  const segments: InterestSegment[] = [];
  // At most a step for each posting period.
  for (let from = days.from; from <= days.through; ) {
    const end = periodEnd(from, days, days.rates.on(from).terms);
    const to = lastDayOfPeriod(days, from, end);
    const run = runInterest({ balances, rates: days.rates, from, to, openedOn: days.openedOn });
    segments.push(...run.segments);
    from = addDays(to, 1);
  }
  return segments.filter(({ to }) => to >= since);
}

/** Terms that change in a period may move its end. */
function lastDayOfPeriod(days: Days, from: IsoDate, end: IsoDate | undefined): IsoDate {
  let last = end;
  for (let on = from; ; ) {
    const until = days.rates.until(on);
    if (until === undefined || until >= days.through || (last !== undefined && until >= last)) break;
    on = addDays(until, 1);
    last = periodEnd(on, days, days.rates.on(on).terms);
  }
  return last === undefined || last > days.through ? days.through : last;
}

/** Balances with their limits, from each day on which one of them changes, and from `since`: a segment begins there. */
function datedBalances({ balances, limits, from }: Days, since: IsoDate): DatedBalance[] {
  const starts = [
    ...new Set([from, since, ...balances.map((one) => one.from), ...limits.map((one) => one.from)]),
  ];
  return starts.toSorted().map((on) => ({
    from: on,
    balanceMinor: balances.findLast((one) => one.from <= on)?.balanceMinor ?? 0n,
    arrangedLimitMinor: limitOn(limits, on),
  }));
}
