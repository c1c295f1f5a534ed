import { addFractions, type Fraction, multiplyFractions, ZERO } from '#lib/money/fraction.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { type Period, partOfYear } from './periods.ts';
import type { LoanTerms } from './terms.ts';

/** The rate after a date, for the interest of the days that follow it. */
type Step = { readonly after: IsoDate; readonly annualRate: Fraction };

/** The exact interest on 1 in the periods of a loan. */
export class Accrual {
  readonly #terms: LoanTerms;
  readonly #steps: readonly Step[];
  readonly #wholePeriods = new Map<Period, Fraction>();

  constructor(terms: LoanTerms) {
    this.#terms = terms;
    const changes = terms.rateChanges.map(({ from, annualRate }) => ({
      after: addDays(from, -1),
      annualRate,
    }));
    this.#steps = [{ after: terms.scheduleStartsOn, annualRate: terms.annualRate }, ...changes];
  }

  /** The interest on 1 between two dates within a period: with several rates, that of each for its days. */
  factor(period: Period, from: IsoDate, to: IsoDate): Fraction {
    let sum = ZERO;
    for (const [index, { after, annualRate }] of this.#steps.entries()) {
      const until = this.#steps[index + 1]?.after ?? to;
      const start = after > from ? after : from;
      const end = until < to ? until : to;
      if (start < end) sum = addFractions(sum, multiplyFractions(annualRate, this.#part(period, start, end)));
    }
    return sum;
  }

  /** The interest on 1 of a whole period at one rate. */
  factorAt(rate: Fraction, period: Period): Fraction {
    return multiplyFractions(rate, this.#part(period, period.startsOn, period.dueOn));
  }

  /** The rate of a period's last day. */
  rateAtEnd({ dueOn }: Period): Fraction {
    return this.#steps.findLast(({ after }) => after < dueOn)?.annualRate ?? this.#terms.annualRate;
  }

  /** Whether another rate begins in a period. */
  changesIn({ startsOn, dueOn }: Period): boolean {
    return this.#steps.some(({ after }, index) => index > 0 && after >= startsOn && after < dueOn);
  }

  #part(period: Period, from: IsoDate, to: IsoDate): Fraction {
    if (from !== period.startsOn || to !== period.dueOn) return partOfYear(period, from, to, this.#terms);
    const known = this.#wholePeriods.get(period) ?? partOfYear(period, from, to, this.#terms);
    this.#wholePeriods.set(period, known);
    return known;
  }
}
