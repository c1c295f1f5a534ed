/** A family of fonts: `latin` is DejaVu Sans, which also has Greek, Cyrillic, Arabic, Hebrew and more; the others are Noto Sans. */
export type Family = 'latin' | 'sc' | 'jp' | 'kr' | (typeof INDIC_AND_MORE)[number];

/** Scripts whose family is named as they are. */
const INDIC_AND_MORE = [
  'devanagari',
  'bengali',
  'gurmukhi',
  'gujarati',
  'oriya',
  'tamil',
  'telugu',
  'kannada',
  'malayalam',
  'sinhala',
  'thai',
  'khmer',
  'myanmar',
  'ethiopic',
] as const;

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** What each family is for. The first that has a letter draws it. */
const PATTERNS: ReadonlyMap<Family, RegExp> = new Map([
  ['jp', KANA],
  ['kr', /\p{Script=Hangul}/u],
  ['sc', /[\p{Script=Han}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]/u],
  ...INDIC_AND_MORE.map((script) => [script, scriptPattern(script)] as const),
]);

/** Below it are the letters of `latin` that most texts are made of. */
const FIRST_OF_OTHERS = '\u0900';

/** Marks, and what joins letters or keeps them apart, belong to the letter before. */
const BOUND = /[\p{Mark}\u200c\u200d]/u;

/** A piece of text that one family of fonts shows. */
export type ScriptRun = { readonly family: Family; readonly text: string };

/** Splits a text where the family of fonts changes. Han letters beside kana are drawn as in Japan, else as in China. */
export function scriptRuns(text: string): ScriptRun[] {
  const runs: { family: Family; text: string }[] = [];
  const isJapanese = KANA.test(text);
  for (const letter of text) {
    const last = runs.at(-1);
    if (last !== undefined && (BOUND.test(letter) || isOf(last.family, letter, isJapanese)))
      last.text += letter;
    else runs.push({ family: familyOf(letter, isJapanese), text: letter });
  }
  return runs;
}

function familyOf(letter: string, isJapanese: boolean): Family {
  if (letter < FIRST_OF_OTHERS) return 'latin';
  for (const [family, pattern] of PATTERNS) {
    if (pattern.test(letter)) return family === 'sc' && isJapanese ? 'jp' : family;
  }
  return 'latin';
}

/** A sign that several scripts share stays with what is before it. */
function isOf(family: Family, letter: string, isJapanese: boolean): boolean {
  if (letter < FIRST_OF_OTHERS) return family === 'latin';
  return family === familyOf(letter, isJapanese) || PATTERNS.get(family)?.test(letter) === true;
}

function scriptPattern(script: string): RegExp {
  return new RegExp(`\\p{Script_Extensions=${script.charAt(0).toUpperCase()}${script.slice(1)}}`, 'u');
}
