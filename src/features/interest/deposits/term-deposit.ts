import { assert } from '#lib/assert.ts';
import { addDays, type IsoDate, isoDate } from '#lib/time/dates.ts';
import type { InterestPosting } from '../accrual/posting.ts';
import { type DatedBalance, type InterestRun, runInterest } from '../accrual/run.ts';
import { RatesByDate } from '../terms/day-rates.ts';
import type { InterestTerms, Promotion } from '../terms/terms.ts';

/** Later than any deposit; the day after it is a date too. */
export const LAST_DAY = isoDate('9999-12-30');

/** Money that came on a deposit on a day, or that left it: below zero. Minor units. */
export type Flow = { readonly on: IsoDate; readonly amountMinor: bigint };

/** A deposit for a term, with the terms that it was made with: rates do not change for it. */
export type TermDeposit = {
  /** All that was paid in. */
  readonly principalMinor: bigint;
  /** When it was paid in, ascending; all on the first day if absent. */
  readonly flows?: readonly Flow[] | undefined;
  readonly openedOn: IsoDate;
  readonly maturesOn: IsoDate;
  readonly terms: InterestTerms;
};

export type DepositResult = {
  readonly postings: readonly InterestPosting[];
  /** All interest, before and after tax. */
  readonly interestMinor: bigint;
  readonly taxMinor: bigint;
  /** What is paid out at the end: with the interest that was added on the way, without what was paid out before. */
  readonly payoutMinor: bigint;
  readonly run: InterestRun;
};

/**
 * A deposit held to its maturity. Interest is posted as its terms say, in periods from its first day, and the rest on the
 * last: added to the deposit, or paid out where it never compounds.
 */
export function depositAtMaturity({
  principalMinor,
  flows = [],
  openedOn,
  maturesOn,
  terms,
}: TermDeposit): DepositResult {
  assert(openedOn < maturesOn, 'a deposit is held a day or longer');
  const whole = [{ from: openedOn, balanceMinor: principalMinor }];
  const run = runInterest({
    balances: flows.length === 0 ? whole : balancesOf(flows),
    rates: ratesOf(terms, openedOn, maturesOn),
    from: openedOn,
    to: addDays(maturesOn, -1),
    closes: true,
  });
  const { postings } = run;
  const total = (of: (posting: InterestPosting) => bigint): bigint =>
    postings.reduce((sum, posting) => sum + of(posting), 0n);
  // What never compounds was paid out, but for the last posting.
  const paid = terms.compounding === 'none' ? postings.slice(0, -1) : [];
  return {
    postings,
    interestMinor: total(({ creditMinor }) => creditMinor),
    taxMinor: total(({ taxMinor }) => taxMinor),
    payoutMinor:
      principalMinor + total(({ netMinor }) => netMinor) - paid.reduce((sum, one) => sum + one.netMinor, 0n),
    run,
  };
}

/** The balance after each day of flows. */
function balancesOf(flows: readonly Flow[]): DatedBalance[] {
  const balances: DatedBalance[] = [];
  let balanceMinor = 0n;
  for (const { on, amountMinor } of flows) {
    balanceMinor += amountMinor;
    if (balances.at(-1)?.from === on) balances.pop();
    balances.push({ from: on, balanceMinor });
  }
  return balances;
}

/** The same terms at one rate: that of a chart, or what is left of it after a penalty. */
export function atRate(terms: InterestTerms, ratePpm: bigint): InterestTerms {
  return { ...terms, tiers: [{ upToMinor: undefined, ratePpm }], reference: undefined, promotions: [] };
}

/** The same terms with other rates from some days on, ascending; the last of them stays. */
export function withRatesFrom(
  terms: InterestTerms,
  changes: readonly { readonly from: IsoDate; readonly ratePpm: bigint }[],
): InterestTerms {
  const promotions = changes.flatMap(({ from, ratePpm }, index): Promotion[] => {
    const next = changes[index + 1]?.from;
    // Two of a day: the later one counts.
    if (next === from) return [];
    return [{ from, until: next === undefined ? LAST_DAY : addDays(next, -1), ratePpm }];
  });
  return { ...terms, promotions };
}

function ratesOf(terms: InterestTerms, from: IsoDate, to: IsoDate): RatesByDate {
  return new RatesByDate([{ from, terms }], new Map(), from, to);
}
