/** Amounts of an account in minor units. */
type Funds = { readonly balanceMinor: bigint; readonly heldMinor: bigint; readonly floorMinor: bigint };

/** How far an account is below its floor, in minor units: an overdraft that nobody arranged. */
export function shortfallMinor({ balanceMinor, heldMinor, floorMinor }: Funds): bigint {
  const availableMinor = balanceMinor - heldMinor;
  return availableMinor < floorMinor ? floorMinor - availableMinor : 0n;
}
