import {
  type DatedRate,
  type DatedTerms,
  type InterestTerms,
  type InterestTermsInput,
  RatesByDate,
  readInterestTerms,
} from '#features/interest/contract.ts';
import { interestOf, type ProductInterest, type TermsVersion } from '#features/products/contract.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** The rates of an account by date, from the first day that its terms say anything about interest. */
export type AccountRates = {
  readonly from: IsoDate;
  readonly rates: RatesByDate;
  /** Whether all its terms post on the same days. */
  readonly hasOnePostingRule: boolean;
  /** The last day that bears interest, on whose end all is posted; undefined for none. */
  readonly through: IsoDate | undefined;
};

/** Terms of interest that were agreed with one account, in place of those of its product. */
export type Agreement = {
  /** Its last day. */
  readonly through: IsoDate;
  readonly terms: InterestTermsInput;
  /** Whether it ended with an amount that the contract said: nothing is counted any more. */
  readonly isSettled: boolean;
};

export type ReferenceRates = ReadonlyMap<string, readonly DatedRate[]>;

/** The terms of a product's interest by date, for accounts opened whenever. */
export class ProductRates {
  readonly product: ProductInterest;
  readonly #references: ReferenceRates;
  readonly #through: IsoDate;
  readonly #byVersions = new Map<string, AccountRates | undefined>();

  /** Rates are known through a date. */
  constructor(product: ProductInterest, references: ReferenceRates, through: IsoDate) {
    this.product = product;
    this.#references = references;
    this.#through = through;
  }

  /**
   * The rates of an account that was opened on a date; undefined where its terms never said anything about interest. Throws
   * 422 `reference_rate_missing`.
   */
  of(openedOn: IsoDate): AccountRates | undefined {
    const versions = this.product.versions.filter(
      ({ effectiveFrom, appliesTo }) => appliesTo === 'all_accounts' || effectiveFrom <= openedOn,
    );
    const key = versions.map(({ version }) => version).join(' ');
    if (!this.#byVersions.has(key)) this.#byVersions.set(key, this.#make(versions));
    return this.#byVersions.get(key);
  }

  /** The rates of an account with terms of its own, from the day on which it was opened. */
  agreed(openedOn: IsoDate, { through, terms }: Pick<Agreement, 'through' | 'terms'>): AccountRates {
    const dated = [{ from: openedOn, terms: readInterestTerms(terms, this.product.currency) }];
    const rates = new RatesByDate(dated, new Map(), openedOn, through);
    return { from: openedOn, rates, hasOnePostingRule: true, through };
  }

  #make(versions: readonly TermsVersion[]): AccountRates | undefined {
    const dated = datedTerms(versions, this.product).filter(({ from }) => from <= this.#through);
    const [first] = dated;
    if (first === undefined) return undefined;
    const references = referencesOf(dated, this.#references);
    const rules = dated.map(({ terms }) =>
      [terms.posting, terms.periodsFrom, terms.postingDay, terms.postingMonth].join(' '),
    );
    return {
      from: first.from,
      rates: new RatesByDate(dated, references, first.from, this.#through),
      hasOnePostingRule: new Set(rules).size === 1,
      through: undefined,
    };
  }
}

/** The terms of interest from the first version that has any on; one without ends earning, and posts as before. */
function datedTerms(versions: readonly TermsVersion[], { currency }: ProductInterest): DatedTerms[] {
  const dated: DatedTerms[] = [];
  let last: InterestTerms | undefined;
  for (const { effectiveFrom: from, terms } of versions) {
    const interest = interestOf(terms);
    if (interest !== undefined) last = readInterestTerms(interest, currency);
    else if (last !== undefined) last = withoutInterest(last);
    if (last !== undefined) dated.push({ from, terms: last });
  }
  return dated;
}

function withoutInterest(terms: InterestTerms): InterestTerms {
  const tiers = [{ upToMinor: undefined, ratePpm: 0n }];
  return { ...terms, tiers, reference: undefined, promotions: [], overdraft: undefined };
}

/** Of each reference rate, the values since terms refer to it: no others divide the days into stretches. */
function referencesOf(dated: readonly DatedTerms[], all: ReferenceRates): ReferenceRates {
  const used = new Map<string, readonly DatedRate[]>();
  for (const { from, terms } of dated) {
    const code = terms.reference?.code;
    if (code === undefined || used.has(code)) continue;
    const values = all.get(code) ?? [];
    const first = values.findLastIndex((value) => value.from <= from);
    used.set(code, first < 0 ? values : values.slice(first));
  }
  return used;
}
