/** What payments and statements of banks may be written in: the basic set of SEPA, and SWIFT's X set. */
const BASIC = "A-Za-z0-9/\\-?:().,'+ ";
const NOT_BASIC = new RegExp(`[^${BASIC}]`, 'gu');

export type ToText = (text: string) => string;

/** Loads what writes a text in ASCII: letters of all languages in Latin ones without accents, as any-ascii has them. */
export async function loadAscii(): Promise<ToText> {
  const { default: anyAscii } = await import('any-ascii');
  return (text) => anyAscii(text).replaceAll(/\s+/g, ' ');
}

/**
 * Loads what writes a text in the basic set: as loadAscii does (Müller as Muller, Ιωάννης as
 * Ioannis), and anything else as a point. The table has half a megabyte and is read when it is first needed.
 */
export async function loadBasicText(): Promise<ToText> {
  const toAscii = await loadAscii();
  return (text) => toAscii(text).replace(NOT_BASIC, '.');
}
