import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printStatement, type SheetLine } from '#features/loans/contract.ts';
import { readPdf } from '#test/support/read-pdf.ts';

const BANK = { name: 'Test bank', bic: null, address: [], supervisoryIds: {}, letterheadColor: '#1f4e79' };

const LINE: SheetLine = {
  date: '2026-02-15',
  text: 'Repayment',
  amount: '1.00',
  principal: '1.00',
  interest: '0.00',
  fees: '0.00',
  penalties: '0.00',
  owed: '99.00',
};

function sheetOf(count: number, borrower = 'Ada Lovelace') {
  const lines = Array.from({ length: count }, (_, index) => ({ ...LINE, text: `Repayment ${index + 1}` }));
  return { title: 'Statement', period: 'all of it', facts: { borrower }, lines };
}

test('a long statement goes on over pages, each with its titles and its number', async () => {
  const { pages, text } = readPdf(await printStatement(sheetOf(100), BANK, 0));
  assert.equal(pages, 4);
  const pieces = text.split('\n');
  assert.equal(pieces.filter((piece) => /^Repayment \d+$/.test(piece)).length, 100);
  assert.equal(pieces.filter((piece) => piece === 'Owed after').length, 4);
  assert.deepEqual(
    pieces.filter((piece) => piece.startsWith('Page')),
    ['Page 1 of 4', 'Page 2 of 4', 'Page 3 of 4', 'Page 4 of 4'],
  );
});

test('the same statement of the same instant is the same file, and of another one another', async () => {
  const first = await printStatement(sheetOf(3), BANK, 1_000);
  assert.deepEqual(await printStatement(sheetOf(3), BANK, 1_000), first);
  assert.notDeepEqual(await printStatement(sheetOf(3), BANK, 2_000), first);
});

test('names of many languages are printed, and a long one on several lines', async () => {
  const names = [
    'Łukasz Żółć',
    'Nguyễn Thị Hương',
    'Ђорђе Живковић',
    'Ελένη Παπαδοπούλου',
    'Ñandú Çelik Ægir',
  ];
  for (const name of names) {
    const { text } = readPdf(await printStatement(sheetOf(1, name), BANK, 0));
    assert.ok(text.split('\n').includes(name), `${name} is in\n${text}`);
  }
  const { pages, text } = readPdf(await printStatement(sheetOf(1, 'Wolfeschlegel '.repeat(60)), BANK, 0));
  assert.equal(pages, 1);
  assert.equal(text.match(/Wolfeschlegel/g)?.length, 60);
  assert.ok(!text.includes('…'));
});
