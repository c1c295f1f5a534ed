/** What fits is on one line. */
const MAX_LENGTH = 100;

/**
 * Where the OpenAPI document has line breaks: around its parts, paths, operations and their answers, and around named
 * schemas and their fields. So a review sees which of them changed, and the file is a quarter of the usual size.
 */
const BROKEN = [
  /^$/,
  /^[^/]+$/,
  /^paths(\/[^/]+){1,2}$/,
  /^paths\/[^/]+\/[^/]+\/responses$/,
  /^components\/[^/]+$/,
  /^components\/schemas\/[^/]+(\/properties)?$/,
];

/** The OpenAPI document as it is committed. */
export function documentText(document: unknown): string {
  return `${textOf(document, [])}\n`;
}

function textOf(value: unknown, path: readonly string[]): string {
  const line = JSON.stringify(value);
  const place = path.map((part) => part.replaceAll('/', '~')).join('/');
  if (typeof value !== 'object' || value === null || line.length <= MAX_LENGTH) return line;
  if (!BROKEN.some((pattern) => pattern.test(place))) return line;
  const indent = ' '.repeat(path.length);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members = Object.entries(value).map(([name, member]) => {
    const key = Array.isArray(value) ? '' : `${JSON.stringify(name)}: `;
    return `${indent} ${key}${textOf(member, [...path, name])}`;
  });
  return `${open}\n${members.join(',\n')}\n${indent}${close}`;
}
