import { checkAll, checkEach } from '#lib/check-all.ts';
import { type FlorinError, validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { compareFractions, type Fraction } from '#lib/money/fraction.ts';
import { parseAmount, parseBound } from '#lib/money/money.ts';
import { readRate, readTerms } from '../schedule/read-terms.ts';
import { fixedTermsOf, type ProductConditions, readServicingPolicy } from './product-conditions.ts';

/** The limits of the amount and the rate. */
export type ProductLimits = {
  readonly minAmountMinor: bigint;
  readonly maxAmountMinor: bigint;
  readonly minRate: Fraction;
  readonly maxRate: Fraction;
  /** Descending by amount; the last is the default, from zero on. */
  readonly rates: readonly { readonly fromMinor: bigint; readonly annualRatePercent: string }[];
};

/** Throws 400 for an empty range, a rate outside its range, or a table that names an amount twice. */
export function readLimits(conditions: ProductConditions, currency: Currency): ProductLimits {
  const { amount, annualRatePercent } = conditions;
  const { min, max, minRate, maxRate, table } = checkAll({
    min: () => parseAmount(amount.min, currency, 'amount.min'),
    max: () => parseBound(amount.max, currency, 'amount.max'),
    minRate: () => readRate(annualRatePercent.min, 'annualRatePercent.min'),
    maxRate: () => readRate(annualRatePercent.max, 'annualRatePercent.max'),
    table: () => readRateTable(conditions, currency),
  });
  const isAllowed = ({ rate }: Rated): boolean =>
    compareFractions(rate, minRate) >= 0 && compareFractions(rate, maxRate) <= 0;
  const message = 'must lie from annualRatePercent.min to annualRatePercent.max';
  const amounts = new Set(table.map(({ fromMinor }) => fromMinor));
  checkAll({
    amounts: () => forbid(min > max, emptyRange('amount.max')),
    rates: () => {
      forbid(compareFractions(minRate, maxRate) > 0, emptyRange('annualRatePercent.max'));
      checkEach(table, (row) => forbid(!isAllowed(row), validationFailed({ path: row.path, message })));
    },
    twice: () =>
      forbid(
        amounts.size < table.length,
        validationFailed({ path: 'rateTable', message: 'must not name an amount twice' }),
      ),
  });
  const rates = table.toSorted((left, right) => (left.fromMinor > right.fromMinor ? -1 : 1));
  return { minAmountMinor: min, maxAmountMinor: max, minRate, maxRate, rates };
}

type Rated = ProductLimits['rates'][number] & { readonly rate: Fraction; readonly path: string };

/** The rates by the amount lent, and the default last, which is for any amount. */
function readRateTable(
  { annualRatePercent, rateTable = [] }: ProductConditions,
  currency: Currency,
): Rated[] {
  const rows = rateTable.map((row, index) => ({ ...row, path: `rateTable[${index}]` }));
  const rates = checkEach(rows, ({ amountFrom, annualRatePercent: text, path }) => {
    const { fromMinor, rate } = checkAll({
      fromMinor: () => parseBound(amountFrom, currency, `${path}.amountFrom`),
      rate: () => readRate(text, `${path}.annualRatePercent`),
    });
    return { fromMinor, rate, annualRatePercent: text, path: `${path}.annualRatePercent` };
  });
  const text = annualRatePercent.default;
  const path = 'annualRatePercent.default';
  return [...rates, { fromMinor: 0n, rate: readRate(text, path), annualRatePercent: text, path }];
}

/** Throws 400 for what is wrong with conditions, all of it: the shortest and the longest loan must have consistent terms. */
export function checkConditions(conditions: ProductConditions, currency: Currency): void {
  const { instalments, gracePrincipal, graceInterest } = conditions;
  const hasDays = conditions.every?.unit === 'day';
  const isMoved = (conditions.dueDates ?? 'same') !== 'same';
  const isEmpty = (grace: ProductConditions['gracePrincipal']): boolean =>
    (grace?.default ?? 0) > (grace?.max ?? 0);
  checkAll({
    limits: () => readLimits(conditions, currency),
    policy: () => readServicingPolicy(conditions, currency),
    instalments: () => forbid(instalments.min > instalments.max, emptyRange('instalments.max')),
    dueDates: () =>
      forbid(
        isMoved && hasDays,
        validationFailed({ path: 'dueDates', message: 'does not move instalments of days' }),
      ),
    gracePrincipal: () => forbid(isEmpty(gracePrincipal), emptyRange('gracePrincipal.max')),
    graceInterest: () => forbid(isEmpty(graceInterest), emptyRange('graceInterest.max')),
  });
  checkAll({
    shortest: () => checkTerms(conditions, currency, instalments.min),
    longest: () => checkTerms(conditions, currency, instalments.max),
  });
}

function checkTerms(conditions: ProductConditions, currency: Currency, instalments: number): void {
  const { amount, annualRatePercent, gracePrincipal, graceInterest } = conditions;
  readTerms({
    ...fixedTermsOf(conditions),
    amount: amount.max,
    currency,
    annualRatePercent: annualRatePercent.default,
    instalments,
    gracePrincipal: gracePrincipal?.default,
    graceInterest: graceInterest?.default,
    // Any day will do: the check is whether the terms are consistent.
    disbursedOn: '2000-01-01',
  });
}

function forbid(isSo: boolean, refusal: FlorinError): void {
  if (isSo) throw refusal;
}

function emptyRange(path: string): FlorinError {
  return validationFailed({ path, message: 'must not be below what the range begins with' });
}
