import { isCountryCode } from './countries.ts';

const BIC = /^[A-Z]{4}(?<country>[A-Z]{2})[A-Z0-9]{2}([A-Z0-9]{3})?$/;

/** Whether a text is a BIC (ISO 9362) of 8 or 11 characters in capitals, with the code of a country. */
export function isBic(text: string): boolean {
  const country = BIC.exec(text)?.groups?.country;
  return country !== undefined && isCountryCode(country);
}
