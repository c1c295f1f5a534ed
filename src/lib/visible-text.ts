/**
 * Characters that show nothing: Unicode's default-ignorable ones (direction overrides and marks, tags, zero-width
 * spaces, soft hyphens, fillers), those of interlinear annotation, and noncharacters. Two texts that differ in them
 * look alike, and an override shows a text in another order than it is compared in.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u{FFF9}-\u{FFFB}]/u;
/** Separators that break a line in some programs and not in others. */
const LINE_SEPARATORS = /[\u2028\u2029]/gu;

/** Scripts in which a joiner changes how a word is written: Persian, Sinhala, Malayalam … */
const JOINED_SCRIPT =
  /[\p{scx=Arab}\p{scx=Syrc}\p{scx=Nkoo}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Bali}\p{scx=Java}]/u;
const LETTER_OR_MARK = /[\p{L}\p{M}]/u;
const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{FE0F}/u;
const VARIED_SYMBOL = /[\p{Emoji}\p{Sm}\p{So}\p{scx=Han}\p{scx=Mymr}\p{scx=Phag}]/u;
const HAN = /\p{scx=Han}/u;
const MONGOLIAN = /\p{scx=Mong}/u;

const NON_JOINER = '\u200c';
const JOINER = '\u200d';
const VARIATION_SELECTOR = /[\u{FE00}-\u{FE0F}]/u;
const IDEOGRAPHIC_VARIATION_SELECTOR = /[\u{E0100}-\u{E01EF}]/u;
const MONGOLIAN_SELECTOR = /[\u{180B}-\u{180F}]/u;

/**
 * The text without what cannot be seen in it. A line separator becomes a space. Joiners and variation selectors stay
 * where the script of the character before them needs them.
 */
export function visibleText(text: string): string {
  const oneLine = text.replaceAll(LINE_SEPARATORS, ' ');
  if (!INVISIBLE.test(oneLine)) return oneLine;
  let visible = '';
  let before = '';
  const characters = Array.from(oneLine);
  for (const [index, character] of characters.entries()) {
    if (INVISIBLE.test(character) && !isNeeded(character, before, characters[index + 1] ?? '')) continue;
    visible += character;
    before = character;
  }
  return visible;
}

/** Whether a text has anything in it that visibleText would take away. */
export function hasInvisible(text: string): boolean {
  return visibleText(text) !== text;
}

function isNeeded(character: string, before: string, after: string): boolean {
  if (character === NON_JOINER) return JOINED_SCRIPT.test(before) && LETTER_OR_MARK.test(after);
  if (character === JOINER) return JOINED_SCRIPT.test(before) || EMOJI.test(before);
  if (VARIATION_SELECTOR.test(character)) return VARIED_SYMBOL.test(before);
  if (IDEOGRAPHIC_VARIATION_SELECTOR.test(character)) return HAN.test(before);
  return MONGOLIAN_SELECTOR.test(character) && MONGOLIAN.test(before);
}
