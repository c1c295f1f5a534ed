import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findBadEnglish } from '#test/support/english.ts';
import { type Prose, proseOfPage, proseOfSource } from '#test/support/prose.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Folders with pages and source that people read. */
const FOLDERS = ['src', 'docs', 'examples', 'test', 'bench', 'fuzz', 'crash-lab', 'deploy', 'scripts'];

/** Paths and patterns of paths that have been edited. It only grows; when it is everything, it goes. */
const CLEAN: readonly RegExp[] = [
  /^[A-Z]+\.md$/,
  /^docs\//,
  /^(bench|crash-lab|deploy|examples|fuzz|scripts)\//,
  /^src\//,
  /^test\/unit\/tidy\//,
  /^test\/support\/(english|prose)\.ts$/,
];

const files = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|md)$/.test(name) && !name.includes('node_modules'))
      .map((name) => `${folder}/${name}`),
  ),
].filter((name) => CLEAN.some((pattern) => pattern.test(name)));

function proseOf(file: string): Prose[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return file.endsWith('.md') ? proseOfPage(text) : proseOfSource(text);
}

test('comments, messages and pages are in plain English', () => {
  assert.ok(files.length > 20, `${files.length} files were found`);
  const bad = files
    // It quotes what it refuses.
    .filter((file) => !file.endsWith('tidy/english.test.ts') && !file.endsWith('support/english.ts'))
    .flatMap((file) =>
      proseOf(file)
        .flatMap(findBadEnglish)
        .map(({ line, what }) => `${file}:${line}: ${what}`),
    );
  assert.deepEqual(bad, []);
});

const BAD = [
  'Two seconds of work, for who brings many at once.',
  'Undefined for who may.',
  'Who is let in last has about this long to wait.',
  'The answer shows who asks.',
  'A state cut off is none.',
  'It is no JSON.',
  'So many instalments are left out.',
  'It is computed anew.',
  'Others go on meanwhile.',
  'It stays for good.',
  'On all else it waits.',
  'Enough to mend a request by.',
  'The wish of the caller.',
  'The client is told so.',
  'It is said by the product.',
  'What became of the batch.',
  'The keys cannot be had.',
  'A page shall have them.',
  'The begin of the period.',
  Array.from({ length: 31 }, () => 'word').join(' '),
];
for (const text of BAD) {
  test(`refused: ${text.slice(0, 60)}`, () => {
    assert.ok(findBadEnglish({ kind: 'comment', line: 1, text }).length > 0);
  });
}

const GOOD = [
  'There is none in this book.',
  'It is no longer offered, and no more than a table.',
  'The user who logs in is the caller.',
  'So many payments arrive that they wait.',
  'Throws 404 `not_found`, 409 `account_closed`, 409 `account_frozen`, 422 `currency_mismatch`.',
  `${Array.from({ length: 30 }, () => 'word').join(' ')}. ${Array.from({ length: 30 }, () => 'word').join(' ')}.`,
  '`meanwhile` is a column.',
];
for (const text of GOOD) {
  test(`taken: ${text.slice(0, 60)}`, () => {
    assert.deepEqual(findBadEnglish({ kind: 'comment', line: 1, text }), []);
  });
}

test('the prose of a source file is its comments and its sentences', () => {
  const source = `
// A line.
const a = 1; // At an end.
// Another line,
// and the next.
/** A block of
 *  two lines. */
const b = \`a long \${c} sentence\`;
const d = /it's a pattern/;
const e = 'code_only';
const f = 'a sentence';`;
  assert.deepEqual(
    proseOfSource(source).map(({ line, text }) => [line, text]),
    [
      [2, 'A line.'],
      [3, 'At an end.'],
      [4, 'Another line,\nand the next.'],
      [6, 'A block of\n two lines.'],
      [8, `a long ${'$'}{c} sentence`],
      [11, 'a sentence'],
    ],
  );
});
