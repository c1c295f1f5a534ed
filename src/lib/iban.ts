import { composeIBAN, countrySpecs, electronicFormatIBAN, isValidIBAN } from 'ibantools';

declare const ibanBrand: unique symbol;
/** A valid IBAN (ISO 13616, mod-97 check digits) in electronic form: upper case, no spaces. */
export type Iban = string & { readonly [ibanBrand]: true };

/** The IBAN in electronic form if the text is a valid one, else undefined. */
export function parseIban(text: string): Iban | undefined {
  const iban = electronicFormatIBAN(text);
  return iban !== null && isValidIBAN(iban) ? (iban as Iban) : undefined;
}

/**
 * The IBAN of an account number under a country and bank code: the bank code, then the number filled with
 * zeros to the length the country prescribes. Undefined where that is no valid IBAN: a bank code of the wrong
 * form, a number too long, or a country whose account numbers carry check digits of their own.
 */
export function composeIban(country: string, bankCode: string, number: string): Iban | undefined {
  const length = bbanLength(country);
  if (length === undefined || bankCode.length + number.length > length) return undefined;
  const bban = bankCode + number.padStart(length - bankCode.length, '0');
  const iban = composeIBAN({ countryCode: country, bban });
  return iban !== null && isValidIBAN(iban) ? (iban as Iban) : undefined;
}

function bbanLength(country: string): number | undefined {
  const spec = Object.entries(countrySpecs).find(([code]) => code === country)?.[1];
  return spec?.chars === null || spec?.chars === undefined ? undefined : spec.chars - 4;
}
