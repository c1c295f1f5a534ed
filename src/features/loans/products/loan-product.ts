import { ledgerError } from '#ledger/errors.ts';
import { checkAll } from '#lib/check-all.ts';
import type { FlorinError } from '#lib/errors.ts';
import type { LoanProductId } from '#lib/ids.ts';
import { cleanLabels, type Labels } from '#lib/labels.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { compareFractions } from '#lib/money/fraction.ts';
import { formatAmount, parseAmount } from '#lib/money/money.ts';
import { cleanText } from '#lib/text.ts';
import { readRate, readTerms, type TermsInput } from '../schedule/read-terms.ts';
import type { LoanTerms } from '../schedule/terms.ts';
import { loanProductError } from './errors.ts';
import {
  fixedTermsOf,
  type ProductConditions,
  readServicingPolicy,
  type ServicingPolicy,
  settledConditions,
} from './product-conditions.ts';
import { checkConditions, type ProductLimits, readLimits } from './product-limits.ts';

/** As long as the names of people. */
export const MAX_NAME_LENGTH = 140;

export type LoanProductState = Labels & {
  readonly id: LoanProductId;
  readonly name: string;
  readonly currency: Currency;
  readonly conditions: ProductConditions;
  readonly createdAtMs: number;
};

/** What a product is made of. */
export type LoanProductRequest = Labels & {
  readonly name: string;
  readonly currency: string;
  readonly conditions: ProductConditions;
};

/** The requested terms of a loan; the product sets everything else. */
export type ProductLoanRequest = Pick<
  TermsInput,
  | 'amount'
  | 'currency'
  | 'instalments'
  | 'disbursedOn'
  | 'scheduleStartsOn'
  | 'firstDueOn'
  | 'gracePrincipal'
  | 'graceInterest'
  | 'rateChanges'
  | 'disbursements'
> & { readonly annualRatePercent?: string | undefined };

/** The terms on which a bank lends: ranges, defaults, and fixed conditions. It never changes. */
export class LoanProduct {
  readonly state: LoanProductState;
  readonly policy: ServicingPolicy;
  readonly #limits: ProductLimits;

  constructor(state: LoanProductState) {
    this.state = state;
    this.policy = readServicingPolicy(state.conditions, state.currency);
    this.#limits = readLimits(state.conditions, state.currency);
  }

  /** Throws 400: `validation_failed`, `invalid_amount`, or the code of contradictory terms; of all fields at once. */
  static define(
    id: LoanProductId,
    { name, currency, conditions, ...given }: LoanProductRequest,
    nowMs: number,
  ): LoanProduct {
    const { labels, ...checked } = checkAll({
      labels: () => cleanLabels(given),
      name: () => cleanText(name, 'name', MAX_NAME_LENGTH),
      currency: () => {
        const known = requireCurrency(currency);
        checkConditions(conditions, known);
        return known;
      },
    });
    return new LoanProduct({
      id,
      ...checked,
      ...labels,
      conditions: settledConditions(conditions),
      createdAtMs: nowMs,
    });
  }

  /**
   * The terms of a loan on this product. Throws 400 as readTerms does, and 422 `currency_mismatch`,
   * `amount_outside_product`, `term_outside_product`, `rate_outside_product` or `grace_outside_product`.
   */
  termsOf(request: ProductLoanRequest): LoanTerms {
    const { conditions, currency } = this.state;
    this.#assertLends(request);
    return readTerms({
      ...fixedTermsOf(conditions),
      ...request,
      currency,
      annualRatePercent: request.annualRatePercent ?? this.#rateFor(request.amount),
      gracePrincipal: request.gracePrincipal ?? conditions.gracePrincipal?.default,
      graceInterest: request.graceInterest ?? conditions.graceInterest?.default,
    });
  }

  /** Throws 422 `term_outside_product`. */
  assertInstalments(count: number): void {
    const { min, max } = this.state.conditions.instalments;
    if (count < min || count > max) throw outside('term', `instalments from ${min} to ${max}`);
  }

  /** Throws 422 `rate_outside_product`. */
  assertRate(text: string): void {
    const rate = readRate(text, 'annualRatePercent');
    const { minRate, maxRate } = this.#limits;
    const { min, max } = this.state.conditions.annualRatePercent;
    if (compareFractions(rate, minRate) < 0 || compareFractions(rate, maxRate) > 0) {
      throw outside('rate', `rates from ${min} % to ${max} %`);
    }
  }

  #assertLends(request: ProductLoanRequest): void {
    const { conditions, currency } = this.state;
    if (requireCurrency(request.currency) !== currency) {
      throw ledgerError('currency_mismatch', { currency });
    }
    this.#assertAmount(request);
    this.assertInstalments(request.instalments);
    const asked = [request, ...(request.rateChanges ?? [])].flatMap((one) => one.annualRatePercent ?? []);
    for (const text of asked) this.assertRate(text);
    for (const name of ['gracePrincipal', 'graceInterest'] as const) {
      const max = conditions[name]?.max ?? 0;
      if ((request[name] ?? 0) > max) throw outside('grace', `a ${name} of at most ${max}`);
    }
  }

  /** The limits apply to the sum of disbursements. */
  #assertAmount({ amount, disbursedOn, disbursements = [] }: ProductLoanRequest): void {
    const { currency } = this.state;
    const { minAmountMinor, maxAmountMinor } = this.#limits;
    const isWhole = disbursements.some(({ on }) => on === disbursedOn);
    let amountMinor = parseAmount(amount, currency);
    for (const [index, one] of (isWhole ? [] : disbursements).entries()) {
      amountMinor += parseAmount(one.amount, currency, `disbursements[${index}].amount`);
    }
    if (amountMinor < minAmountMinor || amountMinor > maxAmountMinor) {
      const [min, max] = [formatAmount(minAmountMinor, currency), formatAmount(maxAmountMinor, currency)];
      throw outside('amount', `from ${min} to ${max} ${currency}`);
    }
  }

  #rateFor(amount: string): string {
    const { conditions, currency } = this.state;
    const amountMinor = parseAmount(amount, currency);
    const row = this.#limits.rates.find(({ fromMinor }) => fromMinor <= amountMinor);
    return row?.annualRatePercent ?? conditions.annualRatePercent.default;
  }
}

function outside(what: 'amount' | 'term' | 'rate' | 'grace', range: string): FlorinError {
  return loanProductError(`${what}_outside_product`, { takes: range });
}
