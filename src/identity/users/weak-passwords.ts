import { visibleText } from '#lib/visible-text.ts';

/** "aaaaabbbbbccccc" has three; the shortest passphrases have ten. */
const MIN_DISTINCT_CHARACTERS = 5;
/** Parts of an e-mail address that are shorter are found in words that have nothing to do with it. */
const MIN_NAME_LENGTH = 3;

const BLANKS = /\s/gu;
const NOT_LETTERS_OR_DIGITS = /[^\p{L}\p{N}]+/u;

/**
 * Why a password of enough characters is still weak: what there is beside blanks, the e-mail's own names and
 * repetitions has less than half of the characters that are asked for. Undefined if it is not weak.
 */
export function findWeakness(
  password: string,
  { email, minLength }: { readonly email: string; readonly minLength: number },
): string | undefined {
  const minRest = Math.ceil(minLength / 2);
  const seen = visibleText(password.toLowerCase()).replaceAll(BLANKS, '');
  if (lengthOf(seen) < minRest) return 'must not be made of blanks';
  const rest = withoutNames(seen, email);
  if (rest !== seen && lengthOf(rest) < minRest) return 'must not be made of the e-mail address';
  if (lengthOf(repeatedPart(seen)) < minRest || new Set(seen).size < MIN_DISTINCT_CHARACTERS) {
    return 'must not repeat a few characters';
  }
  return isSequence(seen) ? 'must not be a sequence of the alphabet or of digits' : undefined;
}

/** The part of which the text is a repetition, or the text itself. */
export function repeatedPart(text: string): string {
  // A text that repeats a part is found in its double before its own end.
  const period = `${text}${text}`.indexOf(text, 1);
  return text.slice(0, Math.max(period, 0));
}

/** The text without what the e-mail address is made of, longest first. */
function withoutNames(text: string, email: string): string {
  const [local = '', domain = ''] = email.split('@');
  const labels = domain.split('.').slice(0, -1);
  const names = [
    email,
    local,
    ...local.split(NOT_LETTERS_OR_DIGITS),
    ...labels,
    ...domain.split(NOT_LETTERS_OR_DIGITS),
  ];
  const joined = local.split(NOT_LETTERS_OR_DIGITS).join('');
  return [...names, joined]
    .filter((name) => name.length >= MIN_NAME_LENGTH)
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, name) => rest.replaceAll(name, ''), text);
}

/** Whether each character follows the one before: abc…, 987… */
function isSequence(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  return steps.every((step) => step === 1 || step === -9) || steps.every((step) => step === -1 || step === 9);
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
