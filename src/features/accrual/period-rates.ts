import type { Db } from '#db/database.ts';
import type { InterestTerms, Tier } from '#features/interest/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { findRates, loadRates } from './count.ts';
import { findInterestAccounts } from './repository.ts';

const YEAR_DAYS = 365;

/** Days with the same rates. Both dates are included. */
export type PeriodRates = {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly terms: InterestTerms;
  /** With the reference rate and the promotions of these days in them. */
  readonly tiers: readonly Tier[];
  /** Of a deposit for a term, the days of its term; else a year. */
  readonly termDays: number;
};

/**
 * The rates of an account in a period that has begun; none where its terms say nothing about interest. They follow from
 * terms and reference rates, and both stay as they are once their dates have come.
 */
export async function ratesInPeriod(
  db: Db,
  bookId: number,
  accountId: AccountId,
  { from, to }: { readonly from: IsoDate | undefined; readonly to: IsoDate },
): Promise<PeriodRates[]> {
  const [account] = await findInterestAccounts(db, bookId, [accountId], to);
  const found = account && findRates(await loadRates(db, bookId, to), account)?.rates;
  if (account === undefined || found === undefined) return [];
  const { rates, through } = found;
  const { openedOn } = account;
  const last = through !== undefined && through < to ? through : to;
  const termDays = through === undefined ? YEAR_DAYS : daysBetween(openedOn, through) + 1;
  const stretches: PeriodRates[] = [];
  // At most a step for each day.
  for (let day = laterOf(laterOf(from ?? openedOn, openedOn), found.from); day <= last; ) {
    const until = rates.until(day);
    const end = until !== undefined && until < last ? until : last;
    stretches.push({ from: day, to: end, ...rates.on(day), termDays });
    day = addDays(end, 1);
  }
  return stretches;
}
