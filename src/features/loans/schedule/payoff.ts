import { assert } from '#lib/assert.ts';
import { roundFraction } from '#lib/money/fraction.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { Accrual } from './accrual.ts';
import { interestOn } from './instalment.ts';
import { netOutlays } from './repayment.ts';
import { computeInstalments } from './schedule.ts';
import type { Disbursement, LoanTerms } from './terms.ts';

/** The payoff amount of a loan on a date, in minor units. */
export type Payoff = { readonly principalMinor: bigint; readonly interestMinor: bigint };

/**
 * The debt at the end of a date, from the first disbursement on, if every instalment due by then was paid as agreed. It
 * is the outstanding principal, the interest since the last due date, rounded once, and interest deferred by a grace
 * period.
 */
export function payoffOn(terms: LoanTerms, on: IsoDate): Payoff {
  assert(on >= terms.disbursedOn, 'a loan is paid off after its disbursement');
  const { downPaymentMinor, instalments } = computeInstalments(terms);
  const paid = instalments.filter(({ period }) => period.dueOn <= on);
  const period = instalments[paid.length]?.period;
  if (period === undefined) return { principalMinor: 0n, interestMinor: 0n };
  const outlays = netOutlays(terms, downPaymentMinor).filter((one) => one.on <= on);
  const repaidMinor = sumOf(paid, ({ principalMinor }) => principalMinor);
  const isFlat = terms.method === 'flat';
  const bearing: readonly Disbursement[] = isFlat ? terms.disbursements : outlays;
  const before = bearing.filter((one) => one.on < period.startsOn);
  const baseMinor = sumOf(before, ({ amountMinor }) => amountMinor) - (isFlat ? 0n : repaidMinor);
  const accrual = new Accrual(terms);
  const additions = bearing
    .filter((one) => one.on >= period.startsOn && one.on <= on)
    .map((one) => ({ amountMinor: one.amountMinor, factor: accrual.factor(period, one.on, on) }));
  const interest = interestOn(baseMinor, accrual.factor(period, period.startsOn, on), additions);
  const carriedMinor = terms.carriedInterestMinor ?? 0n;
  const deferredMinor =
    carriedMinor + sumOf(paid, ({ earnedMinor, interestMinor }) => earnedMinor - interestMinor);
  return {
    principalMinor: sumOf(outlays, ({ amountMinor }) => amountMinor) - repaidMinor,
    interestMinor: roundFraction(interest, terms.rounding) + deferredMinor,
  };
}

function sumOf<Item>(items: readonly Item[], amountOf: (item: Item) => bigint): bigint {
  return items.reduce((sum, item) => sum + amountOf(item), 0n);
}
