import { InvalidArgumentError } from 'commander';
import { isInvalidInput } from '#lib/errors.ts';
import { type Iban, parseIban } from '#lib/iban.ts';
import {
  type AccountId,
  type BeneficiaryId,
  type Id,
  type IdName,
  type IncomingPaymentId,
  parseTypeId,
  type TransactionId,
  typeIdPrefix,
} from '#lib/ids.ts';
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
/** What the API allows on a page. */
const MAX_LIMIT = 100;

export function parseAccountReference(text: string): AccountReference {
  const id = parseTypeId('account', text);
  if (id !== undefined) return { text, id };
  const iban = parseIban(text);
  if (iban !== undefined) return { text, iban };
  if (/^\d{1,20}$/.test(text)) return { text, number: text };
  throw new InvalidArgumentError('It takes an id (acc_…), an IBAN or an account number.');
}

/** Who is paid, as people name them: an account, or a beneficiary by its id. */
export type PayeeReference =
  | AccountReference
  | { readonly text: string; readonly beneficiaryId: BeneficiaryId };

export function parsePayeeReference(text: string): PayeeReference {
  const beneficiaryId = parseTypeId('beneficiary', text);
  return beneficiaryId === undefined ? parseAccountReference(text) : { text, beneficiaryId };
}

/** A payment to another bank, by its transaction, or one from another bank. */
export type PaymentReference =
  | { readonly outgoing: TransactionId }
  | { readonly incoming: IncomingPaymentId };

export function parsePaymentReference(text: string): PaymentReference {
  const outgoing = parseTypeId('transaction', text);
  if (outgoing !== undefined) return { outgoing };
  const incoming = parseTypeId('incomingPayment', text);
  if (incoming !== undefined) return { incoming };
  throw new InvalidArgumentError('It takes an id (txn_… or inp_…).');
}

export const parseCustomerId = idParser('customer');
export const parseAccountId = idParser('account');
export const parseBeneficiaryId = idParser('beneficiary');
export const parseTransactionId = idParser('transaction');
export const parseHoldId = idParser('hold');
export const parseStandingOrderId = idParser('standingOrder');
export const parseIncomingPaymentId = idParser('incomingPayment');
export const parseLoanId = idParser('loan');
export const parseLoanProductId = idParser('loanProduct');
export const parseUserId = idParser('user');
export const parseApiKeyId = idParser('apiKey');

function idParser<Name extends IdName>(name: Name): (text: string) => Id<Name> {
  return (text) => {
    const id = parseTypeId(name, text);
    if (id === undefined) throw new InvalidArgumentError(`It takes an id (${typeIdPrefix(name)}_…).`);
    return id;
  };
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

/** An instant in milliseconds since 1970. */
export function parseInstantValue(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
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
export function parseLimitText(text: string): string {
  toMinor(text, parseCurrencyValue(MOST_DECIMALS));
  return text;
}

/** Minor units of an amount given on the command line. Throws UsageError `invalid_amount`. */
export function toMinor(text: string, currency: Currency): bigint {
  return asUsage(() => parseAmountOrZero(text, currency));
}

/** What the bank would refuse in any state is wrong usage of the command. */
export function asUsage<Value>(parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (isInvalidInput(error)) throw new UsageError(error.message, error.code);
    throw error;
  }
}

export function parseLimit(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT)
    throw new InvalidArgumentError(`It takes a number from 1 to ${MAX_LIMIT}.`);
  return limit;
}

/** 1 to 255 visible ASCII characters, as the API's header. */
export function parseIdempotencyKey(text: string): string {
  if (!/^[\x21-\x7e]{1,255}$/.test(text)) {
    throw new InvalidArgumentError('It takes 1 to 255 visible ASCII characters.');
  }
  return text;
}

/** Collects `--metadata key=value`, given as often as there are pairs. */
export function collectMetadata(
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
