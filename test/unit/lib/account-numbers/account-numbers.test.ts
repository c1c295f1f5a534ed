import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isValidIBAN } from 'ibantools';
import {
  accountNumberOf,
  findNationalForm,
  firstAccountNumber,
  firstSerial,
  isBankCode,
  isOfBank,
  knownCountries,
  plainBankCode,
  sisterIban,
  whyUnknown,
} from '#lib/account-numbers/account-numbers.ts';

for (const country of knownCountries()) {
  test(`a bank in ${country} counts 300 accounts, each with a number of its own of one length`, () => {
    const form = findNationalForm(country);
    assert.ok(form !== undefined);
    const bankCode = form.bankCodeExample;
    assert.ok(isBankCode(form, bankCode));
    const numbers = new Set<string>();
    let serial = firstSerial(form);
    for (let count = 0; count < 300; count++) {
      const found = firstAccountNumber(country, bankCode, serial);
      assert.ok(found !== undefined);
      assert.match(found.number, /^\d{6,30}$/);
      numbers.add(found.number);
      if (form.hasIbans) {
        assert.ok(found.iban !== undefined && isValidIBAN(found.iban) && found.iban.startsWith(country));
        assert.ok(isOfBank(found.iban, country, bankCode));
      } else {
        assert.equal(found.iban, undefined);
      }
      serial = found.serial + 1n;
    }
    assert.equal(numbers.size, 300);
    assert.equal(new Set([...numbers].map(({ length }) => length)).size, 1);
  });
}

test('numbers of a bank in DE and CZ are those that it always gave out', () => {
  assert.deepEqual(firstAccountNumber('DE', '10010010', 1_000_000_001n), {
    number: '1000000001',
    iban: 'DE88100100101000000001',
    serial: 1_000_000_001n,
  });
  assert.deepEqual(firstAccountNumber('CZ', '0800', 1_000_000_001n), {
    number: '1000000005',
    iban: 'CZ7508000000001000000005',
    serial: 1_000_000_005n,
  });
});

test('a country without IBANs has none', () => {
  for (const country of ['AR', 'AU', 'CA', 'IN', 'JP', 'MX', 'NG', 'NZ', 'US']) {
    assert.equal(findNationalForm(country)?.hasIbans, false);
  }
});

test('no number is made from a bank code of another form, and none beyond the last', () => {
  assert.equal(accountNumberOf('GB', '10010010', '1'), undefined);
  assert.equal(accountNumberOf('DE', '1001001', '1'), undefined);
  assert.equal(accountNumberOf('DE', 'ABCDEFGH', '1'), undefined);
  assert.equal(accountNumberOf('DE', '10010010', '12345678901'), undefined);
  assert.equal(accountNumberOf('US', '111000026', '1'), undefined);
  assert.equal(firstAccountNumber('NO', '8601', 1_000_000n), undefined);
});

test('a country whose form is not known is not guessed', () => {
  for (const country of ['SE', 'IS', 'RU', 'ZZ', 'constructor']) {
    assert.equal(findNationalForm(country), undefined);
    assert.equal(accountNumberOf(country, '10010010', '1'), undefined);
    assert.notEqual(whyUnknown(country), '');
  }
  assert.match(whyUnknown('IS'), /national id/);
});

test('a bank code may be written with spaces, hyphens and small letters', () => {
  assert.equal(plainBankCode('nwbk 60-16-13'), 'NWBK601613');
});

test('the IBAN of another account of the same bank follows from its number', () => {
  for (const country of knownCountries()) {
    const form = findNationalForm(country);
    assert.ok(form !== undefined);
    const first = firstAccountNumber(country, form.bankCodeExample, firstSerial(form));
    const second = firstAccountNumber(country, form.bankCodeExample, firstSerial(form) + 1_000n);
    assert.ok(first !== undefined && second !== undefined);
    if (first.iban === undefined) continue;
    assert.equal(sisterIban(first.iban, first.number, second.number), second.iban, country);
  }
  assert.equal(sisterIban('DE88100100101000000001', '1000000001', '12345678901'), undefined);
  assert.equal(sisterIban('NO9386011117947', '1117947', '1117948'), undefined);
});
