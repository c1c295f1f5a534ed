import { commonError, type FlorinError } from '../errors.ts';
import { formatAmount, type Money } from './money.ts';

/**
 * 422 `limit_exceeded`: gives the limit's name, its amount and what is left of it (minor units), for people in the
 * message and for programs as members of the problem.
 */
export function limitExceeded(
  name: string,
  { amountMinor, currency }: Money,
  leftMinor: bigint,
): FlorinError<'limit_exceeded'> {
  const limitAmount = formatAmount(amountMinor, currency);
  const left = formatAmount(leftMinor > 0n ? leftMinor : 0n, currency);
  return commonError('limit_exceeded', {
    name,
    limit: `${limitAmount} ${currency}`,
    left,
    members: { limit: name, limitAmount, left, currency },
  });
}
