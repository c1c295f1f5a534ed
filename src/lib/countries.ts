// Not the package's own entry: that loads the names of all countries in 78 languages.
import countries from 'i18n-iso-countries/index.js';

/** Whether a text is the code of a country: two capitals of ISO 3166-1. */
export function isCountryCode(text: string): boolean {
  return /^[A-Z]{2}$/.test(text) && countries.isValid(text);
}
