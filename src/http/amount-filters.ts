import { Type } from 'typebox';
import { validationFailed } from '#lib/errors.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { amount, currency } from './fields.ts';

/** The filters of a list by amount: amounts of two currencies are not compared. */
export const amountRange = {
  currency: Type.Optional(currency('In this currency alone; in each if not given.')),
  minAmount: Type.Optional(amount('The least amount; with `currency`.')),
  maxAmount: Type.Optional(amount('The greatest amount; with `currency`.')),
};

type AmountQuery = {
  readonly currency?: string;
  readonly minAmount?: string;
  readonly maxAmount?: string;
};

export type AmountFilter = {
  readonly currency?: Currency | undefined;
  /** Minor units, both included. */
  readonly minAmountMinor?: bigint | undefined;
  readonly maxAmountMinor?: bigint | undefined;
};

/** What a list is narrowed to by amount. Throws 400 `validation_failed` without a currency, or `invalid_amount`. */
export function amountFilterOf({ currency: code, minAmount, maxAmount }: AmountQuery): AmountFilter {
  const known = optional(code, requireCurrency);
  const minor = (text: string, path: string) => parseAmountOrZero(text, requireWith(known, path), path);
  return {
    currency: known,
    minAmountMinor: optional(minAmount, (text) => minor(text, 'minAmount')),
    maxAmountMinor: optional(maxAmount, (text) => minor(text, 'maxAmount')),
  };
}

/** The currency that an amount in a query goes with. Throws 400 `validation_failed` without one. */
export function requireWith(known: Currency | undefined, path: string): Currency {
  if (known === undefined) throw validationFailed({ path: 'currency', message: `is needed with ${path}` });
  return known;
}
