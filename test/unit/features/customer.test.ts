import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Customer,
  type CustomerState,
  type Organisation,
  type Person,
} from '#features/customers/customer.ts';
import type { CustomerId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';

const TODAY = '2026-01-14' as IsoDate;
const ID = '01890a5d-ac96-774b-bcce-b302099a8057' as CustomerId;

const person = (fields: Partial<Person> = {}): Person => ({
  type: 'person',
  givenName: 'Ada',
  familyName: 'Lovelace',
  dateOfBirth: '1990-12-10' as IsoDate,
  ...fields,
});

const ORGANISATION: Organisation = {
  type: 'organisation',
  legalName: 'Engines',
  registrationNumber: 'HRB 1',
};

const HERE = { today: TODAY, home: 'DE' };
const open = (identity: Person | Organisation, details = {}, today = TODAY) =>
  Customer.open(ID, identity, { metadata: {}, ...details }, { today, home: 'DE' });

/** A customer as stored, with whatever an earlier rule or an import let through. */
const stored = (fields: Partial<CustomerState> = {}) =>
  new Customer({ id: ID, identity: person(), status: 'active', version: 3, metadata: {}, ...fields });

const refused = (path: string) => ({
  status: 400,
  code: 'validation_failed',
  message: new RegExp(`^${path}: `),
});

const BIRTH_DATES: [born: string, today: string, isWelcome: boolean][] = [
  ['2008-01-13', '2026-01-14', true],
  ['2008-01-14', '2026-01-14', true],
  ['2008-01-15', '2026-01-14', false],
  ['2008-02-29', '2026-02-28', false],
  ['2008-02-29', '2026-03-01', true],
  ['2026-01-14', '2026-01-14', false],
  ['2026-01-15', '2026-01-14', false],
  ['1895-01-15', '2026-01-14', true],
  ['1895-01-14', '2026-01-14', false],
];
for (const [born, today, isWelcome] of BIRTH_DATES) {
  test(`who is born on ${born} is ${isWelcome ? '' : 'not '}welcome on ${today}`, () => {
    const opening = () => open(person({ dateOfBirth: born as IsoDate }), {}, today as IsoDate);
    if (isWelcome) assert.equal(opening().state.status, 'active');
    else assert.throws(opening, refused('dateOfBirth'));
  });
}

const LENGTHS: [field: string, most: number, make: (text: string) => Customer][] = [
  ['givenName', 100, (givenName) => open(person({ givenName }))],
  ['familyName', 100, (familyName) => open(person({ familyName }))],
  ['legalName', 200, (legalName) => open({ ...ORGANISATION, legalName })],
  ['registrationNumber', 50, (registrationNumber) => open({ ...ORGANISATION, registrationNumber })],
  ['nationalId', 50, (nationalId) => open(person(), { nationalId })],
  ['externalId', 100, (externalId) => open(person(), { externalId })],
];
for (const [field, most, make] of LENGTHS) {
  test(`${field} has 1 to ${most} characters`, () => {
    make('é');
    make('é'.repeat(most));
    assert.throws(() => make('é'.repeat(most + 1)), refused(field));
    assert.throws(() => make(''), refused(field));
    assert.throws(() => make('  '), refused(field));
  });
}

test('a new customer is active, in version 1, and has no details but those given', () => {
  const { state } = open(person({ givenName: ' Ada ' }), { email: ' ada@example.com' });
  assert.equal(state.status, 'active');
  assert.equal(state.version, 1);
  assert.deepEqual(state.identity, person());
  assert.equal(state.email, 'ada@example.com');
  assert.equal(state.phone, undefined);
});

test('a change counts the version up by one and leaves the rest', () => {
  const customer = stored({ nationalId: 'N', externalId: 'E', email: 'a@example.com' });
  customer.change({ familyName: 'King', nationalId: null }, HERE);
  const { version, identity, nationalId, externalId, email } = customer.state;
  assert.equal(version, 4);
  assert.deepEqual(identity, person({ familyName: 'King' }));
  assert.deepEqual([nationalId, externalId, email], [undefined, 'E', 'a@example.com']);
});

test('a refused change leaves the customer as it was', () => {
  const customer = stored();
  const before = customer.state;
  assert.throws(() => customer.change({ familyName: 'King', email: 'nobody' }, HERE), refused('email'));
  assert.equal(customer.state, before);
});

test('a person takes no field of an organisation, nor the other way round', () => {
  assert.throws(() => stored().change({ legalName: 'X' }, HERE), refused('legalName'));
  assert.throws(() => stored().change({ registrationNumber: 'X' }, HERE), refused('registrationNumber'));
  const company = stored({ identity: ORGANISATION });
  assert.throws(() => company.change({ givenName: 'X' }, HERE), refused('givenName'));
  assert.throws(() => company.change({ familyName: 'X' }, HERE), refused('familyName'));
  assert.throws(() => company.change({ dateOfBirth: TODAY }, HERE), refused('dateOfBirth'));
});

test('a change of birth date is judged like a new one', () => {
  assert.throws(
    () => stored().change({ dateOfBirth: '2008-01-15' as IsoDate }, HERE),
    refused('dateOfBirth'),
  );
  stored().change({ dateOfBirth: '2008-01-14' as IsoDate }, HERE);
});

test('an imported customer under age may get a new e-mail, but no other birth date under age', () => {
  const child = stored({ identity: person({ dateOfBirth: '2015-05-05' as IsoDate }) });
  child.change({ email: 'child@example.com' }, HERE);
  assert.equal(child.state.email, 'child@example.com');
  child.change({ familyName: 'King' }, HERE);
  assert.throws(() => child.change({ dateOfBirth: '2015-05-06' as IsoDate }, HERE), refused('dateOfBirth'));
});

for (const [version, isRead] of [
  [2, false],
  [3, true],
  [4, false],
  ['*', true],
] as const) {
  test(`version 3 is ${isRead ? '' : 'not '}what ${version} read`, () => {
    const check = () => stored().assertVersion(version);
    if (isRead) check();
    else assert.throws(check, { status: 412, code: 'version_conflict' });
  });
}

test('a customer closes without open accounts, once, and is not changed any more', () => {
  const customer = stored();
  assert.throws(() => customer.close(1), { status: 409, code: 'customer_has_open_accounts' });
  assert.equal(customer.state.version, 3);
  customer.assertActive();
  customer.close(0);
  assert.equal(customer.state.status, 'closed');
  assert.equal(customer.state.version, 4);
  const closed = { status: 409, code: 'customer_closed' };
  assert.throws(() => customer.close(0), closed);
  assert.throws(() => customer.assertActive(), closed);
  assert.throws(() => customer.change({ email: 'a@example.com' }, HERE), closed);
});
