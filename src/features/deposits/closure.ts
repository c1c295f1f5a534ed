import type { PostedInterest } from '#features/accrual/contract.ts';
import {
  atRate,
  chartRate,
  closeEarly,
  type DepositTerms,
  type EarlyClosureResult,
  type Flow,
  heldTerm,
  rateAfterMissed,
  type TaxedPart,
  taxOn,
} from '#features/interest/contract.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { depositError } from './errors.ts';
import type { ClosureFigures } from './event.ts';
import type { DepositState } from './state.ts';

export type Closure = EarlyClosureResult & {
  /** Interest that was posted before, whether it stayed on the account or was paid out. */
  readonly postedMinor: bigint;
  /** What the account gets for it, and the tax on that: below zero, what it gives back. */
  readonly settled: PostedInterest;
  readonly settledTaxMinor: bigint;
};

/** What was posted before a deposit is closed, and whether what is posted then bears no tax. */
export type Before = { readonly posted: PostedInterest; readonly isExempt: boolean };

/**
 * What closing a deposit on a day comes to. The interest of the days held is counted from the first one by the terms of
 * closing, and compared to what was posted: the difference is settled at once. Interest that stayed on the account can be
 * taken back whole; what was paid out comes out of the principal, if the terms say so. The tax of what is taken back is
 * given back, as far as it was withheld. The contract’s rate is what missed instalments left of it. Throws 422 `early_closure_not_agreed`.
 */
export function closureOf(
  deposit: Pick<
    DepositState,
    'principalMinor' | 'ratePpm' | 'openedOn' | 'term' | 'paysInterestOut' | 'plan'
  > & { readonly flows: readonly Flow[] },
  terms: DepositTerms,
  { posted, isExempt }: Before,
  closedOn: IsoDate,
): Closure {
  const { earlyClosure: closure, interest, chart } = terms;
  if (closure === undefined) throw depositError('early_closure_not_agreed');
  const { principalMinor, flows, openedOn, paysInterestOut, plan } = deposit;
  const { missedRateCutPpm } = terms.instalments;
  const bookedPpm = rateAfterMissed(deposit.ratePpm, missedRateCutPpm, plan?.missed ?? 0);
  const held = heldTerm(deposit.term.unit, openedOn, closedOn);
  const result = closeEarly({
    principalMinor,
    flows,
    openedOn,
    maturesOn: closedOn,
    closedOn,
    bookedPpm,
    closure,
    terms: atRate(interest, bookedPpm),
    heldTermPpm: held === undefined ? undefined : chartRate(chart, held, plan?.amountMinor ?? principalMinor),
    paidMinor: paysInterestOut ? posted.creditMinor : 0n,
  });
  const stayedMinor = paysInterestOut ? 0n : posted.creditMinor;
  const creditMinor = result.payoutMinor - principalMinor - stayedMinor;
  const tax =
    creditMinor >= 0n
      ? taxOn(isExempt ? 0n : creditMinor, interest.tax)
      : givenBack(-creditMinor, terms, posted.tax);
  return {
    ...result,
    postedMinor: posted.creditMinor,
    settled: { creditMinor, tax },
    settledTaxMinor: tax.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
  };
}

/** The tax of interest that is taken back, part by part, at most what was withheld. */
function givenBack(
  takenMinor: bigint,
  { interest }: DepositTerms,
  withheld: readonly TaxedPart[],
): TaxedPart[] {
  return taxOn(takenMinor, interest.tax).map(({ name, amountMinor }) => {
    const before = withheld.find((part) => part.name === name)?.amountMinor ?? 0n;
    return { name, amountMinor: amountMinor < before ? -amountMinor : -before };
  });
}

/** The same as an event keeps it. */
export function figuresOf(closure: Closure, isExempt: boolean): ClosureFigures {
  return {
    isExempt,
    ratePpm: String(closure.ratePpm),
    interestMinor: String(closure.interestMinor),
    forfeitedMinor: String(closure.forfeitedMinor),
    penaltyMinor: String(closure.penaltyMinor),
    recoveredMinor: String(closure.recoveredMinor),
    postedMinor: String(closure.postedMinor),
    settledMinor: String(closure.settled.creditMinor),
    tax: Object.fromEntries(closure.settled.tax.map(({ name, amountMinor }) => [name, String(amountMinor)])),
  };
}
