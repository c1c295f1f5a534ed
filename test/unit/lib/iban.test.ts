import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ibanOf, parseIban } from '#lib/iban.ts';

/** ISO 7064 mod 97-10 over the IBAN with its first four characters moved behind, letters as 10 to 35. */
function remainder(iban: string): bigint {
  const turned = `${iban.slice(4)}${iban.slice(0, 4)}`;
  return BigInt(turned.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))) % 97n;
}

// The examples of the SWIFT IBAN registry.
const REGISTRY = [
  'DE89370400440532013000',
  'GB29NWBK60161331926819',
  'FR1420041010050500013M02606',
  'NO9386011117947',
  'MT84MALT011000012345MTLCAST001S',
  'CZ6508000000192000145399',
];
for (const iban of REGISTRY) {
  test(`${iban} is an IBAN, however it is written`, () => {
    assert.equal(parseIban(iban), iban);
    assert.equal(parseIban(iban.toLowerCase()), iban);
    assert.equal(parseIban(iban.replaceAll(/(.{4})/g, '$1 ')), iban);
    assert.equal(parseIban(iban.replaceAll(/(.{4})/g, '$1-')), iban);
  });
}

const NO_IBANS = [
  'DE88370400440532013000',
  'DE89370400440532013001',
  'DE8937040044053201300',
  'DE893704004405320130000',
  'DE00370400440532013000',
  'XX89370400440532013000',
  'DE89',
  'DE',
  '',
  '89370400440532013000',
  'DE89 3704 0044 0532 0130 0O',
  "DE89370400440532013000'",
  'DE8937040044053201300０0',
  'ǅE89370400440532013000',
];
for (const text of NO_IBANS) {
  test(`${JSON.stringify(text)} is no IBAN`, () => {
    assert.equal(parseIban(text), undefined);
  });
}

test('one wrong digit, or two that changed places, is always found out', () => {
  const iban = 'DE89370400440532013000';
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 9 }), (at, add) => {
      const digit = (Number(iban[at]) + add) % 10;
      assert.equal(parseIban(`${iban.slice(0, at)}${digit}${iban.slice(at + 1)}`), undefined);
      const swapped = `${iban.slice(0, at)}${iban[at + 1]}${iban[at]}${iban.slice(at + 2)}`;
      assert.equal(parseIban(swapped), iban[at] === iban[at + 1] ? iban : undefined);
    }),
  );
});

test('every account of ten digits gets check digits that mod 97 confirms', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 9_999_999_999n }), (number) => {
      const iban = ibanOf('DE', `10010010${number.toString().padStart(10, '0')}`);
      assert.ok(iban !== undefined && /^DE\d{20}$/.test(iban));
      assert.equal(remainder(iban), 1n);
      assert.equal(parseIban(iban), iban);
    }),
  );
});

test('no IBAN is made of a number of another length, or in a country without IBANs', () => {
  assert.equal(ibanOf('DE', '370400440532013000'), 'DE89370400440532013000');
  assert.equal(ibanOf('DE', '3704004405320130000'), undefined);
  assert.equal(ibanOf('DE', 'ABCDEFGH0532013000'), undefined);
  for (const country of ['US', 'ZZ', 'constructor']) {
    assert.equal(ibanOf(country, '370400440532013000'), undefined);
  }
});
