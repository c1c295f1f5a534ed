/** The first characters of a text; never half a character. */
export function cut(text: string | null, length: number): string | null {
  if (text === null || text.length <= length) return text;
  return Array.from(text).slice(0, length).join('');
}

/** A text in pieces of at most `length` characters; no piece of an empty one. */
export function pieces(text: string, length: number): string[] {
  if (text.length <= length) return text === '' ? [] : [text];
  const characters = Array.from(text);
  const parts: string[] = [];
  for (let at = 0; at < characters.length; at += length) {
    parts.push(characters.slice(at, at + length).join(''));
  }
  return parts;
}
