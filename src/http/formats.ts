import { isEmail, isPhoneNumber } from '#lib/contact.ts';
import { isCountryCode } from '#lib/countries.ts';
import { ibanFault } from '#lib/iban.ts';
import { parseCurrency } from '#lib/money/currencies.ts';
import { parseIsoDate } from '#lib/time/dates.ts';
import { isInstant } from '#lib/time/instants.ts';

type Format = {
  readonly isValid: (text: string) => boolean;
  /** What a text that is not one must be; `must be a valid NAME` if not given. */
  readonly messageFor?: (text: string) => string;
};

/**
 * The formats of fields, by their names in schemas. One refusal names every field whose form is wrong: what only a
 * service finds out comes after.
 */
export const FORMATS: Readonly<Record<string, Format>> = {
  date: { isValid: (text) => parseIsoDate(text) !== undefined },
  'date-time': { isValid: isInstant },
  // An id of the wrong form is 404, like that of nothing.
  typeid: { isValid: () => true },
  iban: {
    isValid: (text) => ibanFault(text) === undefined,
    messageFor: (text) => ibanFault(text) ?? 'must be a valid IBAN',
  },
  currency: {
    isValid: (text) => parseCurrency(text) !== undefined,
    messageFor: () => 'must be a currency of ISO 4217',
  },
  country: { isValid: isCountryCode, messageFor: () => 'must be a country code of ISO 3166-1, like DE' },
  email: { isValid: (text) => isEmail(text.trim()), messageFor: () => 'must be an e-mail address' },
  phone: {
    isValid: isPhoneNumber,
    messageFor: () => 'must be a phone number in E.164 form, like +491701234567',
  },
};
