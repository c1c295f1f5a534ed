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
    'body address.country wrong_format',
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
    'body email invalid',
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
