import type { Currency } from '#lib/money/currencies.ts';
import { convertMinor, type PairRate } from '#lib/money/exchange.ts';

/**
 * What the bank has more in a foreign currency than it owes, by buying and selling it. The book value is what it stands
 * for in the bank's own currency: what was paid for it, and what valuations added.
 */
export type Position = {
  readonly currency: Currency;
  /** In minor units of the currency; below zero for more that is owed. */
  readonly positionMinor: bigint;
  /** In minor units of the bank's currency. */
  readonly bookMinor: bigint;
};

/** What a position is worth at a rate, in minor units of the bank's currency: rounded half to even. */
export function worthOf({ currency, positionMinor }: Position, rate: PairRate): bigint {
  return convertMinor(positionMinor, currency, [rate], 'half_even');
}
