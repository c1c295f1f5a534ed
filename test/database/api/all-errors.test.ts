import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, openApi, organisation, person, refused } from '#test/support/api.ts';

type Fault = {
  readonly path: string;
  readonly in: string;
  readonly pointer?: string;
  readonly code: string;
  readonly message: string;
};

const api = await openApi();
const account = await api.newAccount({ balance: '10.00' });
const admin = await api.as('admin');

/** What a 400 says is wrong, as `part path code`. */
function faults(answer: Answer, code = 'validation_failed'): string[] {
  const errors = (refused(answer, 400, code).errors ?? []) as unknown as readonly Fault[];
  return errors.map((error) => `${error.in} ${error.path} ${error.code}`).sort();
}

test('a transfer with a wrong IBAN, amount, currency, unknown field and no key is told all of it', async () => {
  const body = { toIban: 'DE88100100101000000002', amount: '1.001', currency: 'EUX', extra: 1 };
  const answer = await api.post('/v1/transfers?dry=1', body);
  assert.deepEqual(faults(answer), [
    'body currency wrong_format',
    'body extra unknown_field',
    'body fromAccountId required',
    'body toIban wrong_format',
    'header Idempotency-Key required',
    'query dry unknown_field',
  ]);
});

test('an amount is judged by the currency beside it', async () => {
  const pay = (amount: string, currency: string) =>
    api.pay('/v1/transfers', { fromAccountId: account.id, toAccountId: account.id, amount, currency });
  const messages: [amount: string, currency: string, message: string][] = [
    ['1.001', 'EUR', 'EUR has 2 decimals'],
    ['1.5', 'JPY', 'JPY has 0 decimals'],
    ['0.00', 'EUR', 'must be above zero'],
    ['1000000000000', 'EUR', 'must have at most 12 digits before the point'],
    ['1,50', 'EUR', 'must be a decimal string in major units, like "1250.00"'],
  ];
  for (const [amount, currency, message] of messages) {
    const errors = refused(await pay(amount, currency), 400, 'invalid_amount').errors;
    assert.deepEqual(errors, [
      { path: 'amount', in: 'body', pointer: '/amount', code: 'invalid_amount', message },
    ]);
  }
});

test('each field has its pointer, and what was expected', async () => {
  const items = [
    { type: 'deposit', accountId: account.id, amount: '1.00', currency: 'EUR', mode: 'cheque!' },
  ];
  const answer = await api.pay('/v1/transactions/batch', { mode: 'atomic', items });
  const [error] = (refused(answer, 400, 'validation_failed').errors ?? []) as unknown as readonly Fault[];
  assert.equal(error?.pointer, '/items/0/mode');
  assert.equal(error?.path, 'items[0].mode');
  assert.match(error?.message ?? '', /^must be one of cash, /);
});

test('everything that is wrong with a customer is told at once', async () => {
  const address = { line1: ' ', city: 'x\ny', country: 'DE' };
  const bad = { email: 'a@b', phone: '030', address: { ...address, country: 'XX' }, nationalId: '1' };
  assert.deepEqual(faults(await api.post('/v1/customers', person({ ...bad, dateOfBirth: '2027-02-29' }))), [
    'body address.city invalid',
    'body address.country wrong_format',
    'body address.line1 invalid',
    'body dateOfBirth wrong_format',
    'body email wrong_format',
    'body phone wrong_format',
  ]);
  const hidden = {
    givenName: '--',
    familyName: 'x\ty',
    dateOfBirth: '2020-01-01',
    address,
    nationalId: '--',
  };
  assert.deepEqual(faults(await api.post('/v1/customers', person(hidden))), [
    'body address.city invalid',
    'body address.line1 invalid',
    'body address.postalCode invalid',
    'body dateOfBirth invalid',
    'body familyName invalid',
    'body givenName invalid',
    'body nationalId invalid',
  ]);
  const club = organisation({ legalName: '--', registrationNumber: '--', email: 'x@y.example' });
  assert.deepEqual(faults(await api.post('/v1/customers', club)), [
    'body legalName invalid',
    'body registrationNumber invalid',
  ]);
});

