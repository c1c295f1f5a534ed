import { RefusedError } from '../errors.ts';
import { formatAmount, type Money } from './money.ts';

/**
 * 422 `limit_exceeded`: names the limit, and says what it is and what is left of it (minor units), for people in the
 * sentence and for programs as members of the problem.
 */
export function limitExceeded(
  name: string,
  { amountMinor, currency }: Money,
  leftMinor: bigint,
): RefusedError {
  const limitAmount = formatAmount(amountMinor, currency);
  const left = formatAmount(leftMinor > 0n ? leftMinor : 0n, currency);
  return new RefusedError(
    'limit_exceeded',
    `The limit ${name} is ${limitAmount} ${currency}; ${left} is left.`,
    {
      members: { limit: name, limitAmount, left, currency },
    },
  );
}
