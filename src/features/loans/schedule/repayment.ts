import { addFractions, type Fraction, roundFraction, ZERO } from '#lib/money/fraction.ts';
import { Accrual } from './accrual.ts';
import { scheduleError } from './errors.ts';
import { type Annuity, interestOn, nudge, roundToMultiple, solveInstalment } from './instalment.ts';
import { type Period, payableOn } from './periods.ts';
import type { Disbursement, LoanTerms } from './terms.ts';

/** An instalment before fees, and the interest earned in its period, due with it or later. */
export type Repaid = {
  readonly period: Period;
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
  readonly earnedMinor: bigint;
  readonly outstandingMinor: bigint;
};

/** The inputs of one instalment: a balance, and the disbursements within its period. */
type Step = {
  readonly index: number;
  readonly period: Period;
  readonly openingMinor: bigint;
  readonly additions: Annuity['additions'];
  readonly factor: Fraction;
  /** The opening balance plus additions. */
  readonly owedMinor: bigint;
  readonly interestMinor: bigint;
};

/** The disbursements that stay paid out: the first without the part repaid at once. */
export function netOutlays({ disbursements }: LoanTerms, downPaymentMinor: bigint): Disbursement[] {
  return disbursements.map(({ on, amountMinor }, index) => ({
    on,
    amountMinor: index === 0 ? amountMinor - downPaymentMinor : amountMinor,
  }));
}

/** The instalments of a loan one by one, computed from an instalment or a part of the principal. */
export class Repayment {
  readonly #terms: LoanTerms;
  readonly #periods: readonly Period[];
  readonly #accrual: Accrual;
  readonly #outlays: readonly Disbursement[];
  readonly #flatInterest: readonly bigint[];
  #outstandingMinor = 0n;
  #deferredMinor = 0n;
  /** For an annuity, until a new rate or a disbursement changes it. */
  #instalmentMinor: bigint | undefined;
  /** For equal parts of the principal. */
  #part: Fraction | undefined;

  constructor(terms: LoanTerms, periods: readonly Period[], downPaymentMinor: bigint) {
    this.#terms = terms;
    this.#periods = periods;
    this.#accrual = new Accrual(terms);
    this.#outlays = netOutlays(terms, downPaymentMinor);
    this.#deferredMinor = terms.carriedInterestMinor ?? 0n;
    this.#flatInterest = terms.method === 'flat' ? this.#computeFlatInterest() : [];
  }

  run(): Repaid[] {
    return this.#periods.map((period, index) => this.#repay(this.#stepAt(index, period)));
  }

  #stepAt(index: number, period: Period): Step {
    const openingMinor = this.#outstandingMinor;
    const additions = this.#additionsIn(period, this.#outlays);
    const factor = this.#accrual.factor(period, period.startsOn, period.dueOn);
    let owedMinor = openingMinor;
    for (const { amountMinor } of additions) owedMinor += amountMinor;
    const interestMinor =
      this.#flatInterest[index] ??
      roundFraction(interestOn(openingMinor, factor, additions), this.#terms.rounding);
    return { index, period, openingMinor, additions, factor, owedMinor, interestMinor };
  }

  #repay(step: Step): Repaid {
    const { index, period, owedMinor, interestMinor: earnedMinor } = step;
    const principalMinor = this.#principalOf(step);
    // A loan may be repaid before its grace period ends: then nothing is deferred beyond its last instalment.
    const isDeferred = index < this.#terms.graceInterest && principalMinor < owedMinor;
    const interestMinor = isDeferred ? 0n : earnedMinor + this.#deferredMinor;
    this.#deferredMinor = isDeferred ? this.#deferredMinor + earnedMinor : 0n;
    this.#outstandingMinor = owedMinor - principalMinor;
    let outstandingMinor = this.#outstandingMinor;
    for (const { on, amountMinor } of this.#outlays)
      if (on === payableOn(period)) outstandingMinor += amountMinor;
    return { period, principalMinor, interestMinor, earnedMinor, outstandingMinor };
  }

