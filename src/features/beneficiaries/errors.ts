import { type ErrorTable, errorsOf, type FlorinError, validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { limitExceeded } from '#lib/money/limit-exceeded.ts';
import { formatAmount, type Money } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';

/** What beneficiaries and payments to them may answer. */
export const BENEFICIARY_ERRORS = {
  beneficiary_exists: {
    status: 409,
    message: 'The customer has a beneficiary with this account.',
    action: 'Change the beneficiary that there is.',
  },
  beneficiary_in_use: {
    status: 409,
    message: 'Standing orders pay the beneficiary.',
    action: 'Cancel them, or repeat the call with `cancelOrders=true`: they are cancelled with it, and kept.',
  },
  beneficiary_cooling_off: {
    status: 422,
    message: (values: { readonly until: string; readonly limit: string; readonly left: string }) =>
      `Until ${values.until} the beneficiary may be paid ${values.limit} in all; ${values.left} is left.`,
    meaning: 'The beneficiary is new, and the payment is above what a new one may be paid.',
    action: 'Pay at most what is left, or wait until the instant that the sentence names.',
  },
} as const satisfies ErrorTable;

export const beneficiaryError = errorsOf(BENEFICIARY_ERRORS);

/** 400 for a limit of which nobody can say the currency. */
export function currencyMissing(): FlorinError {
  const message = 'is required with limitPerDay, since the customer has no account to tell it by';
  return validationFailed({ path: 'currency', message });
}

/** 400 for a currency that is not that of the payee's account. */
export function otherCurrency(currency: Currency): FlorinError {
  return validationFailed({ path: 'currency', message: `must be ${currency}, that of the payee’s account` });
}

/** 422: above what a new beneficiary may be paid in all until it is usable. Amounts in minor units. */
export function coolingOff(limit: Money, leftMinor: bigint, usableFromMs: number): FlorinError {
  return beneficiaryError('beneficiary_cooling_off', {
    until: minuteAt(usableFromMs),
    limit: money(limit),
    left: formatAmount(leftMinor > 0n ? leftMinor : 0n, limit.currency),
  });
}

/** 422: above what a beneficiary may be paid on a day. Amounts in minor units. */
export function dayLimitExceeded(limit: Money, leftMinor: bigint): FlorinError {
  return limitExceeded('limitPerDay', limit, leftMinor);
}

const MINUTE_MS = 60_000;

/** The minute that begins at an instant or after it: `2026-01-15T12:00Z`. */
function minuteAt(instantMs: number): string {
  return `${toIsoInstant(Math.ceil(instantMs / MINUTE_MS) * MINUTE_MS).slice(0, 16)}Z`;
}

function money({ amountMinor, currency }: Money): string {
  return `${formatAmount(amountMinor, currency)} ${currency}`;
}
