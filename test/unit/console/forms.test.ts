import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Field } from '../../../console/src/forms/description.ts';
import { readDecimal, readRate, typedDecimal } from '../../../console/src/forms/numbers.ts';
import { readChange, readGroup } from '../../../console/src/forms/read.ts';
import { fieldsOf } from '../../../console/src/forms/shapes.ts';
import { blankGroup, type TypedGroup, typedGroup } from '../../../console/src/forms/typed.ts';
import { instantOf, wallTimeOf } from '../../../console/src/forms/wall-time.ts';
import { described } from './described.ts';

const PLACE = { locale: 'en-GB', timeZone: 'Europe/Berlin' };
const ACCOUNT = 'acc_01hk4jzh04e00acnmmqdkz21gk';

function form(id: string) {
  const { operation, shapes } = described(id);
  assert.ok(operation.body !== undefined);
  const fields = fieldsOf(operation.body, shapes);
  return { fields, shapes, blank: blankGroup(fields, shapes) };
}

function kindsOf(id: string): Record<string, string> {
  return Object.fromEntries(form(id).fields.map(({ name, kind }) => [name, kind]));
}

test('a field is of the kind that the document gives it', () => {
  assert.deepEqual(kindsOf('placeHold'), {
    accountId: 'id',
    amount: 'money',
    currency: 'currency',
    expiresAt: 'instant',
    reference: 'text',
    externalId: 'text',
    metadata: 'texts',
  });
  const { password, role, email } = kindsOf('createUser');
  assert.deepEqual([password, role, email], ['secret', 'enum', 'email']);
  const { lines, valueDate, reason } = kindsOf('createJournalEntry');
  assert.deepEqual([lines, valueDate, reason], ['list', 'date', 'longText']);
  assert.equal(kindsOf('setReferenceRate').rate, 'decimal');
  assert.equal(kindsOf('addProductVersion').interest, 'group');
  assert.equal(described('createCustomer').operation.body?.kind, 'choice');
});

test('ids say what they are of, fields what they are for, and a change that it takes a version', () => {
  const account = form('placeHold').fields.find(({ name }) => name === 'accountId');
  assert.deepEqual(account, {
    name: 'accountId',
    help: 'The account.',
    example: ACCOUNT,
    isRequired: true,
    kind: 'id',
    prefix: 'acc',
  });
  assert.equal(described('changeHold').operation.ifMatch, 'required');
  assert.equal(described('listHolds').operation.isPaged, true);
  assert.deepEqual(described('getTrialBalance').operation.formats, ['csv', 'pdf']);
});

const READ: readonly (readonly [typed: string, locale: string, read: string | undefined])[] = [
  ['1,234.5', 'en-GB', '1234.50'],
  ['1.234,5', 'de-DE', '1234.50'],
  ['0', 'de-DE', '0'],
  ['0.00', 'en-GB', '0'],
  ['-5', 'en-GB', undefined],
  ['1.005', 'en-GB', undefined],
  ['five', 'en-GB', undefined],
];

test('amounts and rates are read as the language writes them', () => {
  for (const [typed, locale, read] of READ) assert.equal(readDecimal(typed, locale, 2), read, typed);
  assert.equal(readDecimal('-5', 'en-GB', 2, true), '-5.00');
  assert.equal(readRate('3,5', 'de-DE', 6, false), '3.5');
  assert.equal(readRate('3.50', 'en-GB', 6, false), '3.5');
  assert.equal(readRate('-0,25', 'de-DE', 4, true), '-0.25');
  assert.equal(typedDecimal('1250.00', 'de-DE'), '1250,00');
});

test('what is empty is left out, and what is wrong is said by its path', () => {
  const { fields, shapes, blank } = form('placeHold');
  const typed = { ...blank, accountId: ACCOUNT, amount: '1,250', currency: 'eur' };
  assert.deepEqual(readGroup(fields, typed, { ...PLACE, shapes }).value, {
    accountId: ACCOUNT,
    amount: '1250.00',
    currency: 'EUR',
  });
  const wrong = { ...typed, accountId: 'cus_01hk4jzh04e00acnmmqdkz21gk', amount: '' };
  const { faults } = readGroup(fields, wrong, { ...PLACE, shapes });
  assert.deepEqual(
    [...faults],
    [
      ['accountId', { name: 'wrongKind', values: { is: 'cus', prefix: 'acc' } }],
      ['amount', { name: 'required' }],
    ],
  );
});

