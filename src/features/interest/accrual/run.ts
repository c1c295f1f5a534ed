import { dateParts } from '#lib/time/calendar.ts';
import { addDays, type IsoDate, isoDate } from '#lib/time/dates.ts';
import type { DayRates, RatesByDate } from '../terms/day-rates.ts';
import type { InterestTerms } from '../terms/terms.ts';
import { accrueStretch, accrueUntil, type DayBalance } from './accrue.ts';
import { compound } from './compounding.ts';
import { basisDate, compoundingDate, postingDate } from './periods.ts';
import { type InterestPosting, postInterest } from './posting.ts';
import { basisSegments, daySegment, type InterestSegment } from './segments.ts';
import { type AccrualState, startAccrual } from './state.ts';

/** The balance at the end of a date and of those after it, until the next. */
export type DatedBalance = DayBalance & { readonly from: IsoDate };

/** Balances without the interest that the run posts, ascending by date. Days before the first have a balance of zero. */
export type InterestInput = {
  readonly balances: readonly DatedBalance[];
  readonly rates: RatesByDate;
  /** The first and the last day whose balance counts. */
  readonly from: IsoDate;
  readonly to: IsoDate;
  /** Where a deposit with a maturity counts its periods from; `from` if not given. */
  readonly openedOn?: IsoDate;
  /** Whether what has accrued on the last day is posted, because the account is closed. */
  readonly closes?: boolean;
  /** How much interest bears no tax, in all of the run. */
  readonly exemptMinor?: bigint;
};

export type InterestRun = {
  readonly segments: readonly InterestSegment[];
  readonly postings: readonly InterestPosting[];
  /** What has accrued since the last posting. */
  readonly state: AccrualState;
};

/**
 * The interest of some days: the segments it comes from, what is posted, and what is left accrued. A deposit that pays at
 * its maturity posts on the last day. Unless the terms never compound, what is posted is part of later balances.
 */
export function runInterest(input: InterestInput): InterestRun {
  const { from, to, rates, openedOn = from } = input;
  const segments: InterestSegment[] = [];
  const postings: InterestPosting[] = [];
  const balances = new BalanceReader(input.balances);
  let exemptMinor = input.exemptMinor ?? 0n;
  let state = startAccrual(openedOn, from);
  // At most a step for each day.
  while (state.nextOn <= to) {
    const day = rates.on(state.nextOn);
    const balance = balances.on(state.nextOn);
    const end = stretchEnd(state, input, balances.until(state.nextOn));
    const stretch = accrue(state, end, balance, day, isLastOfBasis(state, end, input));
    segments.push(...stretch.segments);
    state = stretch.state;
    if (!isPosted(end, input, day.terms, openedOn)) continue;
    const posted = postInterest(state, day.terms, exemptMinor);
    postings.push(posted.posting);
    const { creditMinor, netMinor } = posted.posting;
    if (creditMinor > 0n) exemptMinor -= creditMinor < exemptMinor ? creditMinor : exemptMinor;
    if (day.terms.compounding !== 'none') balances.add(netMinor);
    state = posted.state;
  }
  return { segments, postings, state };
}

/** The days up to one, with their segments: of the basis's period only where it ends. */
function accrue(
  state: AccrualState,
  end: IsoDate,
  balance: DayBalance,
  day: DayRates,
  isLast: boolean,
): { readonly state: AccrualState; readonly segments: readonly InterestSegment[] } {
  if (day.terms.basis === 'end_of_day') {
    const after = accrueUntil(state, end, balance, day);
    return { state: after, segments: [daySegment(state, after, balance, day)] };
  }
  const after = accrueStretch(state, end, balance, day);
  const overdrawn = balance.balanceMinor < 0n ? [daySegment(state, after, balance, day)] : [];
  const segments = isLast ? [...overdrawn, ...basisSegments(after, end)] : overdrawn;
  return { state: compound(after, end, day), segments };
}

/** The last day of one balance and one set of rates, without the end of a period before it. */
function stretchEnd(
  { nextOn, openedOn }: AccrualState,
  { rates, to }: InterestInput,
  changes?: IsoDate,
): IsoDate {
  const { terms } = rates.on(nextOn);
  const ends = [
    changes,
    rates.until(nextOn),
    postingDate(nextOn, terms, openedOn),
    basisDate(nextOn, terms, openedOn),
  ];
  // Interest that compounds daily would make a segment of each day.
  if (terms.compounding !== 'daily') ends.push(compoundingDate(nextOn, terms, openedOn));
  // Days of a leap year are other parts of it.
  if (terms.dayCount === 'actual/actual') ends.push(isoDate(`${dateParts(nextOn).year}-12-31`));
  return ends.reduce<IsoDate>((first, end) => (end !== undefined && end < first ? end : first), to);
}

function isLastOfBasis({ openedOn }: AccrualState, end: IsoDate, input: InterestInput): boolean {
  const { terms } = input.rates.on(end);
  return basisDate(end, terms, openedOn) === end || isPosted(end, input, terms, openedOn) || end === input.to;
}

function isPosted(
  end: IsoDate,
  { to, closes }: InterestInput,
  terms: InterestTerms,
  openedOn: IsoDate,
): boolean {
  if (closes === true && end === to) return true;
  return terms.posting === 'maturity' ? end === to : postingDate(end, terms, openedOn) === end;
}

/** Balances by date, with what was posted on top. */
class BalanceReader {
  readonly #balances: readonly DatedBalance[];
  #index = 0;
  #postedMinor = 0n;

  constructor(balances: readonly DatedBalance[]) {
    this.#balances = balances;
  }

  /** What was posted is part of every later balance. */
  add(amountMinor: bigint): void {
    this.#postedMinor += amountMinor;
  }

  /** Days are asked for in their order. */
  on(day: IsoDate): DayBalance {
    const { balanceMinor = 0n, arrangedLimitMinor = 0n } = this.#at(day) ?? {};
    return { balanceMinor: balanceMinor + this.#postedMinor, arrangedLimitMinor };
  }

  /** The last day of a day's balance; undefined if it is the last balance. */
  until(day: IsoDate): IsoDate | undefined {
    const found = this.#at(day);
    const next = found === undefined ? this.#balances[0] : this.#balances[this.#index + 1];
    return next === undefined ? undefined : addDays(next.from, -1);
  }

  #at(day: IsoDate): DatedBalance | undefined {
    while ((this.#balances[this.#index + 1]?.from ?? '9999-12-31') <= day) this.#index += 1;
    const found = this.#balances[this.#index];
    return found !== undefined && found.from <= day ? found : undefined;
  }
}
