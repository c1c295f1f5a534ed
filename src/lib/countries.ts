// Not the package's own entry: that loads the names of all countries in 78 languages.
import countries from 'i18n-iso-countries/index.js';

const NAMES = new Intl.DisplayNames(['en'], { type: 'region' });

/** The English name of a country by its code: what stands below an address on paper. */
export function countryName(code: string): string {
  return NAMES.of(code) ?? code;
}

/** Whether a text is the code of a country: two capitals of ISO 3166-1. */
export function isCountryCode(text: string): boolean {
  return /^[A-Z]{2}$/.test(text) && countries.isValid(text);
}
