import { remainderOf } from '#lib/account-numbers/check-digits.ts';
import { checkAll, checkEach } from '#lib/check-all.ts';
import { cleanCountry } from '#lib/contact.ts';
import { validationFailed } from '#lib/errors.ts';
import { cleanText, optional } from '#lib/text.ts';
import { visibleText } from '#lib/visible-text.ts';

/** What a number identifies a customer to: a state, a tax office, a register. */
export const IDENTIFIER_TYPES = [
  'national_id',
  'passport',
  'tax_id',
  'social_security',
  'residence_permit',
  'driving_licence',
  'registration_number',
  'vat_number',
  'lei',
  'other',
] as const;
export type IdentifierType = (typeof IDENTIFIER_TYPES)[number];

/** A number of a type, unique with its country in the book. */
export type Identifier = {
  readonly type: IdentifierType;
  /** ISO 3166-1 alpha-2. Undefined for the types that one register gives for all countries, or where it is not known. */
  readonly country?: string | undefined;
  readonly value: string;
};

const MAX_VALUE_LENGTH = 50;
/** Numbers with countries of their own; a person with more has typed them twice. */
const MAX_IDENTIFIERS = 20;

/** Given by one register for all countries: ISO 17442. */
const WORLDWIDE: readonly IdentifierType[] = ['lei'];
const NOT_LETTERS_OR_DIGITS = /[^\p{L}\p{N}]/gu;
const DIGIT = /\p{Nd}/gu;
/** VAT numbers of Greece begin with EL. */
const VAT_PREFIXES: Readonly<Record<string, string>> = { GR: 'EL' };

/**
 * The one text for all ways to write a number: without case, spaces, hyphens and what cannot be seen, full-width and
 * other scripts' digits as plain ones, and a VAT number without the prefix of its own country.
 */
function normalForm({ type, country, value }: Identifier): string {
  const plain = visibleText(value).normalize('NFKC').replaceAll(DIGIT, plainDigit).toUpperCase();
  const text = plain.replaceAll(NOT_LETTERS_OR_DIGITS, '');
  if (type !== 'vat_number' || country === undefined) return text;
  const prefix = [country, VAT_PREFIXES[country]].find((one) => one !== undefined && text.startsWith(one));
  return prefix === undefined ? text : text.slice(prefix.length);
}

/** What is unique: equal for the same number of the same type and country, however it is written. */
export function identityOf(identifier: Identifier): string {
  const { type, country } = identifier;
  return [type, WORLDWIDE.includes(type) ? '' : (country ?? ''), normalForm(identifier)].join('\n');
}

/** An identifier as it is shown. Throws 400 `validation_failed`. */
function cleanIdentifier(identifier: Identifier, path: string): Identifier {
  const { type } = identifier;
  const isWorldwide = WORLDWIDE.includes(type);
  if (identifier.country === undefined && !isWorldwide) {
    throw validationFailed({ path: `${path}.country`, message: `is required for a ${type}` });
  }
  return {
    type,
    ...checkAll({
      country: () => optional(identifier.country, (text) => cleanCountry(text, `${path}.country`)),
      value: () => cleanNumber(type, identifier.value, `${path}.value`),
    }),
  };
}

/** Of the types, one alone is the same all over the world and has check digits. */
function cleanNumber(type: IdentifierType, value: string, path: string): string {
  const clean = cleanIdentifierValue(value, path);
  if (type === 'lei' && !isLei(normalForm({ type, value: clean }))) {
    throw validationFailed({
      path,
      message: 'must be a valid LEI: 20 letters and digits, with its check digits',
    });
  }
  return clean;
}

/** ISO 17442: eighteen letters and digits and two check digits, which leave 1 by ISO 7064 mod 97-10. */
function isLei(text: string): boolean {
  if (!/^[0-9A-Z]{18}[0-9]{2}$/.test(text)) return false;
  const digits = Array.from(text, (sign) => Number.parseInt(sign, 36)).join('');
  return remainderOf(digits, 97) === 1;
}

/** The number as it is shown. Throws 400 `validation_failed`, also where there is no letter and no digit in it. */
export function cleanIdentifierValue(value: string, path: string): string {
  const clean = cleanText(value, path, MAX_VALUE_LENGTH);
  if (normalForm({ type: 'other', value: clean }) === '') {
    throw validationFailed({ path, message: 'must hold a letter or a digit' });
  }
  return clean;
}

/** A list of identifiers, each once. Throws 400 `validation_failed`. */
export function cleanIdentifiers(
  identifiers: readonly Identifier[],
  others: readonly Identifier[],
): Identifier[] {
  if (identifiers.length > MAX_IDENTIFIERS) {
    throw validationFailed({ path: 'identifiers', message: `must have at most ${MAX_IDENTIFIERS} items` });
  }
  const seen = new Set(others.map(identityOf));
  return checkEach(identifiers, (one, index) => {
    const path = `identifiers[${index}]`;
    const clean = cleanIdentifier(one, path);
    const identity = identityOf(clean);
    if (seen.has(identity)) throw validationFailed({ path, message: 'is there already' });
    seen.add(identity);
    return clean;
  });
}

/** Every script's digits are ten in a row, with zero at a code point whose ten successors are digits of it. */
function plainDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
