import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, readConfig } from '#config/config.ts';

function refusal(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  return assert.fail('it was taken');
}

const REFUSED: readonly (readonly [country: string, bankCode: string, message: RegExp])[] = [
  ['SE', '5000', /knows, not SE \(Sweden\): the check digits there are a matter of each bank$/],
  ['IS', '0159', /knows, not IS \(Iceland\): .* national id of its owner$/],
  ['VN', '01', /knows, not VN \(Vietnam\): the form of its account numbers is not known$/],
  ['GB', '', /^FLORIN_BANK_CODE is needed with FLORIN_COUNTRY=GB: a bank of 4 letters .* like NWBK601613$/],
  ['GB', '601613', /^FLORIN_BANK_CODE takes a bank of 4 letters .* in GB, like NWBK601613, not "601613"$/],
  ['US', '111000026', /takes a routing number \(ABA\) of 9 digits in US, like 110000000, not "111000026"$/],
  ['IT', 'X0542811101', /takes a bank and branch \(ABI, CAB\) of 10 digits in IT/],
];
for (const [country, bankCode, message] of REFUSED) {
  test(`a bank in ${country} with bank code "${bankCode}" is refused, and why`, () => {
    assert.match(refusal({ FLORIN_COUNTRY: country, FLORIN_BANK_CODE: bankCode }), message);
  });
}

test('a bank code is taken as people write it', () => {
  const { book } = readConfig({ FLORIN_COUNTRY: 'GB', FLORIN_BANK_CODE: 'nwbk 60-16-13' });
  assert.equal(book.bankCode, 'NWBK601613');
  assert.equal(
    readConfig({ FLORIN_COUNTRY: 'US', FLORIN_BANK_CODE: '0210-0002-1' }).book.bankCode,
    '021000021',
  );
});
