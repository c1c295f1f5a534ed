import { visibleText } from '#lib/visible-text.ts';
import { type CustomerState, displayName } from './customer.ts';

/** Longer words are cut: nobody types them whole. */
const MAX_WORD_LENGTH = 100;
/** Words of one customer: a legal name of 200 characters has fewer. */
const MAX_WORDS = 60;
/** Words of a search that are looked for; more narrow nothing down. */
const MAX_SEARCH_WORDS = 8;

const COMBINING_MARKS = /[\u0300-\u036f]/g;
const NOT_IN_WORDS = /[^\p{L}\p{N}\p{M}]+/u;
/** Written without spaces: a name is looked for as a whole, too. */
const WITHOUT_SPACES = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]/u;
/** How letters are written on keyboards that do not have them: Müller as Mueller, Søren as Soeren, Åse as Aase. */
const SPELLED: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };
const SPELLED_LETTERS = /[äöüøå]/g;
const SPELLINGS = /ae|oe|ue|aa/g;
const OF_TWO_SPELLINGS = /[äöüøåæ]/;
const APOSTROPHES_AND_HYPHENS = /[\p{Pd}'’ʼ‘`]/gu;

/** Letters that do not come apart into a plain one and an accent. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  å: 'a',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŋ: 'n',
  þ: 'th',
  ŧ: 't',
};
const PLAIN_LETTERS = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/** The text in lower case, without accents, as words are compared. */
export function plainText(text: string): string {
  return visibleText(text)
    .normalize('NFKD')
    .replaceAll(COMBINING_MARKS, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(COMBINING_MARKS, '')
    .replaceAll(PLAIN_LETTERS, (letter) => PLAIN[letter] ?? letter);
}

/** The words by which a customer is found: of the names, the e-mail address and the external id. */
export function wordsOf(state: Pick<CustomerState, 'identity' | 'email' | 'externalId'>): string[] {
  const { identity, email, externalId } = state;
  const name = displayName(identity);
  const words = [...namesOf(name), ...partsOf(email ?? ''), ...partsOf(externalId ?? '')];
  if (email !== undefined) words.push(plainText(email));
  if (externalId !== undefined) words.push(plainText(externalId));
  if (WITHOUT_SPACES.test(name) && identity.type === 'person') {
    words.push(plainText(`${identity.familyName ?? ''}${identity.givenName ?? ''}`));
  }
  const whole = words.map(cut).filter((word) => word !== '');
  return [...new Set(whole)].slice(0, MAX_WORDS);
}

/**
 * What to look for: each is the beginning of a word of the customer, and all of them must be there. Empty where the
 * text has neither a letter nor a digit.
 */
export function searchedWords(text: string): string[] {
  const words = text
    .split(/\s+/u)
    .flatMap((token) =>
      token.includes('@') ? [plainText(token)] : token.split(NOT_IN_WORDS).flatMap(searchedParts),
    )
    .map(cut)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  return [...new Set(words)].toSorted((a, b) => b.length - a.length).slice(0, MAX_SEARCH_WORDS);
}

/** Søren is looked for as "soren", which Soeren is found by, too; Soeren as it is. */
function searchedParts(text: string): string[] {
  const isOfTwo = OF_TWO_SPELLINGS.test(text.normalize('NFC').toLowerCase());
  return isOfTwo ? partsOf(text).map(unspelled) : partsOf(text);
}

/** Words of a name: also O'Brien as "obrien", Søren as "soeren", and Soeren as "soren". */
function namesOf(name: string): string[] {
  const joined = partsOf(name.replaceAll(APOSTROPHES_AND_HYPHENS, ''));
  const spelled = name
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(SPELLED_LETTERS, (letter) => SPELLED[letter] ?? letter);
  const parts = partsOf(name);
  return [...parts, ...joined, ...partsOf(spelled), ...[...parts, ...joined].map(unspelled)];
}

function unspelled(word: string): string {
  return word.replaceAll(SPELLINGS, (spelling) => spelling.slice(0, 1));
}

function partsOf(text: string): string[] {
  return plainText(text).split(NOT_IN_WORDS);
}

function cut(word: string): string {
  return Array.from(word).slice(0, MAX_WORD_LENGTH).join('');
}
