import {
  type AccrualState,
  accrueUntil,
  type InterestTerms,
  postInterest,
  postingDate,
  type RatesByDate,
  startAccrual,
  type TaxedPart,
} from '#features/interest/contract.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { isExempt, type TaxExemption } from './exemptions/exemption.ts';

/** A balance by value date, from the end of a day on. Minor units. */
export type BalanceFrom = { readonly from: IsoDate; readonly balanceMinor: bigint };
/** An overdraft limit, from the end of a day on. Minor units. */
export type LimitFrom = { readonly from: IsoDate; readonly limitMinor: bigint };

/** The sums of a posting, in minor units: earned, and owed on overdrafts. */
export type PostedSums = {
  readonly creditMinor: bigint;
  readonly arrangedMinor: bigint;
  readonly unarrangedMinor: bigint;
  readonly tax: readonly TaxedPart[];
};

/** What is posted, or was, of the period from a day to a day, both included. */
export type PeriodPosting = PostedSums & { readonly from: IsoDate; readonly to: IsoDate };

export type PlannedPosting = PeriodPosting & {
  /** Whether something was posted of the period before: this is the difference. */
  readonly isCorrection: boolean;
  /** From when on it counts in the balance. */
  readonly valueDate: IsoDate;
};

/** The days of an account to be counted again, from the first day of a posting period on. */
export type Days = {
  readonly rates: RatesByDate;
  readonly openedOn: IsoDate;
  readonly from: IsoDate;
  readonly through: IsoDate;
  /** Ascending; days before the first have a balance of zero. */
  readonly balances: readonly BalanceFrom[];
  /** Ascending; the first holds before its day too. */
  readonly limits: readonly LimitFrom[];
  /** What was posted of these days. */
  readonly posted: readonly PeriodPosting[];
  /** Whether the last day ends the period: the account is closed after it. */
  readonly isLast?: boolean;
  /** When what is posted bears no tax. */
  readonly exemptions?: readonly TaxExemption[];
  /** The first date that no closed accounting period holds. */
  readonly openFrom?: IsoDate | undefined;
};

export type Replay = { readonly state: AccrualState; readonly postings: readonly PlannedPosting[] };

/**
 * Counts days again: what they come to, and what is to be posted of each period that ended, beyond what was. A difference
 * counts from its value date on, as the posting itself does, so that later periods have it in their balance.
 */
export function replay(days: Days): Replay {
  const { rates, openedOn, through, isLast = false } = days;
  const postings: PlannedPosting[] = [];
  let state = startAccrual(openedOn, days.from);
  // At most a step for each day.
  while (state.nextOn <= through) {
    const on = state.nextOn;
    const day = rates.on(on);
    const postingOn = periodEnd(on, days, day.terms);
    const end = earliest(
      through,
      postingOn,
      rates.until(on),
      lastDayOf(days.balances, on),
      lastDayOf(days.limits, on),
      lastDayOf(
        postings.map(({ valueDate: from }) => ({ from })),
        on,
      ),
    );
    const balanceMinor =
      (days.balances.findLast(({ from }) => from <= on)?.balanceMinor ?? 0n) + addedMinor(postings, on);
    state = accrueUntil(state, end, { balanceMinor, arrangedLimitMinor: limitOn(days.limits, on) }, day);
    if (end !== postingOn && !(isLast && end === through)) continue;
    const posted = postInterest(state, taxedTerms(day.terms, days.exemptions ?? [], end));
    ({ state } = posted);
    const { from, on: to } = posted.posting;
    const planned = beyond({ ...posted.posting, from, to }, days);
    if (planned !== undefined) postings.push(planned);
  }
  return { state, postings };
}

/** The terms for what is posted of a period that ends on a day: without a tax where it is exempt. */
export function taxedTerms(
  terms: InterestTerms,
  exemptions: readonly TaxExemption[],
  on: IsoDate,
): InterestTerms {
  return isExempt(exemptions, on) ? { ...terms, tax: [] } : terms;
}

