import { DEFAULT_TELLER_LIMIT, type RoleLimit } from '#features/authority/contract.ts';
import { currencyDecimals, parseCurrency } from '#lib/money/currencies.ts';

/** A teller's day is worth three transactions of the largest amount, unless it is given. */
const TRANSACTIONS_A_DAY = 3n;

type Variable = 'FLORIN_TELLER_LIMIT' | 'FLORIN_TELLER_DAY_LIMIT';

/**
 * The limit of a teller: major units, with a currency or in euros, and those of a day in the same currency. `wrong`
 * makes the error of a value that is not one.
 */
export function readTellerLimit(
  read: (name: Variable) => string | undefined,
  wrong: (name: Variable, expected: string, value: string) => Error,
): RoleLimit {
  const [value, day] = [read('FLORIN_TELLER_LIMIT'), read('FLORIN_TELLER_DAY_LIMIT')];
  // Twelve digits are as many as an amount may have.
  const [, digits, code = 'EUR'] = /^(0|[1-9]\d{0,11})(?: ([A-Z]{3}))?$/.exec(value ?? '') ?? [];
  const currency = parseCurrency(code);
  if (currency === undefined || (value !== undefined && digits === undefined)) {
    throw wrong('FLORIN_TELLER_LIMIT', 'whole major units with a currency, like 10000 EUR', value ?? '');
  }
  if (day !== undefined && !/^(0|[1-9]\d{0,11})$/.test(day)) {
    throw wrong('FLORIN_TELLER_DAY_LIMIT', 'whole major units, like 30000', day);
  }
  const unit = 10n ** BigInt(currencyDecimals(currency));
  const perTransactionMinor =
    digits === undefined ? DEFAULT_TELLER_LIMIT.perTransactionMinor : BigInt(digits) * unit;
  const perDayMinor = day === undefined ? perTransactionMinor * TRANSACTIONS_A_DAY : BigInt(day) * unit;
  return { currency, perTransactionMinor, perDayMinor };
}
