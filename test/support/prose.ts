/** A piece of text that people read: a comment or a string of a source file, or a paragraph of a page. */
export type Prose = {
  readonly kind: 'comment' | 'string' | 'page';
  readonly line: number;
  readonly text: string;
  /** Of a comment of `//` on a line of its own: the next line may go on with it. */
  readonly isOpen?: boolean;
};

/**
 * The comments and the strings with words in a TypeScript file. Lines of `//` that follow each other are one comment.
 * It is a scanner and no parser: a slash opens a regular expression where no value can end before it.
 */
export function proseOfSource(source: string): Prose[] {
  const found: Prose[] = [];
  let line = 1;
  let before = '';
  let isLineEmpty = true;
  for (const { 0: token } of source.matchAll(TOKEN)) {
    const isRegExp = /^\/[^/*]/.test(token) && /[\w)\]}'"`]$/.test(before) === false;
    if (token.startsWith('/*')) found.push({ kind: 'comment', line, text: innerComment(token) });
    else if (token.startsWith('//')) addLineComment(found, line, token.slice(2).trim(), isLineEmpty);
    else if (/^['"`]/.test(token)) addString(found, line, token);
    else if (token.trim() !== '' && !isRegExp) before = token;
    if (/^['"`]/.test(token)) before = token.slice(-1);
    isLineEmpty = token.includes('\n') || (isLineEmpty && token.trim() === '');
    line += token.split('\n').length - 1;
  }
  return found;
}

const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=[=(,:[!&|?{};\n] *)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*|\s+|[\w$]+|./g;

function innerComment(token: string): string {
  return token
    .slice(2, -2)
    .split('\n')
    .map((text) => text.replace(/^\s*\*+ ?/, '').trimEnd())
    .join('\n')
    .trim();
}

function addLineComment(found: Prose[], line: number, text: string, isOwnLine: boolean): void {
  const last = found.at(-1);
  if (isOwnLine && last?.isOpen === true && last.line + last.text.split('\n').length === line) {
    found[found.length - 1] = { ...last, text: `${last.text}\n${text}` };
  } else {
    found.push({ kind: 'comment', line, text, isOpen: isOwnLine });
  }
}

/** Texts of several words only: names, codes and SQL are not for people. */
function addString(found: Prose[], line: number, token: string): void {
  const text = token.slice(1, -1).replaceAll(/\\n/g, ' ');
  const isSql = /\b(select|insert into|update \S+ set|delete from|where|create|alter|returning)\b/.test(text);
  if (/[a-z] [a-z]/i.test(text) && !isSql) found.push({ kind: 'string', line, text });
}

/** The paragraphs, list items and table cells of a page in Markdown, without its code. */
export function proseOfPage(page: string): Prose[] {
  const found: Prose[] = [];
  let isCode = false;
  for (const [index, text] of page.split('\n').entries()) {
    if (/^\s*```/.test(text)) isCode = !isCode;
    else if (!isCode && text.trim() !== '') found.push({ kind: 'page', line: index + 1, text });
  }
  return found;
}
