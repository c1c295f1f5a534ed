import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAmount, showAmount } from '../../../console/src/show/amounts.ts';
import { looksLikeIban } from '../../../console/src/show/iban.ts';

const READ: readonly (readonly [
  typed: string,
  locale: string,
  digits: number,
  amount: string | undefined,
])[] = [
  ['25', 'en-GB', 2, '25.00'],
  ['1,234.5', 'en-GB', 2, '1234.50'],
  ['1.234,5', 'de-DE', 2, '1234.50'],
  ['1.234', 'de-DE', 2, '1234.00'],
  ['1,234', 'en-GB', 2, '1234.00'],
  // The mark of the other way of writing, where it can mean nothing else.
  ['9.99', 'de-DE', 2, '9.99'],
  ['9,99', 'en-GB', 2, '9.99'],
  ['1.234.567,89', 'de-DE', 2, '1234567.89'],
  ['1 234,50', 'de-DE', 2, '1234.50'],
  ["1'234.50", 'en-GB', 2, '1234.50'],
  ['1234', 'en-GB', 0, '1234'],
  ['0.125', 'en-GB', 3, '0.125'],
  ['007', 'en-GB', 2, '7.00'],
  ['.5', 'en-GB', 2, '0.50'],
  ['0', 'en-GB', 2, undefined],
  ['-5', 'en-GB', 2, undefined],
  ['1.005', 'en-GB', 2, undefined],
  ['12,34,567', 'en-GB', 2, undefined],
  ['1,2', 'en-GB', 0, undefined],
  ['1e3', 'en-GB', 2, undefined],
  ['', 'en-GB', 2, undefined],
  ['.', 'en-GB', 2, undefined],
  ['1..2', 'en-GB', 2, undefined],
  ['٣', 'en-GB', 2, undefined],
];
for (const [typed, locale, digits, amount] of READ)
  test(`“${typed}” typed in ${locale}, ${digits} digits: ${amount ?? 'no amount'}`, () => {
    assert.equal(readAmount(typed, locale, digits), amount);
  });

test('amounts that no double holds are shown exactly', () => {
  assert.equal(showAmount('9007199254740993.01', 'EUR', 'en-GB'), 'EUR\u00a09,007,199,254,740,993.01');
});

test('an IBAN is told from an account number', () => {
  assert.ok(looksLikeIban('GB82WEST12345698765432') && !looksLikeIban('1000000073'));
});