test('a change is told all that is wrong, with its missing If-Match', async () => {
  const customer = await api.newCustomer();
  const answer = await api.patch(`/v1/customers/${customer.id}`, { email: 'x', phone: 'y' }, undefined);
  assert.deepEqual(faults(answer), [
    'body email wrong_format',
    'body phone wrong_format',
    'header If-Match required',
  ]);
});

test('a standing order, a user, a key and a beneficiary are told all, too', async () => {
  const other = await api.newAccount();
  const order = {
    fromAccountId: account.id,
    toAccountId: other.id,
    amount: '1.00',
    currency: 'EUR',
    frequency: 'weekly',
    startDate: '2025-01-01',
    endDate: '2024-01-01',
    description: 'a\nb',
    reference: ' ',
  };
  assert.deepEqual(faults(await api.post('/v1/standing-orders', order)), [
    'body description invalid',
    'body endDate invalid',
    'body reference invalid',
    'body startDate invalid',
  ]);
  const user = {
    email: 'x',
    name: '--',
    role: 'teller',
    customerId: account.holders[0]?.customerId,
    password: 'x',
  };
  assert.deepEqual(faults(await admin.post('/v1/users', user)), [
    'body customerId invalid',
    'body email wrong_format',
    'body name invalid',
    'body password invalid',
  ]);
  const key = { name: 'a\nb', scopes: ['accounts:read'], expiresAt: '2020-01-01T00:00:00Z' };
  assert.deepEqual(faults(await admin.post('/v1/api-keys', key)), [
    'body expiresAt invalid',
    'body name invalid',
  ]);
  const path = `/v1/customers/${account.holders[0]?.customerId}/beneficiaries`;
  assert.deepEqual(faults(await api.post(path, { name: '--', nickname: 'a\nb', iban: account.iban })), [
    'body name invalid',
    'body nickname invalid',
  ]);
});

test('a query is told all that is wrong with it', async () => {
  const answer = await api.get('/v1/transactions?limit=0&type=x&from=2026-02-02&to=2026-02-01&a=1');
  assert.deepEqual(faults(answer), [
    'query a unknown_field',
    'query limit too_small',
    'query to invalid',
    'query type not_allowed',
  ]);
});

test('what comes after the schema is judged of the fields that the schema took', async () => {
  const bad = person({ email: 'x', dateOfBirth: '2030-01-01', givenName: 'a\tb', extra: 1 });
  assert.deepEqual(faults(await api.post('/v1/customers', bad)), [
    'body dateOfBirth invalid',
    'body email wrong_format',
    'body extra unknown_field',
    'body givenName invalid',
  ]);
  const order = {
    fromAccountId: account.id,
    amount: '1.00',
    currency: 'EUR',
    frequency: 'weekly',
    startDate: '2025-01-01',
    dayOfMonth: 40,
  };
  assert.deepEqual(faults(await api.post('/v1/standing-orders', order)), [
    'body dayOfMonth too_large',
    'body startDate invalid',
    'body toAccountId invalid',
  ]);
  const user = { email: 'x', name: 'Ada', role: 'customer', password: 'short' };
  assert.deepEqual(faults(await admin.post('/v1/users', user)), [
    'body customerId invalid',
    'body email wrong_format',
    'body password invalid',
  ]);
  const key = { name: 'a\nb', scopes: ['nothing'], expiresAt: '2020-01-01T00:00:00Z', addresses: ['x'] };
  assert.deepEqual(faults(await admin.post('/v1/api-keys', key)), [
    'body addresses[0] invalid',
    'body expiresAt invalid',
    'body name invalid',
    'body scopes[0] not_allowed',
  ]);
  const hold = { accountId: account.id, amount: '1.00', currency: 'EUR', expiresAt: '2020-01-01T00:00:00Z' };
  assert.deepEqual(faults(await api.pay('/v1/holds', { ...hold, reference: '' })), [
    'body expiresAt invalid',
    'body reference too_short',
  ]);
  const cash = { accountId: account.id, amount: '1.00', currency: 'EUR', mode: 'x', valueDate: '2020-01-01' };
  assert.deepEqual(faults(await api.pay('/v1/deposits', cash)), [
    'body mode not_allowed',
    'body valueDate invalid',
  ]);
});

