import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isValidIBAN } from 'ibantools';
import {
  accountNumberOf,
  findNationalForm,
  isBankCode,
  knownCountries,
} from '#lib/account-numbers/account-numbers.ts';
import { IBAN_REGISTRY, NATIONAL } from './published-examples.ts';

for (const [country, bankCode, serial, number, iban] of [...IBAN_REGISTRY, ...NATIONAL]) {
  test(`${country} ${bankCode}: ${serial} has the published number ${number}`, () => {
    const found = accountNumberOf(country, bankCode, serial);
    assert.equal(found?.number, number);
    if (iban !== undefined) assert.equal(found.iban, iban);
  });
}

test('every country that is known has a published example', () => {
  const shown = new Set([...IBAN_REGISTRY, ...NATIONAL].map(([country]) => country));
  assert.deepEqual(knownCountries(), [...shown].toSorted());
  assert.ok(shown.size >= 70);
});

/** IBAN registry examples whose accounts have a part that this bank leaves at zero, or another bank's check digits. */
test('the registry’s examples with a prefix and with another bank’s digits are IBANs too', () => {
  for (const iban of [
    'CZ6508000000192000145399',
    'SK3112000000198742637541',
    'BR1800360305000010009795493C1',
  ]) {
    assert.ok(isValidIBAN(iban));
  }
});

/** American Bankers Association; Hrvatska narodna banka; Narodowy Bank Polski; Magyar Nemzeti Bank. */
const BANK_CODES: readonly (readonly [string, string, boolean])[] = [
  ['US', '111000025', true],
  ['US', '021000021', true],
  ['US', '111000026', false],
  ['US', '401000021', false],
  ['HR', '1001005', true],
  ['HR', '1001006', false],
  ['PL', '10901014', true],
  ['PL', '10901015', false],
  ['HU', '11773016', true],
  ['HU', '11773017', false],
  ['AL', '21211009', true],
  ['AL', '21211000', false],
  ['AR', '28505909', true],
  ['AR', '28505908', false],
  ['IN', 'HDFC1004051', false],
  ['NZ', '990902', false],
  ['GB', '601613', false],
];
for (const [country, bankCode, isRight] of BANK_CODES) {
  test(`${bankCode} is ${isRight ? 'a' : 'no'} bank code of ${country}`, () => {
    const form = findNationalForm(country);
    assert.ok(form !== undefined);
    assert.equal(isBankCode(form, bankCode), isRight);
  });
}
