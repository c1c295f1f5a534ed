import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Account,
  type AccountFunds,
  type AccountState,
  availableMinor,
  newAccount,
} from '#features/accounts/account.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';

const TODAY = '2026-01-14' as IsoDate;
const OWNER = '00000000-0000-7000-8000-000000000001' as CustomerId;
const OTHER = '00000000-0000-7000-8000-000000000002' as CustomerId;

const terms = {
  id: '00000000-0000-7000-8000-00000000000a' as AccountId,
  customerId: OWNER,
  product: 'current',
  currency: 'EUR' as Currency,
  number: '1000000001',
  iban: 'DE89370400440532013000' as Iban,
  openedOn: TODAY,
};

function account(funds: Partial<AccountFunds> = {}, fields: Partial<AccountState> = {}): Account {
  const empty = {
    status: 'active',
    frozen: undefined,
    isEstate: false,
    postedMinor: 0n,
    heldMinor: 0n,
    minimumMinor: 0n,
    overdraftLimitMinor: 0n,
  } as const;
  const { state } = newAccount({ ...terms, overdraftLimitMinor: 0n });
  return new Account({ ...state, ...fields, funds: { ...empty, ...funds } });
}

const conflict = (code: string) => ({ status: 409, code });

test('a new account is active, empty, in version 1, and its customer owns it', () => {
  const { state } = newAccount({ ...terms, overdraftLimitMinor: 500n, externalId: ' E ' });
  assert.deepEqual(state.funds, {
    status: 'active',
    frozen: undefined,
    isEstate: false,
    postedMinor: 0n,
    heldMinor: 0n,
    minimumMinor: 0n,
    overdraftLimitMinor: 500n,
  });
  assert.deepEqual(state.holders, [{ customerId: OWNER, role: 'owner' }]);
  assert.equal(state.externalId, 'E');
  assert.equal(state.version, 1);
  assert.equal(state.closedOn, undefined);
});

test('a new account has no overdraft limit below zero', () => {
  newAccount({ ...terms, overdraftLimitMinor: 0n });
  assert.throws(() => newAccount({ ...terms, overdraftLimitMinor: -1n }), { code: 'validation_failed' });
});

const AVAILABLE: [postedMinor: bigint, heldMinor: bigint, overdraftLimitMinor: bigint, available: bigint][] =
  [
    [0n, 0n, 0n, 0n],
    [100n, 0n, 0n, 100n],
    [100n, 30n, 0n, 70n],
    [100n, 30n, 50n, 120n],
    [-50n, 0n, 50n, 0n],
  ];
for (const [postedMinor, heldMinor, overdraftLimitMinor, available] of AVAILABLE) {
  test(`of ${postedMinor} posted, ${heldMinor} held and ${overdraftLimitMinor} overdraft ${available} is available`, () => {
    assert.equal(availableMinor({ postedMinor, heldMinor, overdraftLimitMinor }), available);
  });
}

const LIMITS: [postedMinor: bigint, heldMinor: bigint, limit: bigint, isTaken: boolean][] = [
  [-40n, 0n, 39n, false],
  [-40n, 0n, 40n, true],
  [-40n, 0n, 41n, true],
  [10n, 20n, 9n, false],
  [10n, 20n, 10n, true],
  [10n, 10n, 0n, true],
];
for (const [postedMinor, heldMinor, limit, isTaken] of LIMITS) {
  test(`with ${postedMinor} posted and ${heldMinor} held, an overdraft of ${limit} is ${isTaken ? '' : 'not '}enough`, () => {
    const one = account({ postedMinor, heldMinor, overdraftLimitMinor: 100n });
    const change = () => one.change({ overdraftLimitMinor: limit });
    if (isTaken) change();
    else assert.throws(change, { status: 422, code: 'overdraft_in_use' });
    assert.equal(one.state.funds.overdraftLimitMinor, isTaken ? limit : 100n);
    assert.equal(one.state.version, isTaken ? 2 : 1);
  });
}