test('a rule that rests on a field which was refused says nothing', async () => {
  const other = { fromAccountId: account.id, toAccountId: account.id, amount: '1.00', currency: 'EUR' };
  const order = { ...other, frequency: 'weekly', startDate: 'soon', endDate: '2020-01-01' };
  assert.deepEqual(faults(await api.post('/v1/standing-orders', order)), ['body startDate wrong_format']);
  const foreign = person({ address: { line1: 'x', city: 'y', country: 'XX' } });
  assert.deepEqual(faults(await api.post('/v1/customers', foreign)), ['body address.country wrong_format']);
  const kind = person({ type: 'company', dateOfBirth: '2030-01-01' });
  assert.deepEqual(faults(await api.post('/v1/customers', kind)), ['body type not_allowed']);
});

test('a change is judged by what is there', async () => {
  const customer = await api.newCustomer();
  const changes = { email: 'x', legalName: 'Ltd', dateOfBirth: '2030-01-01' };
  assert.deepEqual(faults(await api.patch(`/v1/customers/${customer.id}`, changes, '"1"')), [
    'body dateOfBirth invalid',
    'body email wrong_format',
    'body legalName invalid',
  ]);
});

test('the terms of a loan and of a loan product are told all that is wrong with them', async () => {
  const terms = {
    amount: '1000.00',
    currency: 'EUR',
    annualRatePercent: '1001',
    instalments: 6,
    disbursedOn: '2026-01-01',
    scheduleStartsOn: '2026-02-01',
    downPaymentPercent: '100',
    gracePrincipal: 6,
    fees: [{ kind: 'origination' }, { kind: 'instalment', amount: '1.00', percent: '1' }],
    rateChanges: [{ from: '2026-03-01', annualRatePercent: '1002' }],
  };
  const fields = [
    'body annualRatePercent invalid',
    'body downPaymentPercent invalid',
    'body fees[0] invalid',
    'body fees[1] invalid',
    'body rateChanges[0].annualRatePercent invalid',
    'body scheduleStartsOn invalid',
  ];
  assert.deepEqual(faults(await api.post('/v1/loans/quote', terms)), fields);
  assert.deepEqual(faults(await api.post('/v1/loans/quote', { ...terms, apr: 'x' })), [
    fields[0],
    'body apr not_allowed',
    ...fields.slice(1),
  ]);
  const product = {
    name: ' ',
    currency: 'EUR',
    amount: { min: '100.00', max: '10.00' },
    instalments: { min: 6, max: 3 },
    annualRatePercent: { min: '5', max: '10', default: '12' },
    repaymentOrder: ['penalty', 'fee', 'interest', 'interest'],
    provisioningPercent: { current: '101', days1To30: '0', days31To60: '0', days61To90: '0', over90: '200' },
  };
  assert.deepEqual(faults(await api.post('/v1/loan-products', product)), [
    'body amount.max invalid',
    'body annualRatePercent.default invalid',
    'body instalments.max invalid',
    'body name invalid',
    'body provisioningPercent.current invalid',
    'body provisioningPercent.over90 invalid',
    'body repaymentOrder invalid',
  ]);
});

test('what is wrong is one sentence with one full stop, whoever found it', async () => {
  const customer = { type: 'person', givenName: 'Eva', familyName: 'Muster' };
  const address = { line1: 'A 1', city: 'B', country: 'DE' };
  const [byRules, byOne, bySchema] = [
    await api.post('/v1/customers', { ...customer, dateOfBirth: '2099-01-01', email: 'x', address }),
    await api.post('/v1/customers', { ...customer, dateOfBirth: '1990-01-01', address }),
    await api.post('/v1/customers', { ...customer, dateOfBirth: 'never', shoeSize: 43 }),
  ];
  for (const answer of [byRules, byOne, bySchema]) {
    const { detail } = answer.body as unknown as { detail: string };
    assert.match(detail, /^[^.]*(?:\.\w[^.]*)*\.$/, detail);
    assert.ok(!/[.;:]\s*[.;:]/.test(detail), detail);
  }
});
