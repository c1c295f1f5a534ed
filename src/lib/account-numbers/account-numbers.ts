import { type Iban, ibanOf } from '../iban.ts';
import { IBAN_COUNTRIES } from './iban-countries.ts';
import type { NationalForm } from './national-form.ts';
import { OTHER_COUNTRIES } from './other-countries.ts';

const FORMS: ReadonlyMap<string, NationalForm> = new Map(
  Object.entries({ ...IBAN_COUNTRIES, ...OTHER_COUNTRIES }),
);

/** Why the account numbers of some countries cannot be given out by counting. */
const UNKNOWN_BECAUSE: ReadonlyMap<string, string> = new Map([
  ['IS', 'an account number there holds the national id of its owner'],
  ['MU', 'an account number there holds its currency'],
  ['SC', 'an account number there holds its currency'],
  ['SE', 'the check digits there are a matter of each bank'],
]);

/** The form of a country's account numbers; undefined where it is not known. */
export function findNationalForm(country: string): NationalForm | undefined {
  return FORMS.get(country);
}

/** The countries whose account numbers are known, in the order of their codes. */
export function knownCountries(): string[] {
  return [...FORMS.keys()].toSorted();
}

/** Why the form of a country's account numbers is not known, for a message. */
export function whyUnknown(country: string): string {
  return UNKNOWN_BECAUSE.get(country) ?? 'the form of its account numbers is not known';
}

/** A bank code as it is written in one piece: capitals, without spaces and hyphens. */
export function plainBankCode(text: string): string {
  return text.replaceAll(/[\s-]/g, '').toUpperCase();
}

/** Whether a bank code has its country's form and check digits. */
export function isBankCode({ bankCode, isBankCodeRight }: NationalForm, text: string): boolean {
  return bankCode.test(text) && (isBankCodeRight?.(text) ?? true);
}

/** Ten digits look like an account number where there is room for them; where there is less, all are used. */
const MAX_FIRST_DIGITS = 10;

/** The serial that a new bank begins with: the first with a full count of digits, and a little more. */
export function firstSerial({ serialLength }: NationalForm): bigint {
  return 10n ** BigInt(Math.min(serialLength, MAX_FIRST_DIGITS) - 1) + 1n;
}

/** An account number without that of the bank; with its IBAN in a country that has them. */
export type AccountNumber = { readonly number: string; readonly iban: Iban | undefined };

/** The account number of a serial, or undefined where the country's check digits leave it out. */
export function accountNumberOf(
  country: string,
  bankCode: string,
  serial: string,
): AccountNumber | undefined {
  const form = FORMS.get(country);
  if (form === undefined || !isBankCode(form, bankCode) || serial.length > form.serialLength)
    return undefined;
  const padded = serial.padStart(form.serialLength, '0');
  const number = form.numberOf === undefined ? padded : form.numberOf(padded, bankCode);
  if (number === undefined) return undefined;
  if (!form.hasIbans) return { number, iban: undefined };
  const bban = form.bbanOf?.(bankCode, number) ?? bankCode + number;
  const iban = ibanOf(country, bban);
  return iban === undefined ? undefined : { number, iban };
}

/** Where one in eleven numbers is right, five hundred in a row have some. */
const MAX_PASSED_OVER = 500n;

/**
 * The first account number from a serial on. Serials that the country's check digits leave out are passed over.
 * Undefined when all are used up, or when country and bank code do not belong together.
 */
export function firstAccountNumber(
  country: string,
  bankCode: string,
  from: bigint,
): (AccountNumber & { readonly serial: bigint }) | undefined {
  for (let serial = from; serial < from + MAX_PASSED_OVER; serial += 1n) {
    const found = accountNumberOf(country, bankCode, serial.toString());
    if (found !== undefined) return { ...found, serial };
  }
  return undefined;
}

/**
 * The IBAN of another account of the bank that gave an IBAN out, by its number and that other's. Undefined where the
 * number is too long or its check digits are wrong.
 */
export function sisterIban(iban: string, known: string, number: string): Iban | undefined {
  const country = iban.slice(0, 2);
  const form = FORMS.get(country);
  if (form === undefined || number.length > known.length) return undefined;
  const bankCodeAt = 4 + (form.bankCodeAt ?? 0);
  const bankCode = iban.slice(bankCodeAt, bankCodeAt + form.bankCodeExample.length);
  const padded = number.padStart(known.length, '0');
  return ibanOf(country, form.bbanOf?.(bankCode, padded) ?? bankCode + padded);
}

/** Whether an IBAN belongs to a bank: has its country, and its bank code where the country puts it. */
export function isOfBank(iban: Iban, country: string, bankCode: string): boolean {
  return iban.startsWith(country) && iban.startsWith(bankCode, 4 + (FORMS.get(country)?.bankCodeAt ?? 0));
}
