/**
 * What an element holds: text, elements by their names in the order of writing, several of one name as a list, or
 * nothing, which is left out. `@name` is an attribute; `#text` is the text of an element that has attributes.
 */
export type XmlContent = string | null | undefined | XmlElements | readonly XmlContent[];
export type XmlElements = { readonly [name: string]: XmlContent };

/** The first line of a document. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * Elements as XML without blanks between them. An element that holds nothing is left out. Characters that XML 1.0 has
 * no place for are written as U+FFFD.
 */
export function xml(elements: XmlElements): string {
  let text = '';
  for (const [name, content] of Object.entries(elements)) {
    if (Array.isArray(content)) for (const one of content) text += element(name, one);
    else text += element(name, content);
  }
  return text;
}

/** The start tag of an element that is ended by `endTag`, for what is written in pieces. */
export function startTag(name: string, attributes: Readonly<Record<string, string>> = {}): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(value)}"`);
  return `<${name}${written.join('')}>`;
}

export function endTag(name: string): string {
  return `</${name}>`;
}

function element(name: string, content: XmlContent): string {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return `<${name}>${xmlText(content)}</${name}>`;
  let attributes = '';
  let inside = '';
  for (const [key, value] of Object.entries(content as XmlElements)) {
    if (key.startsWith('@')) attributes += ` ${key.slice(1)}="${xmlText(value as string)}"`;
    else if (key === '#text') inside += xmlText(value as string);
    else if (Array.isArray(value)) for (const one of value) inside += element(key, one);
    else inside += element(key, value);
  }
  return inside === '' ? '' : `<${name}${attributes}>${inside}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What may not stand as it is; a pair of surrogates is among it, too. */
const SPECIAL = /[&<>"]|[^\t\n\r -\uD7FF\uE000-\uFFFD]/;
/** All that Char of XML 1.0, 2.2, leaves out, lone surrogates with it. */
const NO_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** A text with what XML reads as its own escaped. */
export function xmlText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replace(NO_CHARACTER, '\uFFFD').replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
}