/**
 * The value date of a posting: the day after its period, or the first open date where that is in an accounting period that
 * is closed.
 */
export function valueDateOf({ to }: Pick<PeriodPosting, 'to'>, openFrom: IsoDate | undefined): IsoDate {
  return laterOf(addDays(to, 1), openFrom ?? to);
}

/** The last day of the posting period that a day lies in: by the terms, or where something was posted before that. */
export function periodEnd(
  on: IsoDate,
  { openedOn, posted }: Pick<Days, 'openedOn' | 'posted'>,
  terms: InterestTerms,
): IsoDate | undefined {
  const byTerms = postingDate(on, terms, openedOn);
  const ends = posted.map(({ to }) => to).filter((to) => to >= on && (byTerms === undefined || to < byTerms));
  return ends.toSorted()[0] ?? byTerms;
}

/** The limit at the end of a day. */
export function limitOn(limits: readonly LimitFrom[], on: IsoDate): bigint {
  return (limits.findLast(({ from }) => from <= on) ?? limits[0])?.limitMinor ?? 0n;
}

/** What postings add to the balance of a day. */
function addedMinor(postings: readonly PlannedPosting[], on: IsoDate): bigint {
  return postings.reduce((sum, one) => (one.valueDate <= on ? sum + netMinor(one) : sum), 0n);
}

/** What the account gains by a posting; below zero, loses. */
function netMinor(sums: PostedSums): bigint {
  return sums.creditMinor - debitMinor(sums) - taxMinor(sums);
}

export function debitMinor({ arrangedMinor, unarrangedMinor }: Omit<PostedSums, 'tax'>): bigint {
  return arrangedMinor + unarrangedMinor;
}

export function taxMinor({ tax }: Pick<PostedSums, 'tax'>): bigint {
  return tax.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

/** Whether anything is posted at all. */
export function hasAmounts({ creditMinor, arrangedMinor, unarrangedMinor, tax }: PostedSums): boolean {
  return [creditMinor, arrangedMinor, unarrangedMinor, ...tax.map(({ amountMinor }) => amountMinor)].some(
    (one) => one !== 0n,
  );
}

/** What a period should have come to, less what was posted of it; undefined for nothing. */
function beyond(
  due: PeriodPosting,
  { posted, openFrom }: Pick<Days, 'posted' | 'openFrom'>,
): PlannedPosting | undefined {
  const before = posted.filter(({ to }) => to === due.to);
  const less = (of: (sums: PostedSums) => bigint): bigint =>
    before.reduce((rest, one) => rest - of(one), of(due));
  const names = new Set([due, ...before].flatMap(({ tax }) => tax.map(({ name }) => name)));
  const partOf = (name: string) => (sums: PostedSums) =>
    sums.tax.filter((part) => part.name === name).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const sums = {
    creditMinor: less(({ creditMinor }) => creditMinor),
    arrangedMinor: less(({ arrangedMinor }) => arrangedMinor),
    unarrangedMinor: less(({ unarrangedMinor }) => unarrangedMinor),
    tax: [...names].map((name) => ({ name, amountMinor: less(partOf(name)) })),
  };
  if (!hasAmounts(sums)) return undefined;
  const valueDate = valueDateOf(due, openFrom);
  return { from: due.from, to: due.to, ...sums, isCorrection: before.length > 0, valueDate };
}

/** The last day before the next change; undefined if nothing changes any more. */
function lastDayOf(changes: readonly { readonly from: IsoDate }[], on: IsoDate): IsoDate | undefined {
  const next = changes.find(({ from }) => from > on);
  return next === undefined ? undefined : addDays(next.from, -1);
}

function earliest(first: IsoDate, ...others: readonly (IsoDate | undefined)[]): IsoDate {
  return others.reduce<IsoDate>((least, one) => (one !== undefined && one < least ? one : least), first);
}
