import {
  composeIBAN,
  countrySpecs,
  electronicFormatIBAN,
  isValidIBAN,
  ValidationErrorsIBAN,
  validateIBAN,
} from 'ibantools';
import { validationFailed } from './errors.ts';

declare const ibanBrand: unique symbol;
/** A valid IBAN (ISO 13616, mod-97 check digits) in electronic form: upper case, no spaces. */
export type Iban = string & { readonly [ibanBrand]: true };

/** Characters after country and check digits, by country. */
const BBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  Object.entries(countrySpecs).flatMap(([country, { chars }]): [string, number][] =>
    typeof chars === 'number' ? [[country, chars - 4]] : [],
  ),
);

/** Characters that name the bank, by country, where the registry gives them: "0-7" means eight. */
const BANK_CODE_LENGTHS: ReadonlyMap<string, number> = new Map(
  Object.entries(countrySpecs).flatMap(([country, { bank_identifier: place }]): [string, number][] => {
    const last = place?.split('-')[1];
    return last === undefined ? [] : [[country, Number(last) + 1]];
  }),
);

/** Invisible between the characters, and ignored: spaces, zero-width and other format characters. */
const UNSEEN = /[\s\p{Cf}]/gu;
const PRINTED = /^[A-Za-z0-9-]*$/;

/**
 * The IBAN in electronic form if the text is a valid one, else undefined. Accepts any spacing, either case, full-width
 * and other compatibility characters (NFKC), and zero-width characters.
 */
export function parseIban(text: string): Iban | undefined {
  const iban = electronicForm(text);
  return iban !== undefined && isValidIBAN(iban) ? (iban as Iban) : undefined;
}

/** As parseIban; throws 400 `validation_failed` that says what is wrong: country, length, form or check digits. */
export function requireIban(text: string, path: string): Iban {
  const iban = parseIban(text);
  if (iban === undefined) throw validationFailed({ path, message: faultOf(electronicForm(text) ?? '') });
  return iban;
}

function electronicForm(text: string): string | undefined {
  const seen = text.normalize('NFKC').replaceAll(UNSEEN, '');
  // Letters beyond these may become one of them in upper case.
  return PRINTED.test(seen) ? (electronicFormatIBAN(seen) ?? undefined) : undefined;
}

function faultOf(iban: string): string {
  const { errorCodes } = validateIBAN(iban);
  const country = iban.slice(0, 2);
  if (errorCodes.includes(ValidationErrorsIBAN.WrongBBANLength)) {
    return `must be a valid IBAN: one of ${country} has ${(BBAN_LENGTHS.get(country) ?? 0) + 4} characters`;
  }
  if (errorCodes.includes(ValidationErrorsIBAN.NoIBANCountry)) {
    return 'must be a valid IBAN: it begins with no country that has IBANs';
  }
  if (errorCodes.includes(ValidationErrorsIBAN.WrongIBANChecksum)) {
    return 'must be a valid IBAN: the check digits are wrong';
  }
  return 'must be a valid IBAN';
}

/**
 * The IBAN of an account number under a country and bank code: the bank code, then the number filled with zeros to the
 * length the country prescribes. Undefined where that is not a valid IBAN: a bank code of the wrong form, a number too
 * long, or one without the check digits that the country's account numbers carry.
 */
export function composeIban(country: string, bankCode: string, number: string): Iban | undefined {
  const length = BBAN_LENGTHS.get(country);
  if (length === undefined || bankCode.length + number.length > length) return undefined;
  if (bankCode.length < (BANK_CODE_LENGTHS.get(country) ?? 1)) return undefined;
  const bban = bankCode + number.padStart(length - bankCode.length, '0');
  const iban = composeIBAN({ countryCode: country, bban });
  return iban !== null && isValidIBAN(iban) ? (iban as Iban) : undefined;
}

/** Whether an IBAN belongs to a bank: has its country, and its bank code before the account number. */
export function isOfBank(iban: Iban, country: string, bankCode: string): boolean {
  return iban.startsWith(country) && iban.startsWith(bankCode, 4);
}

/** Where account numbers carry check digits modulo 97, one in 97 is valid: five times that many are always enough. */
const MAX_NUMBERS_PASSED_OVER = 500;

/**
 * The first account number from `from` on that has a valid IBAN, with it. In most countries that is `from` itself;
 * where account numbers carry check digits of their own, numbers with wrong ones are skipped. Undefined where there is
 * none: the bank code has the wrong form, or the country no IBANs.
 */
export function firstAccountNumber(
  country: string,
  bankCode: string,
  from: bigint,
): { readonly number: bigint; readonly iban: Iban } | undefined {
  for (let number = from; number < from + BigInt(MAX_NUMBERS_PASSED_OVER); number += 1n) {
    const iban = composeIban(country, bankCode, number.toString());
    if (iban !== undefined) return { number, iban };
  }
  return undefined;
}
