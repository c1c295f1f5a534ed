import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printSheet, type Sheet } from '#paper/sheet.ts';
import { readPdf } from '#test/support/read-pdf.ts';

function sheetOf(texts: readonly string[]): Sheet {
  return {
    letterhead: { lines: ['Bank of Examples', 'Main Street 1'], color: '#0b5394' },
    recipient: ['Ada Byron'],
    title: 'Statement',
    subtitle: 'of January',
    facts: [['IBAN', 'DE88']],
    columns: [
      { title: 'Text', align: 'left' },
      { title: 'Balance', width: 80, align: 'right' },
    ],
    rows: texts.map((text, index) => ({ cells: [text, `${index}.00`], carried: ['Carried', `${index}.00`] })),
    notes: ['The end.'],
    orientation: 'portrait',
  };
}

/** One name or word of each script. */
const NAMES = [
  '王小明',
  'ヤマダ太郎',
  '김철수',
  'محمد',
  'כהן',
  'राजेश',
  'শ্রীকান্ত',
  'ਪੰਜਾਬੀ',
  'ગુજરાતી',
  'ଓଡ଼ିଆ',
  'கார்த்திக்',
  'తెలుగు',
  'ಕನ್ನಡ',
  'മലയാളം',
  'සිංහල',
  'สมชาย',
  'ខ្មែរ',
  'မြန်မာ',
  'አማርኛ',
];

test('a name in any script has a letter for each of its own, and no box', async () => {
  const { text } = readPdf(await printSheet(sheetOf(NAMES), 0));
  const letters = (word: string) =>
    [...new Set(word.normalize('NFD'))].filter((letter) => !/\p{Mark}/u.test(letter));
  for (const name of NAMES) {
    for (const letter of letters(name))
      assert.ok(text.normalize('NFD').includes(letter), `${letter} of ${name}`);
  }
  assert.ok(!text.includes('?') && !text.includes('\0'), text);
});

test('a text that is too long for its column goes on below, and nothing of it is cut off', async () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`);
  const sheet = { ...sheetOf([words.join(' '), 'short']), notes: [words.toReversed().join(' ')] };
  const { text } = readPdf(await printSheet(sheet, 0));
  for (const word of words) assert.equal(text.split(/\s/).filter((one) => one === word).length, 2, word);
  assert.ok(!text.includes('…'));
});

test('long rows turn the page where they do not fit, and a text without end is cut', async () => {
  const long = Array.from({ length: 200 }, () => 'word').join(' ');
  const { pages, text } = readPdf(await printSheet(sheetOf(Array.from({ length: 12 }, () => long)), 0));
  assert.equal(pages, 3);
  assert.equal(text.split(/\s/).filter((one) => one === 'word').length, 12 * 200);
  const endless = readPdf(
    await printSheet(sheetOf([Array.from({ length: 5_000 }, () => 'word').join(' ')]), 0),
  );
  assert.ok(endless.text.includes('…'));
});

test('what is carried stands at the foot of a page and at the head of the next', async () => {
  const { pages, text } = readPdf(await printSheet(sheetOf(Array.from({ length: 60 }, () => 'line')), 0));
  assert.equal(pages, 2);
  const pieces = text.split('\n');
  const carried = pieces.flatMap((piece, index) => (piece === 'Carried' ? [pieces[index + 1]] : []));
  assert.equal(carried.length, 2);
  assert.equal(carried[0], carried[1]);
  assert.equal(pieces.filter((piece) => piece === 'line').length, 60);
  assert.equal(pieces.at(-1), 'Page 2 of 2');
});

test('it is tagged: a reader finds the title and the table', async () => {
  const source = (await printSheet(sheetOf(['line']), 0)).toString('latin1');
  for (const part of [
    '/MarkInfo',
    '/StructTreeRoot',
    '/S /H1',
    '/S /Table',
    '/S /TH',
    '/S /TD',
    '/Lang (en)',
  ]) {
    assert.ok(source.includes(part), part);
  }
});
