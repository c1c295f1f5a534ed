/** How the description of a line begins whose interest was earned, and of one whose interest an overdraft cost. */
export const EARNED = 'Interest';
export const CHARGED = 'Overdraft interest';

/**
 * Whether a line of interest is about what was charged. A correction is on the side of what it corrects, whatever its
 * sign. The amount decides for a line from another system, which has other words. Minor units.
 */
export function isOfCharged(description: string | null, amountMinor: bigint): boolean {
  if (description?.startsWith(`${CHARGED}, `)) return true;
  return description?.startsWith(`${EARNED}, `) ? false : amountMinor < 0n;
}
