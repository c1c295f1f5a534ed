import type { Prose } from './prose.ts';

/** A habit that is not English, and what to write instead. */
type Habit = { readonly pattern: RegExp; readonly write: string };

const HABITS: readonly Habit[] = [
  {
    pattern: /\b(for|from|to|of|by|with|on|about|than|beside|at|not) who\b(?! (it|he|she|they) )/gi,
    write: 'the subject by its name: callers, the code that …, anyone who',
  },
  {
    pattern: /\bWho( [\w’]+){2,8} (has|is|must|gets|waits|needs|finds|takes|sees|begins)\b[^?]*$/g,
    write: 'the subject by its name',
  },
  { pattern: /\bwho (asks|is asking)\b/gi, write: 'the caller' },
  { pattern: /(?<!\bthere )\b(is|are|was|were|be) none\b/gi, write: 'is not one' },
  {
    pattern:
      /(?<!\bthere )\b(is|are|was|were) no (?!longer|more|less|later|earlier|higher|lower|better|worse|larger|smaller|fewer|other|one|different)\w+/gi,
    write: 'is not a …',
  },
  { pattern: /\bso many\b(?! [\w ]+ that)/gi, write: 'the number of …, this many' },
  { pattern: /\banew\b/gi, write: 'again' },
  { pattern: /\bmeanwhile\b/gi, write: 'in the meantime, by then' },
  { pattern: /\bfor good\b(?! reason)/gi, write: 'permanently' },
  { pattern: /\ball else\b/gi, write: 'everything else' },
  { pattern: /\bmend(s|ed|ing)?\b/gi, write: 'fix' },
  { pattern: /\bwish(es|ed)?\b/gi, write: 'request' },
  {
    pattern: /\b(is|are|was|were) (told|said by)\b/gi,
    write: 'the active verb: the answer says, the product sets',
  },
  { pattern: /\bwhat (became|becomes|came|comes) of\b/gi, write: 'the outcome, the state' },
  { pattern: /\bwhat is kept (where|of)\b/gi, write: 'where each thing is stored; the balances stored for' },
  { pattern: /\b(can|cannot|to) be had\b/gi, write: 'available' },
  { pattern: /\bshall\b/gi, write: 'must, should, or the plain present' },
  { pattern: /\bbegin of\b/gi, write: 'the start of' },
  { pattern: /\bonce more\b/gi, write: 'again' },
  { pattern: /\b(in|of) the writing\b/gi, write: 'while it was being written' },
  { pattern: /\bto their harm\b/gi, write: 'what happens' },
];

/** One idea a sentence: more than this is two. */
const MAX_WORDS = 30;

/** A place where the English is bad, and why. */
export type BadEnglish = { readonly line: number; readonly what: string };

/** What is wrong with the English of a text, and on which lines. Long sentences are a matter of comments and pages. */
export function findBadEnglish({ kind, line, text }: Prose): BadEnglish[] {
  const plain = withoutCode(text);
  const lineAt = (index: number): number => line + plain.slice(0, index).split('\n').length - 1;
  const oneLine = plain.replaceAll('\n', ' ');
  const habits = HABITS.flatMap(({ pattern, write }) =>
    [...oneLine.matchAll(pattern)].map(({ 0: found, index }) => ({
      line: lineAt(index),
      what: `“${found.slice(0, 40).trim()}”: write ${write}`,
    })),
  );
  const long = kind === 'string' ? [] : sentencesOf(plain).filter(({ words }) => words > MAX_WORDS);
  return [
    ...habits,
    ...long.map(({ index, words }) => ({ line: lineAt(index), what: `a sentence of ${words} words` })),
  ];
}

/** Code, codes with their status, targets of links and placeholders are not words. Lines stay where they are. */
function withoutCode(text: string): string {
  return text
    .replaceAll(/\b\d{3} `[^`\n]*`/g, '`')
    .replaceAll(/`[^`\n]*`/g, '`')
    .replaceAll(/\]\([^)\n]*\)/g, ']')
    .replaceAll(/\$\{[^}\n]*\}/g, '`');
}

/** What a blank line, a list item, a table cell, a colon or a full stop ends. */
function sentencesOf(text: string): { index: number; words: number }[] {
  const ends = /\n\s*\n|\n\s*(?:[-*]|\d+\.) |\||[.!?:](?:[)”"']|\*\*)?(?:\s|$)/g;
  const sentences: { index: number; words: number }[] = [];
  let start = 0;
  const add = (end: number): void => {
    const part = text.slice(start, end);
    const words = part.split(/\s+/).filter((word) => /[a-z0-9]/i.test(word)).length;
    const index = start + part.length - part.trimStart().length;
    if (words > 0) sentences.push({ index, words });
  };
  for (const { 0: end, index } of text.matchAll(ends)) {
    if (/\b(e\.g|i\.e|No|cf|p)$/.test(text.slice(0, index))) continue;
    add(index);
    start = index + end.length;
  }
  add(text.length);
  return sentences;
}