test('a change leaves what it does not name, and null takes the external id away', () => {
  const one = account({ overdraftLimitMinor: 7n }, { externalId: 'E', metadata: { a: '1' } });
  one.change({ metadata: { b: '2' } });
  assert.equal(one.state.externalId, 'E');
  assert.equal(one.state.funds.overdraftLimitMinor, 7n);
  one.change({ externalId: null });
  assert.equal(one.state.externalId, undefined);
  assert.deepEqual(one.state.metadata, { b: '2' });
  assert.equal(one.state.version, 3);
  assert.throws(() => one.change({ externalId: 'x'.repeat(101) }), { code: 'validation_failed' });
  one.change({ externalId: 'x'.repeat(100) });
});

test('an account is frozen, unfrozen and frozen again, each time with a reason', () => {
  const one = account();
  one.freeze({ reason: ' court order ' });
  assert.equal(one.state.funds.status, 'frozen');
  assert.equal(one.state.statusReason, 'court order');
  assert.throws(() => one.freeze({ reason: 'again' }), conflict('account_frozen'));
  one.unfreeze({ reason: 'lifted' });
  assert.equal(one.state.funds.status, 'active');
  assert.equal(one.state.statusReason, 'lifted');
  assert.throws(() => one.unfreeze({ reason: 'again' }), conflict('account_not_frozen'));
  assert.throws(() => one.freeze({ reason: ' ' }), { code: 'validation_failed' });
  assert.throws(() => one.freeze({ reason: 'x'.repeat(501) }), { code: 'validation_failed' });
  assert.equal(one.state.funds.status, 'active');
  one.freeze({ reason: 'x'.repeat(500) });
});

const CLOSING: [postedMinor: bigint, heldMinor: bigint, closes: boolean][] = [
  [0n, 0n, true],
  [1n, 0n, false],
  [-1n, 0n, false],
  [0n, 1n, false],
];
for (const [postedMinor, heldMinor, closes] of CLOSING) {
  test(`an account with ${postedMinor} posted and ${heldMinor} held ${closes ? 'closes' : 'stays open'}`, () => {
    const one = account({ postedMinor, heldMinor, overdraftLimitMinor: 10n });
    if (closes) one.close({ reason: 'moving' }, TODAY);
    else assert.throws(() => one.close({ reason: 'moving' }, TODAY), conflict('account_not_empty'));
    assert.equal(one.state.funds.status, closes ? 'closed' : 'active');
    assert.equal(one.state.closedOn, closes ? TODAY : undefined);
    assert.equal(one.state.version, closes ? 2 : 1);
  });
}

test('a frozen account is not closed', () => {
  assert.throws(
    () => account({ status: 'frozen' }).close({ reason: 'moving' }, TODAY),
    conflict('account_frozen'),
  );
});

test('a closed account refuses everything', () => {
  const one = account({ status: 'closed' });
  const acts = [
    () => one.change({ metadata: {} }),
    () => one.freeze({ reason: 'x' }),
    () => one.unfreeze({ reason: 'x' }),
    () => one.close({ reason: 'x' }, TODAY),
    () => one.addHolder({ customerId: OTHER, role: 'joint' }),
    () => one.removeHolder(OWNER),
  ];
  for (const act of acts) assert.throws(act, conflict('account_closed'));
  assert.equal(one.state.version, 1);
});

test('a holder is added once and taken off, but never the owner it was opened for', () => {
  const one = account();
  one.addHolder({ customerId: OTHER, role: 'joint' });
  assert.equal(one.state.holders.length, 2);
  assert.throws(() => one.addHolder({ customerId: OTHER, role: 'owner' }), conflict('holder_exists'));
  assert.throws(() => one.addHolder({ customerId: OWNER, role: 'joint' }), conflict('holder_exists'));
  assert.throws(() => one.removeHolder(OWNER), { status: 422, code: 'owner_stays' });
  assert.equal(one.removeHolder(OTHER), true);
  assert.equal(one.removeHolder(OTHER), false);
  assert.deepEqual(one.state.holders, [{ customerId: OWNER, role: 'owner' }]);
  assert.equal(one.state.version, 3);
});

for (const [version, isRead] of [
  [0, false],
  [1, true],
  [2, false],
  ['*', true],
] as const) {
  test(`version 1 is ${isRead ? '' : 'not '}what ${version} read`, () => {
    const check = () => account().assertVersion(version);
    if (isRead) check();
    else assert.throws(check, { status: 412, code: 'version_conflict' });
  });
}
