import { createRequire } from 'node:module';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type * as PhoneNumbers from 'libphonenumber-js/min';
import { checkAll } from './check-all.ts';
import { isCountryCode } from './countries.ts';
import { validationFailed } from './errors.ts';
import { requiresPostalCode } from './postal-codes.ts';
import { cleanText, optional } from './text.ts';

/** RFC 5321: the longest path that fits a mail command. */
const MAX_EMAIL_LENGTH = 254;
const E164 = /^\+[1-9]\d{6,14}$/;

/** A postal address; the country is an ISO 3166-1 alpha-2 code. */
export type Address = {
  readonly line1: string;
  readonly line2?: string;
  readonly city: string;
  /** Absent where the country has no postal codes. */
  readonly postalCode?: string;
  /** State, province, prefecture, emirate … */
  readonly region?: string;
  readonly country: string;
};

/** The e-mail address as given, checked for form. Throws 400 `validation_failed`. */
export function cleanEmail(text: string, path = 'email'): string {
  const email = text.trim();
  if (!isEmail(email)) {
    throw validationFailed({ path, message: 'must be an e-mail address' });
  }
  return email;
}

/** Whether a text has the form of an e-mail address with a domain, and fits a mail command. */
export function isEmail(text: string): boolean {
  const format = fullFormats.email;
  if (text.length > MAX_EMAIL_LENGTH) return false;
  return format instanceof RegExp && format.test(text) && text.slice(text.indexOf('@')).includes('.');
}

const load = createRequire(import.meta.url);
let phoneNumbers: typeof PhoneNumbers | undefined;

/** 93 modules, of which most commands need none: loaded with the first number. */
function isPossible(number: string): boolean {
  phoneNumbers ??= load('libphonenumber-js/min');
  return phoneNumbers?.isPossiblePhoneNumber(number) === true;
}

export function isPhoneNumber(text: string): boolean {
  return E164.test(text) && isPossible(text);
}

/** A phone number in E.164 form whose length its country allows. Throws 400 `validation_failed`. */
export function cleanPhone(text: string, path = 'phone'): string {
  if (!isPhoneNumber(text)) {
    throw validationFailed({ path, message: 'must be a phone number in E.164 form, like +491701234567' });
  }
  return text;
}

/** An ISO 3166-1 alpha-2 code in upper case. Throws 400 `validation_failed`. */
export function cleanCountry(text: string, path: string): string {
  if (!isCountryCode(text)) {
    throw validationFailed({ path, message: 'must be a country code of ISO 3166-1, like DE' });
  }
  return text;
}

/**
 * Every part of an address, cleaned. Throws 400 `validation_failed`, also without a postal code in a country that has
 * them.
 */
export function cleanAddress(address: Address, path = 'address'): Address {
  const { line1, line2, city, postalCode, region } = address;
  const clean = checkAll({
    line1: () => cleanText(line1, `${path}.line1`, 200),
    line2: () => optional(line2, (text) => cleanText(text, `${path}.line2`, 200)),
    city: () => cleanText(city, `${path}.city`, 100),
    postalCode: () => cleanPostalCode(postalCode, address.country, `${path}.postalCode`),
    region: () => optional(region, (text) => cleanText(text, `${path}.region`, 100)),
    country: () => cleanCountry(address.country, `${path}.country`),
  });
  return withoutAbsent(clean);
}

function cleanPostalCode(code: string | undefined, country: string, path: string): string | undefined {
  if (code === undefined && isCountryCode(country) && requiresPostalCode(country)) {
    throw validationFailed({ path, message: `is required in ${country}` });
  }
  return optional(code, (text) => cleanText(text, path, 20));
}

function withoutAbsent<Values extends Readonly<Record<string, unknown>>>(values: Values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Values]: Exclude<Values[Name], undefined>;
  };
}
