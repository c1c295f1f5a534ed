import { largePurchases, SHOPPING } from './data.ts';
import type { SeededRandom } from './random.ts';

/** One purchase, or nothing on a Sunday when the shop is closed. Amount in cents. */
export function pickPurchase(
  random: SeededRandom,
  isSunday: boolean,
): { readonly shop: string; readonly amountMinor: bigint } | undefined {
  let ticket = random.between(1, 100);
  for (const { shops, minor, share, onSundays } of SHOPPING) {
    ticket -= share;
    if (ticket > 0) continue;
    if (isSunday && !onSundays) return undefined;
    // A draw below a draw: many small purchases, few large ones.
    return { shop: random.pick(shops), amountMinor: random.amount(minor[0], random.amount(...minor)) };
  }
  return undefined;
}

/** Shops for people with money to spare. */
export function pickLargePurchase(random: SeededRandom): string {
  return random.pick(largePurchases);
}
