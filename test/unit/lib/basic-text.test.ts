import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadAscii, loadBasicText } from '#lib/basic-text.ts';
import { parseCreditorReference } from '#lib/creditor-reference.ts';

test('names of the world are written in the characters of banks', async () => {
  const basic = await loadBasicText();
  assert.equal(basic('Jürgen Ğül–Łukasz'), 'Jurgen Gul-Lukasz');
  assert.equal(basic('Đặng Ιωάννης Þór'), 'Dang Ioannis Thor');
  assert.equal(basic('A & B <c@d>\n_'), 'A . B .c.d. .');
});

test('every character comes out as one of the set', async () => {
  const basic = await loadBasicText();
  for (let code = 0x20; code < 0x3000; code += 1) {
    assert.match(basic(String.fromCodePoint(code)), /^[A-Za-z0-9/\-?:().,'+ ]*$/);
  }
  const ascii = await loadAscii();
  assert.match(ascii('Müller & Söhne'), /^Muller & Sohne$/);
});

test('a creditor reference is one whose check digits are right', () => {
  assert.equal(parseCreditorReference('RF18 5390 0754 7034'), 'RF18539007547034');
  assert.equal(parseCreditorReference('RF19539007547034'), undefined);
  assert.equal(parseCreditorReference('INV-4711'), undefined);
});
