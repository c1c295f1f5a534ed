import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Address, cleanAddress, cleanCountry, cleanEmail, cleanPhone } from '#lib/contact.ts';
import { currencyDecimals, listCurrencies, parseCurrency, requireCurrency } from '#lib/money/currencies.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { cleanName, cleanText, optional } from '#lib/text.ts';

const refused = (path: string) => ({
  status: 400,
  code: 'validation_failed',
  message: new RegExp(`^${path}: `),
});

test('text loses the space around it, and takes on one Unicode form', () => {
  assert.equal(cleanText('  a b ', 'x', 3), 'a b');
  assert.equal(cleanText('Jose\u0301', 'x', 4), 'Jos\u00e9');
  assert.equal(cleanText('\u00a0\u3000a\u2003', 'x', 1), 'a');
});

test('text has as many characters as are allowed, and not one more', () => {
  assert.equal(cleanText('abc', 'x', 3), 'abc');
  assert.equal(cleanText('ab', 'x', 3), 'ab');
  assert.throws(() => cleanText('abcd', 'x', 3), refused('x'));
  assert.equal(cleanText('🏦🏦🏦', 'x', 3), '🏦🏦🏦');
  assert.throws(() => cleanText('🏦🏦🏦🏦', 'x', 3), refused('x'));
});

for (const text of ['', ' ', '\u00a0', '\n', 'a\u0000', 'a\u001fb', 'a\u007fb', 'a\u0085b', 'a\tb', 'a\nb']) {
  test(`${JSON.stringify(text)} is no text`, () => {
    assert.throws(() => cleanText(text, 'x', 10), refused('x'));
  });
}

test('a name holds a letter of any script', () => {
  for (const name of ['A', '王', 'Ж', "d'Arc", 'ʻŌ', '1a']) assert.equal(cleanName(name, 'x', 10), name);
  for (const name of ['1', '-', '☺', '.', '']) assert.throws(() => cleanName(name, 'x', 10), refused('x'));
});

test('a rule is not asked about what is absent', () => {
  assert.equal(
    optional(undefined, () => assert.fail()),
    undefined,
  );
  assert.equal(
    optional('a', (text) => `${text}!`),
    'a!',
  );
});

test('an e-mail is kept as it was given, without the space around it', () => {
  assert.equal(cleanEmail(' Ada.L+bank@Example.co.uk '), 'Ada.L+bank@Example.co.uk');
  const longest = `${'a'.repeat(242)}@example.com`;
  assert.equal(cleanEmail(longest), longest);
});

for (const text of [
  '',
  'a',
  '@b.de',
  'a@',
  'a@b',
  'a@b.',
  'a@.de',
  'a@@b.de',
  'a b@c.de',
  `${'a'.repeat(243)}@example.com`,
]) {
  test(`${JSON.stringify(text.slice(0, 20))} is no e-mail`, () => {
    assert.throws(() => cleanEmail(text), refused('email'));
  });
}

test('a phone is in E.164 form, as long as its country’s are', () => {
  for (const phone of ['+4930901820', '+12025550123', '+2902158']) assert.equal(cleanPhone(phone), phone);
  for (const phone of [
    '+1202555012',
    '+120255501234',
    '+0493090182',
    '+49 30901820',
    '4930901820',
    '+',
    '+999999999999',
  ]) {
    assert.throws(() => cleanPhone(phone), refused('phone'), phone);
  }
});

test('a country is a code of ISO 3166-1 in upper case', () => {
  for (const code of ['DE', 'US', 'TW']) assert.equal(cleanCountry(code, 'c'), code);
  for (const code of ['de', 'D', 'DEU', 'ZZ', 'EU', '', 'D1', 'toString']) {
    assert.throws(() => cleanCountry(code, 'c'), refused('c'), code);
  }
});

test('an address is cleaned part by part, and errors name the part', () => {
  const address: Address = { line1: ' A 1 ', city: ' B ', postalCode: ' 1 ', country: 'DE' };
  assert.deepEqual(cleanAddress(address), { line1: 'A 1', city: 'B', postalCode: '1', country: 'DE' });
  assert.deepEqual(cleanAddress({ ...address, line2: ' x ' }).line2, 'x');
  assert.throws(() => cleanAddress({ ...address, line1: 'x'.repeat(201) }), refused('address.line1'));
  assert.throws(() => cleanAddress({ ...address, line2: '' }), refused('address.line2'));
  assert.throws(() => cleanAddress({ ...address, city: 'x'.repeat(101) }), refused('address.city'));
  assert.throws(
    () => cleanAddress({ ...address, postalCode: '1'.repeat(21) }),
    refused('address.postalCode'),
  );
  assert.throws(() => cleanAddress({ ...address, country: 'XX' }), refused('address.country'));
});

test('currencies have the decimals of ISO 4217', () => {
  const decimals = Object.fromEntries(listCurrencies().map((one) => [one.currency, one.decimals]));
  const known = { EUR: 2, USD: 2, JPY: 0, KRW: 0, ISK: 0, CLP: 0, KWD: 3, BHD: 3, TND: 3, CZK: 2, HUF: 2 };
  for (const [currency, count] of Object.entries(known)) assert.equal(decimals[currency], count, currency);
  assert.equal(Object.keys(decimals).length, listCurrencies().length, 'no currency twice');
});

test('a currency is a known code in upper case', () => {
  const eur = parseCurrency('EUR');
  assert.equal(eur, 'EUR');
  assert.equal(currencyDecimals(eur!), 2);
  for (const text of ['eur', 'EURO', 'EU', '', 'XXX', 'XAU', 'DEM', 'toString', ' EUR']) {
    assert.equal(parseCurrency(text), undefined, text);
    assert.throws(() => requireCurrency(text), refused('currency'), text);
  }
});

test('requests have the same hash when operation and values are the same, and only then', () => {
  const hash = (operation: string, ...values: (string | bigint | null | undefined)[]) =>
    hashRequest(operation, values).toString('hex');
  const first = hash('deposit', 'a', 1n, null);
  assert.equal(first.length, 64);
  assert.equal(hash('deposit', 'a', 1n, undefined), first);
  const others = [
    hash('withdrawal', 'a', 1n, null),
    hash('deposit', 'b', 1n, null),
    hash('deposit', 'a', 2n, null),
    hash('deposit', 'a', 1n, ''),
    hash('deposit', 'a', 1n, 'null'),
    hash('deposit', 'a', 1n),
    hash('deposit', null, 'a', 1n),
    hash('deposit', 'a","1', null),
  ];
  assert.equal(new Set([first, ...others]).size, 9);
});
