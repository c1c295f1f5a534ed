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
  if (iban === undefined) throw validationFailed({ path, message: ibanFault(text) ?? '' });
  return iban;
}

/** What is wrong with a text that is not an IBAN; undefined for one that is. */
export function ibanFault(text: string): string | undefined {
  return parseIban(text) === undefined ? faultOf(electronicForm(text) ?? '') : undefined;
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

/** The IBAN of a country's own account number (BBAN), or undefined where there is none. */
export function ibanOf(country: string, bban: string): Iban | undefined {
  const iban = composeIBAN({ countryCode: country, bban });
  return iban !== null && isValidIBAN(iban) ? (iban as Iban) : undefined;
}
