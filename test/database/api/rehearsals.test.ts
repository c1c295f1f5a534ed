import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { login, newUser, PASSWORD } from '#test/database/identity/users/staff.ts';
import { type Answer, openApi, refused } from '#test/support/api.ts';
import type { Fields } from './examples.ts';
import { type Operation, readOperations } from './operations.ts';
import { request } from './requests.ts';
import { makeWorld } from './worlds.ts';

const api = await openApi();
const admin = await api.as('admin');
const operations = (await readOperations(api)).filter(({ body }) => body !== undefined);
const own = await makeWorld(api.bank);
const others = await makeWorld(api.bank);

/** Faults that no schema finds, in a body that is right but for them, and what is said of them. */
const LATER: Readonly<Record<string, readonly [fields: Fields, faults: readonly string[]]>> = {
  changeBank: [{ bic: 'X' }, ['bic invalid']],
  createCustomer: [{ dateOfBirth: '2030-01-01' }, ['dateOfBirth invalid']],
  changeCustomer: [
    { dateOfBirth: '2030-01-01', legalName: 'Ltd' },
    ['dateOfBirth invalid', 'legalName invalid'],
  ],
  reportDeath: [{ deceasedOn: '2070-01-01' }, ['deceasedOn invalid']],
  createProduct: [
    { overdraft: { allowed: false, maximumLimit: '5.00' } },
    ['overdraft.maximumLimit invalid'],
  ],
  changeProduct: [{}, ['body invalid']],
  addProductVersion: [
    { eligibility: { minimumAge: 30, maximumAge: 20 } },
    ['eligibility.maximumAge invalid'],
  ],
  quoteInterest: [{ from: '2027-02-01', to: '2027-01-01' }, ['to invalid']],
  setReferenceRate: [{}, ['code invalid']],
  changeAccount: [{ overdraftLimit: '1.001' }, ['overdraftLimit invalid_amount']],
  removeHolder: [{ customerId: undefined }, ['customerId invalid']],
  createBeneficiary: [{ iban: undefined }, ['iban invalid']],
  changeBeneficiary: [{ limitPerDay: '1.001' }, ['limitPerDay invalid_amount']],
  deposit: [{ valueDate: '2001-01-01' }, ['valueDate invalid']],
  withdraw: [{ valueDate: '2001-01-01' }, ['valueDate invalid']],
  transfer: [{ toIban: 'DE89370400440532013000' }, ['toAccountId invalid']],
  reverseTransaction: [{ valueDate: '2001-01-01' }, ['valueDate invalid']],
  payOutEstate: [{ toIban: 'DE89370400440532013000' }, ['mode invalid']],
  placeHold: [{ expiresAt: '2001-01-01T00:00:00Z' }, ['expiresAt invalid']],
  captureHold: [{ amount: '1.001' }, ['amount invalid_amount']],
  changeHold: [
    { amount: '1.001', expiresAt: '2001-01-01T00:00:00Z' },
    ['amount invalid_amount', 'expiresAt invalid'],
  ],
  settleOutgoingPayments: [{ submissionId: own.sub }, ['ids invalid']],
  receivePayment: [{ externalReference: ' ' }, ['externalReference invalid']],
  setRoleLimits: [{ validFrom: '2001-01-01' }, ['validFrom invalid']],
  setAccountLimits: [{ perDay: '1.001' }, ['perDay invalid_amount']],
  createLoanProduct: [{ amount: { min: '100.00', max: '10.00' } }, ['amount.max invalid']],
  quoteLoan: [{}, ['annualRatePercent invalid']],
  applyForLoan: [{ termMonths: 12 }, ['instalments invalid']],
  approveLoan: [{ amount: '1.001' }, ['amount invalid_amount']],
  rescheduleLoan: [{ instalments: undefined }, ['body invalid']],
  disburseLoan: [{ amount: '1.001' }, ['amount invalid_amount']],
  repayLoan: [{ from: 'cash', accountId: own.acc }, ['accountId invalid']],
  recoverLoan: [{ from: 'cash', accountId: own.acc }, ['accountId invalid']],
  waiveLoan: [{ amount: '1.001' }, ['amount invalid_amount']],
  chargeLoan: [{ amount: '1.001' }, ['amount invalid_amount']],
  addLoanParty: [{ sharePercent: '120' }, ['sharePercent invalid']],
  addLoanCollateral: [
    { value: '1.001', valuedOn: '2070-01-01' },
    ['value invalid_amount', 'valuedOn invalid'],
  ],
  changeGlAccount: [{ name: undefined }, ['body invalid']],
  createJournalEntry: [{ valueDate: '2070-01-01' }, ['valueDate invalid']],
  setReportLayout: [{ cash: ['1000'] }, ['cash invalid']],
  createStandingOrder: [
    { endDate: '2001-01-01', startDate: '2002-01-01' },
    ['endDate invalid', 'startDate invalid'],
  ],
  changeStandingOrder: [
    { amount: '1.001', endDate: '2001-01-01' },
    ['amount invalid_amount', 'endDate invalid'],
  ],
  setBusinessDate: [{ businessDate: '9999-12-31' }, ['businessDate invalid']],
  setCalendar: [{ weekendDays: [1, 2, 3, 4, 5, 6, 7] }, ['weekendDays invalid']],
  createUser: [{ password: 'short', name: 'Ada' }, ['password invalid']],
  changeUser: [{ role: 'customer' }, ['role invalid']],
  createApiKey: [
    { expiresAt: '2001-01-01T00:00:00Z', addresses: ['x'] },
    ['addresses[0] invalid', 'expiresAt invalid'],
  ],
  rotateApiKey: [{ previousUntil: '2001-01-01T00:00:00Z' }, ['previousUntil invalid']],
};

test('what is said here is of operations that there are', () => {
  const known = new Set(operations.map(({ id }) => id));
  assert.deepEqual(
    Object.keys(LATER).filter((id) => !known.has(id)),
    [],
  );
});

/** What stands in a path and is no id. */
const NAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  changeGlAccount: { code: '1000' },
  setReportLayout: { report: 'balance-sheet' },
};

/** What a 400 names, as `path code`. */
const faults = (answer: Answer): string[] =>
  ((answer.body as { errors?: { path: string; code: string }[] }).errors ?? [])
    .map(({ path, code }) => `${path} ${code}`)
    .sort();

const callerOf = ({ id }: Operation) => (/user|apikey|loginpolicy/i.test(id) ? admin : api);

describe('a field that nobody knows is refused along with what the bank’s own rules refuse, and nothing is left:', () => {
  for (const operation of operations) {
    test(operation.id, async () => {
      const [fields, said] = LATER[operation.id] ?? [{}, []];
      await api.leavesNothing(async () => {
        const extra = { ...fields, extra: 1 };
        const answer = await request(callerOf(operation), operation, {
          own,
          others,
          named: NAMED[operation.id] ?? {},
          extra,
        });
        refused(answer, 400, 'validation_failed');
        assert.deepEqual(faults(answer), ['extra unknown_field', ...said].sort(), answer.text);
      });
    });
  }
});

test('a secret is not guessed by what else is wrong with a request', async () => {
  const user = await newUser(api.bank, { role: 'teller' });
  const { accessToken } = await login(api.bank, user);
  const caller = api.withToken(async () => accessToken);
  for (const oldPassword of [PASSWORD, 'not the password of anybody']) {
    const answer = await caller.post('/v1/auth/password', { oldPassword, newPassword: 'short', extra: 1 });
    assert.deepEqual(faults(answer), ['extra unknown_field']);
  }
});
