import { type ErrorTable, errorsOf, type FlorinError } from '#lib/errors.ts';
import { formatAmount, type Money } from '#lib/money/money.ts';

/** Refusals of the gate. */
export const AUTHORITY_ERRORS = {
  limit_requires_manager: {
    status: 403,
    message: ({ limit, most }: { readonly limit: LimitOfRole; readonly most: string }) =>
      limit === 'overdraft'
        ? 'An overdraft takes a manager.'
        : `The limit of a teller is ${most} ${limit === 'perDay' ? 'a day' : 'at once'}: above it, it takes a manager.`,
    meaning:
      'The amount is above the limit of a teller in the currency, or the sum of their business date is. Or it is an overdraft.',
    action: 'Have a manager do it.',
  },
  api_key_limit: {
    status: 403,
    message: ({ most }: { readonly most: string }) => `The API key may do up to ${most} at once.`,
    meaning:
      'The amount is above the largest of the API key, or in another currency than that. An atomic batch is one amount: the sum of its items.',
    action: 'Do it with another key, or in smaller parts, each a request of its own.',
  },
  reversal_requires_manager: {
    status: 403,
    message:
      'A teller reverses only what they entered themselves on the same business date: it takes a manager.',
    action: 'Have a manager reverse it.',
  },
} as const satisfies ErrorTable;

export const authorityError = errorsOf(AUTHORITY_ERRORS);

/** 403 `api_key_limit` for an amount above the largest of a key, or in another currency; undefined for any other. */
export function aboveLargest(largest: Money, { amountMinor, currency }: Money): FlorinError | undefined {
  if (amountMinor <= 0n || (currency === largest.currency && amountMinor <= largest.amountMinor))
    return undefined;
  const limitAmount = formatAmount(largest.amountMinor, largest.currency);
  return authorityError('api_key_limit', {
    most: `${limitAmount} ${largest.currency}`,
    members: { limit: 'largestAmount', limitAmount, currency: largest.currency },
  });
}

/** The limits of a role. An overdraft has none: it is nobody's but a manager's. */
export type LimitOfRole = 'perTransaction' | 'perDay' | 'overdraft';

/**
 * 403 `limit_requires_manager`: gives the limit's name, its amount and what is left of it (minor units), for people in
 * the message and for programs as members of the problem.
 */
export function aboveLimit(limit: LimitOfRole, { amountMinor, currency }: Money, leftMinor: bigint) {
  const limitAmount = formatAmount(amountMinor, currency);
  const left = formatAmount(leftMinor > 0n ? leftMinor : 0n, currency);
  return authorityError('limit_requires_manager', {
    limit,
    most: `${limitAmount} ${currency}`,
    members: { limit, limitAmount, left, currency },
  });
}