test('a currency has its own decimals', () => {
  const { fields, shapes, blank } = form('placeHold');
  const faultsOf = (currency: string, amount: string): string[] => [
    ...readGroup(
      fields,
      { ...blank, accountId: ACCOUNT, currency, amount },
      { ...PLACE, shapes },
    ).faults.keys(),
  ];
  assert.deepEqual(faultsOf('JPY', '10.5'), ['amount']);
  assert.deepEqual(faultsOf('JPY', '10'), []);
  assert.deepEqual(faultsOf('KWD', '10.125'), []);
});

test('items of a list have their places in the paths of faults', () => {
  const { fields, shapes, blank } = form('createJournalEntry');
  const line = (amount: string): TypedGroup => ({
    glAccount: '1000',
    side: 'debit',
    amount,
    currency: 'EUR',
  });
  const typed = { ...blank, reason: 'Rent', lines: [line('10'), line('ten')] };
  assert.deepEqual([...readGroup(fields, typed, { ...PLACE, shapes }).faults.keys()], ['lines[1].amount']);
  const one = { ...typed, lines: [line('10')] };
  assert.deepEqual([...readGroup(fields, one, { ...PLACE, shapes }).faults.keys()], ['lines']);
  assert.equal((blank.lines as readonly unknown[]).length, 2);
});

test('a change sends what is different, null for what was emptied, and refuses to empty what is needed', () => {
  const { fields, shapes } = form('changeCustomer');
  const place = { ...PLACE, shapes };
  const record = {
    givenName: 'Ada',
    familyName: 'Lovelace',
    email: 'ada@example.com',
    dateOfBirth: '1815-12-10',
  };
  const before = typedGroup(fields, record, place);
  assert.deepEqual(readChange(fields, before, before, place).value, {});
  const changed = { ...before, familyName: 'King', email: '' };
  assert.deepEqual(readChange(fields, changed, before, place).value, { familyName: 'King', email: null });
  const emptied = { ...before, dateOfBirth: '' };
  assert.deepEqual([...readChange(fields, emptied, before, place).faults.keys()], ['dateOfBirth']);
});

test('a group that was not added is not sent; one that was is checked', () => {
  const { fields, shapes, blank } = form('addProductVersion');
  const typed = { ...blank, currency: 'EUR', effectiveFrom: '2026-02-01' };
  const { value, faults } = readGroup(fields, typed, { ...PLACE, shapes });
  assert.deepEqual([value, faults.size], [{ currency: 'EUR', effectiveFrom: '2026-02-01' }, 0]);
  const overdraft: TypedGroup = { allowed: 'true', maximumLimit: '1,000', unarrangedTolerance: '' };
  assert.deepEqual(readGroup(fields, { ...typed, overdraft }, { ...PLACE, shapes }).value, {
    currency: 'EUR',
    effectiveFrom: '2026-02-01',
    overdraft: { allowed: true, maximumLimit: '1000.00' },
  });
});

test('a choice is read as what was chosen', () => {
  const { operation, shapes } = described('createBeneficiary');
  assert.ok(operation.body !== undefined);
  const fields = fieldsOf(operation.body, shapes);
  const account: Field | undefined = fields.find(({ name }) => name === 'account');
  assert.equal(account?.kind, 'choice');
  const us = { type: 'us_aba', bankCode: '021000021', accountNumber: '12345' };
  const typed = { ...blankGroup(fields, shapes), name: 'Grace', account: us };
  const read = readGroup(fields, typed, { ...PLACE, shapes });
  assert.deepEqual([read.value, read.faults.size], [{ name: 'Grace', account: us }, 0]);
  const none = readGroup(fields, { ...typed, account: { type: '' } }, { ...PLACE, shapes });
  assert.deepEqual([...none.faults.keys()], ['account.type']);
});

test('times are typed as the clock of the bank shows them, also where clocks are put forward or back', () => {
  assert.equal(wallTimeOf('2026-01-31T22:59:00.000Z', 'Europe/Berlin'), '2026-01-31T23:59');
  assert.equal(instantOf('2026-01-31T23:59', 'Europe/Berlin'), '2026-01-31T22:59:00.000Z');
  assert.equal(instantOf('2026-07-01T00:00', 'Pacific/Auckland'), '2026-06-30T12:00:00.000Z');
  assert.equal(instantOf('2026-10-25T02:30', 'Europe/Berlin'), '2026-10-25T00:30:00.000Z');
  assert.equal(instantOf('2026-03-29T02:30', 'Europe/Berlin'), '2026-03-29T01:30:00.000Z');
  assert.equal(instantOf('soon', 'Europe/Berlin'), undefined);
});
