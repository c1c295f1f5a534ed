import { addFractions, divideRounded, type Fraction, type RoundingOrCut } from '#lib/money/fraction.ts';
import { type Fixed, ofFixed, powerOf } from '#lib/money/powers.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { monthsKeepingEnd } from '../accrual/periods.ts';
import { type DatedBalance, type InterestRun, runInterest } from '../accrual/run.ts';
import { RatesByDate } from '../terms/day-rates.ts';
import type { InterestTerms } from '../terms/terms.ts';

/**
 * Price lists of recurring deposits count whole quarters. `each_payment`: each payment compounds by itself, for as many
 * quarters as it is held, parts of them by powers. `simple_in_quarter`: the three payments of a quarter earn simple
 * interest to its end. The first is the formula of the Indian Banks' Association.
 */
export type RecurringFormula = 'each_payment' | 'simple_in_quarter';

/** Equal payments at the beginning of months, of a deposit that compounds by quarters. */
export type RecurringPlan = {
  readonly monthlyMinor: bigint;
  readonly months: number;
  readonly ratePpm: bigint;
  readonly formula: RecurringFormula;
  readonly rounding: RoundingOrCut;
};

/** What the payments come to at the end, in minor units, if none is missed. */
export function recurringMaturity({
  monthlyMinor,
  months,
  ratePpm,
  formula,
  rounding,
}: RecurringPlan): bigint {
  let growth: Fixed = 0n;
  for (let held = months; held > 0; held--) {
    growth += formula === 'each_payment' ? quarterlyGrowth(ratePpm, held) : simpleInQuarter(ratePpm, held);
  }
  const { numerator, denominator } = ofFixed(growth);
  return divideRounded(monthlyMinor * numerator, denominator, rounding);
}

/** What 1 becomes in some months at a rate that compounds by quarters. */
export function quarterlyGrowth(ratePpm: bigint, months: number): Fixed {
  return powerOf(quarterOf(ratePpm), { numerator: BigInt(months), denominator: 3n });
}

function simpleInQuarter(ratePpm: bigint, months: number): Fixed {
  const grown = powerOf(quarterOf(ratePpm), { numerator: BigInt(Math.floor(months / 3)), denominator: 1n });
  const simple = BigInt(months % 3) * ratePpm;
  return grown + divideRounded(grown * simple, 12n * 1_000_000n, 'half_even');
}

function quarterOf(ratePpm: bigint): Fraction {
  return addFractions({ numerator: 1n, denominator: 1n }, { numerator: ratePpm, denominator: 4_000_000n });
}

/** A payment as it came. */
export type Payment = { readonly on: IsoDate; readonly amountMinor: bigint };

/** The same by its days: each payment earns from the day it came, and one that was missed earns nothing. */
export function recurringByDays(
  terms: InterestTerms,
  payments: readonly Payment[],
  openedOn: IsoDate,
  maturesOn: IsoDate,
): InterestRun {
  const balances: DatedBalance[] = [];
  let balanceMinor = 0n;
  for (const { on, amountMinor } of payments) {
    balanceMinor += amountMinor;
    if (balances.at(-1)?.from === on) balances.pop();
    balances.push({ from: on, balanceMinor });
  }
  return runInterest({
    balances,
    rates: new RatesByDate([{ from: openedOn, terms }], new Map(), openedOn, maturesOn),
    from: openedOn,
    to: addDays(maturesOn, -1),
    closes: true,
  });
}

/** An instalment of a recurring deposit: when it was due and when it was paid in full. */
export type RecurringInstalment = {
  readonly number: number;
  readonly dueOn: IsoDate;
  readonly paidOn: IsoDate | undefined;
  /** Whether it was not paid by the end of the day on which it was due. */
  readonly wasMissed: boolean;
};

/**
 * The instalments that were due by a date, in order. A payment pays the oldest one first. `payments` ascend by date; what
 * came after the date does not count.
 */
export function instalmentsDue(
  plan: Pick<RecurringPlan, 'monthlyMinor' | 'months'>,
  openedOn: IsoDate,
  payments: readonly Payment[],
  on: IsoDate,
): RecurringInstalment[] {
  const dues = Array.from({ length: plan.months }, (_, index) => monthsKeepingEnd(openedOn, index));
  return dues
    .filter((dueOn) => dueOn <= on)
    .map((dueOn, index) => {
      const paidOn = dayOfSum(payments, plan.monthlyMinor * BigInt(index + 1), on);
      return { number: index + 1, dueOn, paidOn, wasMissed: isMissed(paidOn, dueOn, on) };
    });
}

/** The day on which payments first came to an amount. */
function dayOfSum(payments: readonly Payment[], amountMinor: bigint, on: IsoDate): IsoDate | undefined {
  let sum = 0n;
  return payments.find((payment) => {
    sum += payment.amountMinor;
    return payment.on <= on && sum >= amountMinor;
  })?.on;
}

function isMissed(paidOn: IsoDate | undefined, dueOn: IsoDate, on: IsoDate): boolean {
  return paidOn === undefined ? dueOn < on : paidOn > dueOn;
}
