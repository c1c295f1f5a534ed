import { violatedUnique } from '#db/postgres-error.ts';
import { ConflictError, type FlorinError, RefusedError, validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { limitExceeded } from '#lib/money/limit-exceeded.ts';
import { formatAmount, type Money } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';

/** 409 `beneficiary_exists` when the database refused the same payee twice; else the error itself. */
export function asBeneficiaryError(error: unknown): unknown {
  if (violatedUnique(error) !== 'beneficiaries_payee_once') return error;
  return new ConflictError('beneficiary_exists', 'The customer has a beneficiary with this IBAN.', {
    fields: [{ path: 'iban', message: 'belongs to another beneficiary' }],
  });
}

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
  return new RefusedError(
    'beneficiary_cooling_off',
    `Until ${minuteAt(usableFromMs)} the beneficiary may be paid ${money(limit)} in all; ${left(limit, leftMinor)}.`,
  );
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

function left({ currency }: Money, leftMinor: bigint): string {
  return `${formatAmount(leftMinor > 0n ? leftMinor : 0n, currency)} is left`;
}

function money({ amountMinor, currency }: Money): string {
  return `${formatAmount(amountMinor, currency)} ${currency}`;
}
