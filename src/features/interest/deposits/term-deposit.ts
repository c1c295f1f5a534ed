import { assert } from '#lib/assert.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { InterestPosting } from '../accrual/posting.ts';
import { type InterestRun, runInterest } from '../accrual/run.ts';
import { RatesByDate } from '../terms/day-rates.ts';
import type { InterestTerms } from '../terms/terms.ts';

/** A deposit for a term, with the terms that it was made with: rates do not change for it. */
export type TermDeposit = {
  readonly principalMinor: bigint;
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
  openedOn,
  maturesOn,
  terms,
}: TermDeposit): DepositResult {
  assert(openedOn < maturesOn, 'a deposit is held a day or longer');
  const run = runInterest({
    balances: [{ from: openedOn, balanceMinor: principalMinor }],
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

/** The same terms at one rate: that of a chart, or what is left of it after a penalty. */
export function atRate(terms: InterestTerms, ratePpm: bigint): InterestTerms {
  return { ...terms, tiers: [{ upToMinor: undefined, ratePpm }], reference: undefined, promotions: [] };
}

function ratesOf(terms: InterestTerms, from: IsoDate, to: IsoDate): RatesByDate {
  return new RatesByDate([{ from, terms }], new Map(), from, to);
}
