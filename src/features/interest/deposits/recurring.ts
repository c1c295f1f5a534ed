import { addFractions, divideRounded, type Fraction, type RoundingOrCut } from '#lib/money/fraction.ts';
import { type Fixed, ofFixed, powerOf } from '#lib/money/powers.ts';

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
