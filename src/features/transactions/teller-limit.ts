import type { Caller } from '#lib/caller.ts';
import { currencyDecimals } from '#lib/money/currencies.ts';
import type { Money } from '#lib/money/money.ts';
import { transactionError } from './errors.ts';

/** What a teller may move at once without a manager, in major units of whatever currency: exactly so much passes. */
export const DEFAULT_TELLER_LIMIT_MAJOR = 10_000n;

export const OVER_LIMIT = 'limit_requires_manager';

/** Whether it takes a manager to move so much at once. */
export function isOverLimit({ role }: Caller, limitMajor: bigint, { amountMinor, currency }: Money): boolean {
  return role === 'teller' && amountMinor > limitMajor * 10n ** BigInt(currencyDecimals(currency));
}

/** Throws 403 `limit_requires_manager`. */
export function assertWithinLimit(caller: Caller, limitMajor: bigint, money: Money): void {
  if (!isOverLimit(caller, limitMajor, money)) return;
  throw transactionError(OVER_LIMIT);
}
