import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyMovement } from '#examples/berka/classify-movement.ts';
import { decodeBirthNumber } from '#examples/berka/decode-birth-number.ts';
import { FieldError, readAmount, readBalance, readDate } from '#examples/berka/fields.ts';
import { chainDay } from '#examples/berka/order-transactions.ts';

test('a birth number holds the date of birth, and a woman’s month is 50 higher', () => {
  const decoded = (text: string) => Object.values(decodeBirthNumber(text)).join(' ');
  assert.equal(decoded('706213'), '1970-12-13 female');
  assert.equal(decoded('450204'), '1945-02-04 male');
  assert.equal(decoded('805101'), '1980-01-01 female');
  assert.equal(decoded('871231'), '1987-12-31 male');
  assert.equal(decoded('845229'), '1984-02-29 female');
});

test('a number that no person can have is no birth number', () => {
  for (const text of [
    '',
    '70621',
    '7062133',
    '700013',
    '701313',
    '705013',
    '706313',
    '855229',
    '70 213',
    'abcdef',
  ]) {
    assert.throws(() => decodeBirthNumber(text), FieldError, text);
  }
});

test('dates exist, and are of the twentieth century', () => {
  assert.equal(readDate('930101', 'date'), '1993-01-01');
  assert.equal(readDate('960229', 'date'), '1996-02-29');
  for (const text of ['930230', '930229', '931301', '930100', '93011', '9301011', '1993-01-01', '']) {
    assert.throws(() => readDate(text, 'date'), { message: `date "${text}" is not a date (YYMMDD)` });
  }
});

test('amounts are positive with at most two decimals, balances have either sign', () => {
  assert.equal(readAmount('0.01', 'amount'), 1n);
  assert.equal(readAmount('96396', 'amount'), 9_639_600n);
  assert.equal(readBalance('-2994.60', 'balance'), -299_460n);
  assert.equal(readBalance('0.00', 'balance'), 0n);
  for (const text of ['-5', '0', '0.00', '1.234', 'abc', '', ' 1', '1e3', '1,5', 'NaN', '+1']) {
    assert.throws(() => readAmount(text, 'amount'), FieldError, text);
  }
  for (const text of ['--5', '1.234', '', '- 1', 'abc']) {
    assert.throws(() => readBalance(text, 'balance'), FieldError, text);
  }
});

test('codes say what kind of transaction it was, how the money went and what for', () => {
  const meaning = (type: string, operation: string, symbol: string) => {
    const { direction, type: kind, mode, glCode, purpose } = classifyMovement(type, operation, symbol);
    return [direction, kind, mode, glCode, purpose ?? '-'].join(' ');
  };
  assert.equal(meaning('PRIJEM', 'VKLAD', ''), 'credit deposit cash 1000 -');
  assert.equal(meaning('VYDAJ', 'VYBER', ''), 'debit withdrawal cash 1000 -');
  assert.equal(meaning('VYBER', 'VYBER', ''), 'debit withdrawal cash 1000 -');
  assert.equal(meaning('VYDAJ', 'VYBER', 'SIPO'), 'debit withdrawal cash 1000 household');
  assert.equal(meaning('VYDAJ', 'VYBER KARTOU', ''), 'debit withdrawal card 1100 -');
  assert.equal(meaning('PRIJEM', 'PREVOD Z UCTU', 'DUCHOD'), 'credit incoming_payment clearing 1100 pension');
  assert.equal(
    meaning('VYDAJ', 'PREVOD NA UCET', 'POJISTNE'),
    'debit outgoing_payment clearing 1100 insurance',
  );
  assert.equal(meaning('VYDAJ', 'PREVOD NA UCET', 'UVER'), 'debit outgoing_payment clearing 1100 loan');
  assert.equal(meaning('VYDAJ', 'PREVOD NA UCET', 'LEASING'), 'debit outgoing_payment clearing 1100 leasing');
  assert.equal(meaning('PRIJEM', '', 'UROK'), 'credit interest internal 5000 -');
  assert.equal(meaning('VYDAJ', 'VYBER', 'SANKC. UROK'), 'debit penalty_interest internal 4000 -');
  assert.equal(meaning('VYDAJ', 'VYBER', 'SLUZBY'), 'debit fee internal 4100 -');
});

test('codes that are unknown or contradict each other are refused', () => {
  for (const [type, operation, symbol] of [
    ['VKLAD', 'VKLAD', ''],
    ['PRIJEM', 'PREVOD', ''],
    ['PRIJEM', '', ''],
    ['PRIJEM', 'VKLAD', 'UROKY'],
    ['PRIJEM', 'VYBER', ''],
    ['VYDAJ', 'VKLAD', ''],
    ['VYDAJ', '', 'UROK'],
    ['PRIJEM', 'VYBER', 'SLUZBY'],
    ['PRIJEM', 'VYBER', 'UROK'],
  ] as const) {
    assert.throws(
      () => classifyMovement(type, operation, symbol),
      FieldError,
      `${type} ${operation} ${symbol}`,
    );
  }
});

/** `+1.00 after 11.00` in minor units. */
const row = (signedMinor: bigint, balanceMinor: bigint) => ({ signedMinor, balanceMinor });

test('the rows of a day are put in the order in which their balances chain', () => {
  const fee = row(-1460n, 88_570n);
  const cash = row(-10_000n, 90_030n);
  const interest = row(20n, 100_030n);
  assert.deepEqual(chainDay([fee, cash, interest], 100_010n), [interest, cash, fee]);
});

test('hidden decimals do not break the chain: the nearest balance is next', () => {
  const interest = row(1_234n, 101_265n);
  const fee = row(-1_460n, 99_805n);
  const deposit = row(50_000n, 149_805n);
  assert.deepEqual(chainDay([deposit, fee, interest], 100_000n), [interest, fee, deposit]);
});

test('rows that are equally near stay in the order of the file', () => {
  const first = { ...row(100n, 200n), id: 1 };
  const second = { ...row(100n, 200n), id: 2 };
  assert.deepEqual(chainDay([first, second], 0n), [first, second]);
});

test('a day with more rows than are compared is left as it is', () => {
  const day = Array.from({ length: 301 }, (_, index) => row(1n, BigInt(301 - index)));
  assert.deepEqual(chainDay(day, 0n), day);
  const fewer = day.slice(1);
  assert.deepEqual(chainDay(fewer, 0n), fewer.toReversed());
});