  #principalOf(step: Step): bigint {
    const { index, owedMinor } = step;
    const { method, gracePrincipal, instalments } = this.#terms;
    if (index === instalments - 1) return owedMinor;
    if (index < gracePrincipal || method === 'bullet' || owedMinor === 0n) return 0n;
    const principalMinor = method === 'annuity' ? this.#annuityPrincipal(step) : this.#equalPrincipal(step);
    // Instalments rounded up repay a small or very long loan early; the remaining ones are zero.
    if (principalMinor > owedMinor) return owedMinor;
    return principalMinor;
  }

  /** The principal part of the instalment. One that does not cover its interest pays only interest. */
  #annuityPrincipal(step: Step): bigint {
    const { period, additions, interestMinor } = step;
    const isStale = additions.length > 0 || this.#accrual.changesIn(period);
    if (isStale) this.#instalmentMinor = undefined;
    const instalmentMinor = this.#terms.keptInstalmentMinor ?? this.#instalmentMinor ?? this.#solve(step);
    if (instalmentMinor === 0n) throw this.#unrepayable();
    const covers = instalmentMinor >= interestMinor;
    // A long first period may earn more: the later instalments are then computed again.
    this.#instalmentMinor = covers ? instalmentMinor : undefined;
    return covers ? instalmentMinor - interestMinor : 0n;
  }

  #solve({ index, openingMinor, additions, factor, interestMinor, period }: Step): bigint {
    const { rounding, instalmentMultipleMinor, oneCentNudge } = this.#terms;
    const rate = this.#accrual.rateAtEnd(period);
    const later = this.#periods.slice(index + 1).map((one) => this.#accrual.factorAt(rate, one));
    const annuity = { openingMinor, additions, factors: [factor, ...later] };
    const exact = solveInstalment(annuity);
    const roundedMinor = roundToMultiple(exact, instalmentMultipleMinor, rounding);
    const wouldCover = exact.numerator >= interestMinor * exact.denominator;
    if (wouldCover && roundedMinor < interestMinor) throw this.#unrepayable();
    return oneCentNudge ? nudge(annuity, roundedMinor, rounding) : roundedMinor;
  }

  /** Equal parts of the debt when the first is due, computed again after each disbursement; or the part that is kept. */
  #equalPrincipal({ index, additions, owedMinor, interestMinor }: Step): bigint {
    const { instalments, rounding, instalmentMultipleMinor, keptPartMinor } = this.#terms;
    if (additions.length > 0) this.#part = undefined;
    this.#part ??=
      keptPartMinor === undefined
        ? { numerator: owedMinor, denominator: BigInt(instalments - index) }
        : { numerator: keptPartMinor, denominator: 1n };
    const principalMinor =
      instalmentMultipleMinor === 1n
        ? roundFraction(this.#part, rounding)
        : roundToMultiple(plus(this.#part, interestMinor), instalmentMultipleMinor, rounding) - interestMinor;
    if (principalMinor <= 0n) throw this.#unrepayable();
    return principalMinor;
  }

  /**
   * Interest on all disbursements until the end. Each period's is rounded, never beyond the rounded total; the last
   * takes the rest.
   */
  #computeFlatInterest(): bigint[] {
    const { rounding, disbursements } = this.#terms;
    let lentMinor = 0n;
    let exact = ZERO;
    const rounded = this.#periods.map((period) => {
      const additions = this.#additionsIn(period, disbursements);
      const factor = this.#accrual.factor(period, period.startsOn, period.dueOn);
      const interest = interestOn(lentMinor, factor, additions);
      for (const { amountMinor } of additions) lentMinor += amountMinor;
      exact = addFractions(exact, interest);
      return roundFraction(interest, rounding);
    });
    let leftMinor = roundFraction(exact, rounding);
    return rounded.map((interestMinor, index) => {
      const isLast = index === rounded.length - 1;
      const takenMinor = isLast || interestMinor > leftMinor ? leftMinor : interestMinor;
      leftMinor -= takenMinor;
      return takenMinor;
    });
  }

  #additionsIn(period: Period, outlays: readonly Disbursement[]): Annuity['additions'] {
    const { startsOn, dueOn } = period;
    const before = this.#periods[this.#periods.indexOf(period) - 1];
    // What is paid out or left over while a moved due date is waited for belongs to the instalment that is next.
    const opensOn = before === undefined ? outlays[0]?.on : payableOn(before);
    return outlays
      .filter(({ on }) => (opensOn === undefined || on >= opensOn) && on < payableOn(period))
      .map(({ on, amountMinor }) => {
        const [, from = on] = [on, startsOn].toSorted();
        return { amountMinor, factor: from < dueOn ? this.#accrual.factor(period, from, dueOn) : ZERO };
      });
  }

  #unrepayable() {
    const isCoarse = this.#terms.instalmentMultipleMinor > 1n;
    return scheduleError(isCoarse ? 'instalment_multiple_too_coarse' : 'amount_too_small');
  }
}

function plus({ numerator, denominator }: Fraction, amountMinor: bigint): Fraction {
  return { numerator: numerator + amountMinor * denominator, denominator };
}
