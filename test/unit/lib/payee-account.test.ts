import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlorinError } from '#lib/errors.ts';
import { type BankCodeScheme, payeeKey, requireBankAccount } from '#lib/payee-account.ts';

const account = (scheme: BankCodeScheme, bankCode: string, accountNumber: string) =>
  requireBankAccount({ scheme, bankCode, accountNumber }, 'to');

/** The paths that are refused. */
function faults(scheme: BankCodeScheme, bankCode: string, accountNumber: string): string[] {
  try {
    account(scheme, bankCode, accountNumber);
  } catch (error) {
    assert.ok(error instanceof FlorinError);
    return error.fields.map(({ path }) => path);
  }
  return [];
}

test('a bank code and an account number lose their spaces and hyphens', () => {
  assert.deepEqual(account('gb_sort_code', '20-00-00', '5577 9911'), {
    scheme: 'gb_sort_code',
    bank: '200000',
    accountNumber: '55779911',
  });
  assert.deepEqual(account('bic', 'ctba au 2s', '06-2000 12345678'), {
    scheme: 'bic',
    bank: 'CTBAAU2S',
    accountNumber: '06200012345678',
  });
});

// The Federal Reserve's own for Boston and JPMorgan Chase's for New York.
for (const right of ['011000015', '021000021']) {
  test(`${right} is a routing number, and none of its neighbours is`, () => {
    assert.deepEqual(faults('us_aba', right, '1'), []);
    for (let last = 0; last <= 9; last++) {
      const other = right.slice(0, -1) + last;
      if (other !== right) assert.deepEqual(faults('us_aba', other, '1'), ['to.bankCode'], other);
    }
  });
}

const WRONG: [BankCodeScheme, string, string, string[]][] = [
  ['us_aba', '02100002', '123', ['to.bankCode']],
  ['us_aba', '0210000210', '123', ['to.bankCode']],
  ['us_aba', '021000021', '', ['to.accountNumber']],
  ['us_aba', '021000021', '1'.repeat(18), ['to.accountNumber']],
  ['us_aba', '021000021', '12A', ['to.accountNumber']],
  ['gb_sort_code', '20000', '55779911', ['to.bankCode']],
  ['gb_sort_code', '20-00-0A', '55779911', ['to.bankCode']],
  ['gb_sort_code', '200000', '5577991', ['to.accountNumber']],
  ['gb_sort_code', '200000', '557799112', ['to.accountNumber']],
  ['bic', 'CTBAAU2', '1', ['to.bankCode']],
  ['bic', 'CTBAZZ2S', '1', ['to.bankCode']],
  ['bic', 'CTBAAU2S12', '1', ['to.bankCode']],
  ['bic', 'CTBAAU2S', 'Ä1', ['to.accountNumber']],
  ['bic', 'CTBAAU2S', '1'.repeat(35), ['to.accountNumber']],
  ['bic', 'COBADEFF', 'DE89 3704 0044 0532 0130 00', ['to.accountNumber']],
  ['bic', 'X', '', ['to.bankCode', 'to.accountNumber']],
];

for (const [scheme, bank, number, paths] of WRONG) {
  test(`${scheme} ${bank} with ${number === '' ? 'no number' : number} is refused`, () => {
    assert.deepEqual(faults(scheme, bank, number), paths);
  });
}

test('the longest of each is taken', () => {
  assert.deepEqual(faults('us_aba', '021000021', '1'.repeat(17)), []);
  assert.deepEqual(faults('bic', 'CTBAAU2SXXX', '1'.repeat(34)), []);
});

test('accounts of two schemes are two payees', () => {
  const keys = [account('us_aba', '021000021', '12345678'), account('bic', 'CHASUS33', '12345678')].map(
    payeeKey,
  );
  assert.deepEqual(keys, ['us_aba/021000021/12345678', 'bic/CHASUS33/12345678']);
});
