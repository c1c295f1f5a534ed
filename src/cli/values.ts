import { InvalidArgumentError } from 'commander';
import { isInvalidInput } from '#lib/errors.ts';
import { type Iban, parseIban } from '#lib/iban.ts';
import { type AccountId, parseTypeId } from '#lib/ids.ts';
import { type Currency, parseCurrency } from '#lib/money/currencies.ts';
import { parseAmount, parseAmountOrZero } from '#lib/money/money.ts';
import { type IsoDate, parseIsoDate } from '#lib/time/dates.ts';
import { UsageError } from './failures.ts';

/** An account as people name it. */
export type AccountReference = { readonly text: string } & (
  | { readonly id: AccountId }
  | { readonly iban: Iban }
  | { readonly number: string }
);

/** No currency has more decimals: an amount that is wrong in this one is wrong in all. */
const MOST_DECIMALS = 'KWD';

export function parseAccountReference(text: string): AccountReference {
  const id = parseTypeId('account', text);
  if (id !== undefined) return { text, id };
  const iban = parseIban(text);
  if (iban !== undefined) return { text, iban };
  if (/^\d{1,30}$/.test(text)) return { text, number: text };
  throw new InvalidArgumentError('It takes an id (acc_…), an IBAN or an account number.');
}

export function parseIbanValue(text: string): Iban {
  const iban = parseIban(text);
  if (iban === undefined) throw new InvalidArgumentError('It takes a valid IBAN.');
  return iban;
}

export function parseDateValue(text: string): IsoDate {
  const date = parseIsoDate(text);
  if (date === undefined) throw new InvalidArgumentError('It takes a date that exists, as YYYY-MM-DD.');
  return date;
}

/** The text of an instant. */
export function parseInstantText(text: string): string {
  try {
    Temporal.Instant.from(text);
    return text;
  } catch {
    throw new InvalidArgumentError('It takes an instant with Z or an offset, like 2026-01-31T12:00:00Z.');
  }
}

export function parseCurrencyValue(text: string): Currency {
  const currency = parseCurrency(text);
  if (currency === undefined) throw new InvalidArgumentError('It takes a currency code like EUR.');
  return currency;
}

/**
 * The text of an amount that is one in some currency; which one is known later. Throws UsageError
 * `invalid_amount`.
 */
export function parseAmountText(text: string): string {
  const currency = parseCurrencyValue(MOST_DECIMALS);
  asUsage(() => parseAmount(text, currency));
  return text;
}

/** As parseAmountText, with zero allowed. */
export function parseAmountOrZeroText(text: string): string {
  const currency = parseCurrencyValue(MOST_DECIMALS);
  asUsage(() => parseAmountOrZero(text, currency));
  return text;
}

/** What the bank would refuse in any state is wrong usage of the command. */
function asUsage<Value>(parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (isInvalidInput(error)) throw new UsageError(error.message, error.code);
    throw error;
  }
}

/** 1 to 255 visible ASCII characters, as the API's header. */
export function parseIdempotencyKey(text: string): string {
  if (!/^[\x21-\x7e]{1,255}$/.test(text)) {
    throw new InvalidArgumentError('It takes 1 to 255 visible ASCII characters.');
  }
  return text;
}

/** Collects `--metadata key=value`, given as often as there are pairs. */
export function collectPair(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('It takes KEY=VALUE.');
  return { ...before, [key]: value };
}

/** Collects an option that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}
