import { unreachable } from '#lib/assert.ts';
import { divideRounded } from '#lib/money/fraction.ts';
import type { Fee, FeeFacts, PriceTier, Waiver } from './fee.ts';

const MILLION = 1_000_000n;

/** What a fee comes to, in minor units, and why it is nothing where it is. */
export type FeeCharge = {
  readonly feeMinor: bigint;
  readonly taxMinor: bigint;
  readonly totalMinor: bigint;
  /** Why it is not charged: another kind of payment, a free one, or a condition. */
  readonly notCharged: 'payment_type' | 'free' | Waiver['kind'] | undefined;
};

/** The fee of an event or a date. It is rounded once, then held between its minimum and its maximum, then taxed. */
export function chargeFee(fee: Fee, facts: FeeFacts): FeeCharge {
  const notCharged = reasonNotToCharge(fee, facts);
  const feeMinor = notCharged === undefined ? priceOf(fee, facts.amountMinor ?? 0n) : 0n;
  const taxMinor = fee.tax === undefined ? 0n : divideRounded(feeMinor * fee.tax.ppm, MILLION, fee.rounding);
  return { feeMinor, taxMinor, totalMinor: feeMinor + taxMinor, notCharged };
}

function reasonNotToCharge(fee: Fee, facts: FeeFacts): FeeCharge['notCharged'] {
  const { paymentTypes, freeAMonth, waivers } = fee;
  const isOther =
    paymentTypes.length > 0 && (facts.paymentType === undefined || !paymentTypes.includes(facts.paymentType));
  if (isOther) return 'payment_type';
  const waiver = waivers.find((one) => holds(one, facts));
  if (waiver !== undefined) return waiver.kind;
  return (facts.earlierThisMonth ?? 0) < freeAMonth ? 'free' : undefined;
}

function holds(waiver: Waiver, facts: FeeFacts): boolean {
  switch (waiver.kind) {
    case 'lowest_balance':
      return isAtLeast(facts.lowestBalanceMinor, waiver.fromMinor);
    case 'average_balance':
      return isAtLeast(facts.averageBalanceMinor, waiver.fromMinor);
    case 'salary':
      return isAtLeast(facts.salaryMinor, waiver.fromMinor);
    case 'age_below':
      return facts.ageYears !== undefined && facts.ageYears < waiver.years;
    case 'age_from':
      return facts.ageYears !== undefined && facts.ageYears >= waiver.years;
    case 'first_months':
      return facts.monthOfAccount !== undefined && facts.monthOfAccount <= waiver.months;
    default:
      return unreachable(waiver);
  }
}

function isAtLeast(amountMinor: bigint | undefined, fromMinor: bigint): boolean {
  return amountMinor !== undefined && amountMinor >= fromMinor;
}

function priceOf(fee: Fee, amountMinor: bigint): bigint {
  const exact =
    fee.tierMode === 'band' ? bandPrice(fee.tiers, amountMinor) : wholePrice(fee.tiers, amountMinor);
  const price = divideRounded(exact, MILLION, fee.rounding);
  const { minimumMinor, maximumMinor } = fee;
  if (minimumMinor !== undefined && price < minimumMinor) return minimumMinor;
  return maximumMinor !== undefined && price > maximumMinor ? maximumMinor : price;
}

/** In millionths of a minor unit. */
function wholePrice(tiers: readonly PriceTier[], amountMinor: bigint): bigint {
  const tier =
    tiers.find(({ upToMinor }) => upToMinor === undefined || amountMinor <= upToMinor) ?? tiers.at(-1);
  return tier === undefined ? 0n : tier.amountMinor * MILLION + amountMinor * tier.ratePpm;
}

/** Each tier that the amount reaches: its amount, and its percentage on the part within it. */
function bandPrice(tiers: readonly PriceTier[], amountMinor: bigint): bigint {
  let sum = 0n;
  let below = 0n;
  for (const [index, tier] of tiers.entries()) {
    const { upToMinor } = tier;
    const isLast = index === tiers.length - 1 || upToMinor === undefined || amountMinor <= upToMinor;
    const end = isLast ? amountMinor : upToMinor;
    sum += tier.amountMinor * MILLION + (end - below) * tier.ratePpm;
    if (isLast) break;
    below = end;
  }
  return sum;
}
