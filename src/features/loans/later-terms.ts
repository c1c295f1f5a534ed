import { isRefusal } from '#lib/errors.ts';
import { type Fraction, ZERO } from '#lib/money/fraction.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { PrepaymentStrategy } from './event.ts';
import { contradiction } from './schedule/errors.ts';
import { dueDatesUpTo } from './schedule/periods.ts';
import { assertTermLength, MAX_INSTALMENTS } from './schedule/read-terms.ts';
import { computeInstalments } from './schedule/schedule.ts';
import type { LoanTerms } from './schedule/terms.ts';

/** The remainder of a loan on a date, beyond everything due by then. Minor units. */
export type Remainder = {
  readonly on: IsoDate;
  /** Principal that is not due yet. */
  readonly principalMinor: bigint;
  /** Interest earned and not due yet. */
  readonly carriedInterestMinor: bigint;
};

/** The terms of a remainder if nothing else changes: with the same due dates. */
function continueTerms(
  terms: LoanTerms,
  { on, principalMinor, carriedInterestMinor }: Remainder,
  rules: number,
): LoanTerms {
  const skippedInstalments = dueDatesUpTo(terms, on);
  const passed = skippedInstalments - (terms.skippedInstalments ?? 0);
  const downPayments = terms.downPayment.numerator > 0n ? 1 : 0;
  return {
    ...terms,
    disbursements: [{ on, amountMinor: principalMinor }],
    disbursedOn: on,
    instalments: Math.max(1, terms.instalments - passed),
    gracePrincipal: Math.max(0, terms.gracePrincipal - passed),
    graceInterest: Math.max(0, terms.graceInterest - passed),
    downPayment: ZERO,
    fees: terms.fees.filter(({ kind }) => kind === 'instalment'),
    keptInstalmentMinor: undefined,
    keptPartMinor: undefined,
    skippedInstalments,
    carriedInterestMinor,
    ...sinceRules2(rules),
    // No row falls due after the last one, however much time passes.
    firstNumber:
      (terms.firstNumber ?? 1) + downPayments + (rules >= 2 ? Math.min(passed, terms.instalments) : passed),
  };
}

/**
 * The terms after part of the principal was repaid early. `lower_instalment` keeps the last due date. `shorten_term`
 * keeps the instalment (for equal principal, the principal part) and ends sooner. A bullet loan keeps the one due date
 * of its principal either way.
 */
export function termsAfterPrepayment(
  terms: LoanTerms,
  remainder: Remainder,
  strategy: PrepaymentStrategy,
  rules: number,
): LoanTerms {
  const next = continueTerms(terms, remainder, rules);
  if (strategy === 'lower_instalment' || terms.method === 'bullet') return fitted(next);
  const passed = (next.skippedInstalments ?? 0) - (terms.skippedInstalments ?? 0);
  const kept = rules >= 2 ? terms.keptPartMinor : undefined;
  const parts = { isKept: rules >= 2, partMinor: kept };
  return fitted(shortened(next, computeInstalments(terms).instalments.slice(passed), parts));
}

/** The number of instalments of the old size that repay it. */
function shortened(
  next: LoanTerms,
  before: readonly { readonly principalMinor: bigint; readonly earnedMinor: bigint }[],
  parts: { readonly isKept: boolean; readonly partMinor: bigint | undefined },
): LoanTerms {
  const regular = before.find(({ principalMinor }) => principalMinor > 0n);
  const amountMinor = next.disbursements[0]?.amountMinor ?? 0n;
  if (regular === undefined || amountMinor === 0n) return next;
  const { principalMinor, earnedMinor } = regular;
  if (next.method === 'annuity') {
    const kept = { ...next, keptInstalmentMinor: next.keptInstalmentMinor ?? principalMinor + earnedMinor };
    const { instalments } = computeInstalments(kept);
    const last = instalments.findIndex(({ outstandingMinor }) => outstandingMinor === 0n);
    return { ...kept, instalments: atLeast(next, last + 1) };
  }
  const partMinor = parts.partMinor ?? principalMinor;
  const count = Number((amountMinor + partMinor - 1n) / partMinor);
  const instalments = Math.min(next.instalments, atLeast(next, next.gracePrincipal + count));
  return { ...next, instalments, ...(parts.isKept ? { keptPartMinor: partMinor } : {}) };
}

/** Interest deferred by a grace period falls due with the first instalment after it. */
function atLeast({ graceInterest }: LoanTerms, instalments: number): number {
  return Math.max(instalments, graceInterest + 1);
}

/** The remainder may be too small for that number of instalments: then it is repaid with fewer, down to one. */
function fitted(terms: LoanTerms): LoanTerms {
  const grace = Math.max(terms.gracePrincipal, terms.graceInterest);
  for (let paying = terms.instalments - grace; ; paying = Math.floor(paying / 2)) {
    const candidate = { ...terms, instalments: grace + paying };
    try {
      computeInstalments(candidate);
      return candidate;
    } catch (error) {
      if (!isRefusal(error) || paying <= 1) throw error;
    }
  }
}

/** What terms say since the second rules. */
export function sinceRules2(rules: number): Pick<LoanTerms, 'nothingIsFree'> {
  return rules >= 2 ? { nothingIsFree: true } : {};
}

/** The terms that a reschedule changes; the rate applies from the day after it. */
export type TermsChange = {
  readonly annualRate?: Fraction | undefined;
  readonly instalments?: number | undefined;
  readonly holidayInstalments?: number | undefined;
};

/**
 * The terms of the remainder after a reschedule. Throws 400 `term_too_long` or `grace_too_long`, and 422
 * `amount_too_small` or `instalment_multiple_too_coarse` for terms without a schedule.
 */
export function rescheduledTerms(
  terms: LoanTerms,
  remainder: Remainder,
  change: TermsChange,
  rules: number,
): LoanTerms {
  const next = continueTerms(terms, remainder, rules);
  const { annualRate, holidayInstalments = 0 } = change;
  const { on } = remainder;
  const rateChanges =
    annualRate === undefined
      ? next.rateChanges
      : [...next.rateChanges.filter(({ from }) => from <= on), { from: addDays(on, 1), annualRate }];
  const changed = {
    ...next,
    rateChanges,
    instalments: (change.instalments ?? next.instalments) + holidayInstalments,
    gracePrincipal: next.gracePrincipal + holidayInstalments,
    graceInterest: next.graceInterest + holidayInstalments,
  };
  if (changed.instalments > MAX_INSTALMENTS) throw contradiction('term_too_long');
  if (Math.max(changed.gracePrincipal, changed.graceInterest) >= changed.instalments) {
    throw contradiction('grace_too_long', 'instalments');
  }
  assertTermLength(changed);
  computeInstalments(changed);
  return changed;
}
