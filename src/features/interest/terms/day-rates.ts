import { assert } from '#lib/assert.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { interestError } from '../errors.ts';
import type { DatedRate, DatedTerms, InterestTerms, Promotion, Tier } from './terms.ts';

/** What applies on a day: the terms, with the rates of that day in their tiers. */
export type DayRates = { readonly terms: InterestTerms; readonly tiers: readonly Tier[] };

/** The rates of a day, from the value of the reference rate on it (if the terms have one) and the promotions. */
export function ratesOn(terms: InterestTerms, on: IsoDate, referencePpm?: bigint): DayRates {
  const { reference, tiers } = terms;
  const promotion = terms.promotions.find(({ from, until }) => from <= on && on <= until);
  if (promotion?.ratePpm !== undefined) {
    return { terms, tiers: [{ upToMinor: undefined, ratePpm: promotion.ratePpm }] };
  }
  if (reference !== undefined && referencePpm === undefined) {
    throw interestError('reference_rate_missing', { reference: reference.code, on });
  }
  const added = reference === undefined ? 0n : reference.marginPpm + (referencePpm ?? 0n);
  const margin = added + (promotion?.marginPpm ?? 0n);
  if (margin === 0n) return { terms, tiers };
  return { terms, tiers: tiers.map((tier) => ({ ...tier, ratePpm: tier.ratePpm + margin })) };
}

type Stretch = { readonly from: IsoDate; readonly rates: DayRates };

/** Terms and rates by date: which apply on a day, and until when they do not change. */
export class RatesByDate {
  readonly #stretches: readonly Stretch[];

  /**
   * `terms`, and the values of each reference rate, ascending by date. Throws 422 `reference_rate_missing` for a day from
   * `from` to `to` without a value of the rate that its terms refer to.
   */
  constructor(
    terms: readonly DatedTerms[],
    references: ReadonlyMap<string, readonly DatedRate[]>,
    from: IsoDate,
    to: IsoDate,
  ) {
    const starts = new Set<IsoDate>([from]);
    for (const day of changesOf(terms, references)) if (day > from && day <= to) starts.add(day);
    this.#stretches = [...starts]
      .sort()
      .map((day) => ({ from: day, rates: ratesAt(terms, references, day) }));
  }

  on(day: IsoDate): DayRates {
    const found = this.#stretches[this.#indexOn(day)];
    assert(found !== undefined, 'a day of interest has rates');
    return found.rates;
  }

  /** The last day on which what applies on a day still does; undefined if it never changes. */
  until(day: IsoDate): IsoDate | undefined {
    const next = this.#stretches[this.#indexOn(day) + 1];
    return next === undefined ? undefined : addDays(next.from, -1);
  }

  #indexOn(day: IsoDate): number {
    return this.#stretches.findLastIndex(({ from }) => from <= day);
  }
}

function changesOf(
  terms: readonly DatedTerms[],
  references: ReadonlyMap<string, readonly DatedRate[]>,
): IsoDate[] {
  const promotions = terms.flatMap(({ terms: { promotions: all } }) => all);
  return [
    ...terms.map(({ from }) => from),
    ...[...references.values()].flatMap((values) => values.map(({ from }) => from)),
    ...promotions.flatMap(({ from, until }: Promotion) => [from, addDays(until, 1)]),
  ];
}

function ratesAt(
  terms: readonly DatedTerms[],
  references: ReadonlyMap<string, readonly DatedRate[]>,
  day: IsoDate,
): DayRates {
  const found = terms.findLast(({ from }) => from <= day);
  assert(found !== undefined, 'a day of interest has terms');
  const code = found.terms.reference?.code;
  const values = code === undefined ? [] : (references.get(code) ?? []);
  return ratesOn(found.terms, day, values.findLast(({ from }) => from <= day)?.ratePpm);
}
