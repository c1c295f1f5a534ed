import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, created, openApi, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

const account = await api.newAccount({ balance: '10.00' });
const payment = await api.deposit(account, '1.00');
const beneficiary = created(
  await api.post<{ id: string }>(`/v1/customers/${account.customerId}/beneficiaries`, {
    name: 'A',
    iban: 'DE89370400440532013000',
  }),
);
const held = { amount: '1.00', currency: 'EUR' };
const hold = await api.pay<{ id: string }>('/v1/holds', { accountId: account.id, ...held });
const own = [account.id, account.customerId, payment.id, beneficiary.id, hold.body.id];

const SUFFIX = '01h455vb4pex5vsknk084sn02q';

/** Ids that name nothing: absent, of another kind, in another case, too long, too high, no id at all. */
function idsOfNothing(prefix: string): string[] {
  const others = own.filter((id) => !id.startsWith(prefix));
  const self = own.find((id) => id.startsWith(prefix)) ?? '';
  const ids = [
    `${prefix}${SUFFIX}`,
    ...others,
    self.toUpperCase(),
    `${self}0`,
    self.slice(0, -1),
    self.slice(prefix.length),
    `${prefix}8${SUFFIX.slice(1)}`,
    `${prefix}${SUFFIX.slice(1)}u`,
    `${prefix}`,
    '1',
    'null',
    '%00',
    '%27%20or%201=1',
    '%F0%9F%92%B6',
    'x'.repeat(200),
    '00000000-0000-0000-0000-000000000000',
  ];
  // A path that ends with its slash is the list.
  return ids.filter((id) => id !== '');
}

/** The answer without what differs from request to request. */
function bare(answer: Answer): string {
  const { requestId } = refused(answer, 404, 'not_found');
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  return answer.text.replace(requestId, '');
}

const NOTHING =
  '{"type":"urn:florin:problem:not_found","title":"Not found","status":404,' +
  '"detail":"There is no such resource.","code":"not_found","requestId":""}';

type Call = (id: string) => Promise<Answer>;
const post = (path: string, body: Record<string, unknown>) =>
  api.post(path, body, { 'idempotency-key': newKey() });
const cash = { amount: '1.00', currency: 'EUR', mode: 'cash' };
const reason = { reason: 'x' };

const CUSTOMER_CALLS: [name: string, call: Call][] = [
  ['GET customer', (id) => api.get(`/v1/customers/${id}`)],
  ['PATCH customer', (id) => api.patch(`/v1/customers/${id}`, { givenName: 'A' }, '*')],
  ['DELETE customer', (id) => api.delete(`/v1/customers/${id}`)],
  ['close customer', (id) => api.post(`/v1/customers/${id}/close`, {})],
];
const BENEFICIARY = { name: 'A', iban: 'GB29NWBK60161331926819' };
const BENEFICIARIES_CALLS: [name: string, call: Call][] = [
  ['list beneficiaries', (id) => api.get(`/v1/customers/${id}/beneficiaries`)],
  ['add beneficiary', (id) => api.post(`/v1/customers/${id}/beneficiaries`, BENEFICIARY)],
];
const beneficiaries = `/v1/customers/${account.customerId}/beneficiaries`;
const BENEFICIARY_CALLS: [name: string, call: Call][] = [
  ['GET beneficiary', (id) => api.get(`${beneficiaries}/${id}`)],
  ['PATCH beneficiary', (id) => api.patch(`${beneficiaries}/${id}`, { name: 'A' }, '*')],
  ['DELETE beneficiary', (id) => api.delete(`${beneficiaries}/${id}`)],
  [
    'transfer to beneficiary',
    (id) =>
      post('/v1/transfers', {
        fromAccountId: account.id,
        beneficiaryId: id,
        amount: '1.00',
        currency: 'EUR',
      }),
  ],
];
const ACCOUNT_CALLS: [name: string, call: Call][] = [
  ['GET account', (id) => api.get(`/v1/accounts/${id}`)],
  ['PATCH account', (id) => api.patch(`/v1/accounts/${id}`, { metadata: {} }, '*')],
  ['balance', (id) => api.get(`/v1/accounts/${id}/balance`)],
  ['balance as of a date', (id) => api.get(`/v1/accounts/${id}/balance?asOf=2026-01-14`)],
  ['lines', (id) => api.get(`/v1/accounts/${id}/transactions`)],
  ['lines with amounts', (id) => api.get(`/v1/accounts/${id}/transactions?minAmount=1`)],
  ['freeze', (id) => api.post(`/v1/accounts/${id}/freeze`, reason)],
  ['unfreeze', (id) => api.post(`/v1/accounts/${id}/unfreeze`, reason)],
  ['GET limits', (id) => api.get(`/v1/accounts/${id}/limits`)],
  ['PUT limits', (id) => api.raw('PUT', `/v1/accounts/${id}/limits`, '{}')],
  ['close account', (id) => api.post(`/v1/accounts/${id}/close`, reason)],
  [
    'add holder',
    (id) => api.post(`/v1/accounts/${id}/holders`, { customerId: account.customerId, role: 'joint' }),
  ],
  ['remove holder', (id) => api.delete(`/v1/accounts/${id}/holders?customerId=${account.customerId}`)],
];
const INCOMING_CALLS: [name: string, call: Call][] = [
  ['GET incoming payment', (id) => api.get(`/v1/incoming-payments/${id}`)],
  ['resolve', (id) => post(`/v1/incoming-payments/${id}/resolve`, { accountId: account.id })],
  ['return incoming payment', (id) => post(`/v1/incoming-payments/${id}/return`, reason)],
];
const TRANSACTION_CALLS: [name: string, call: Call][] = [
  ['GET outgoing payment', (id) => api.get(`/v1/outgoing-payments/${id}`)],
  ['settle', (id) => post(`/v1/outgoing-payments/${id}/settle`, {})],
  ['return outgoing payment', (id) => post(`/v1/outgoing-payments/${id}/return`, reason)],
  ['GET transaction', (id) => api.get(`/v1/transactions/${id}`)],
  ['reverse', (id) => post(`/v1/transactions/${id}/reverse`, reason)],
];
const HOLD_CALLS: [name: string, call: Call][] = [
  ['GET hold', (id) => api.get(`/v1/holds/${id}`)],
  ['capture hold', (id) => post(`/v1/holds/${id}/capture`, {})],
  ['release hold', (id) => api.post(`/v1/holds/${id}/release`, {})],
];
/** Here the id is a field of the body, and so may be anything that JSON text can be. */
const BODY_CALLS: [name: string, call: Call][] = [
  ['place hold', (id) => post('/v1/holds', { accountId: id, ...held })],
  ['capture to', (id) => post(`/v1/holds/${hold.body.id}/capture`, { toAccountId: id })],
  ['deposit', (id) => post('/v1/deposits', { accountId: id, ...cash })],
  ['withdrawal', (id) => post('/v1/withdrawals', { accountId: id, ...cash })],
  [
    'transfer from',
    (id) =>
      post('/v1/transfers', { fromAccountId: id, toAccountId: account.id, amount: '1.00', currency: 'EUR' }),
  ],
  [
    'transfer to',
    (id) =>
      post('/v1/transfers', { fromAccountId: account.id, toAccountId: id, amount: '1.00', currency: 'EUR' }),
  ],
];

for (const [prefix, calls] of [
  ['cus_', [...CUSTOMER_CALLS, ...BENEFICIARIES_CALLS]],
  ['ben_', BENEFICIARY_CALLS],
  ['inp_', INCOMING_CALLS],
  ['acc_', [...ACCOUNT_CALLS, ...BODY_CALLS]],
  ['txn_', TRANSACTION_CALLS],
  ['hold_', HOLD_CALLS],
] as const) {
  for (const [name, call] of calls) {
    test(`${name} answers every id of nothing byte for byte the same`, async () => {
      await api.leavesNothing(async () => {
        for (const id of idsOfNothing(prefix)) assert.equal(bare(await call(id)), NOTHING, id);
      });
    });
  }
}

test('an account of another book answers like one that is not there', async () => {
  const foreign = '018f0000-0000-7000-8000-00000000f0f0';
  const suffix = '01hw000000e008000000001w7g';
  await api.asOwner(`
    insert into books (book_id, name, country, bank_code, business_date)
      values (2, 'Other', 'DE', '10010010', '2026-01-14');
    insert into gl_accounts values (2, '2000', 'Accounts', 'liability');
    insert into products (book_id, product_code, currency, kind, name, gl_code)
      values (2, 'current', 'EUR', 'current', 'Current', '2000');
    insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency, floor_minor)
      values (2, '${foreign}', 'customer', '2000', 'EUR', 0);
    insert into customers (book_id, customer_id, type, given_name, family_name, date_of_birth)
      values (2, '${foreign}', 'person', 'Foreign', 'Person', '1990-01-01');
    insert into accounts (book_id, account_id, customer_id, product_code, currency, number, iban, opened_on)
      values (2, '${foreign}', '${foreign}', 'current', 'EUR', '1', 'DE28100100109999999999', '2026-01-14')`);
  for (const [, call] of [...CUSTOMER_CALLS, ...BENEFICIARIES_CALLS])
    assert.equal(bare(await call(`cus_${suffix}`)), NOTHING);
  for (const [, call] of [...ACCOUNT_CALLS, ...BODY_CALLS]) {
    assert.equal(bare(await call(`acc_${suffix}`)), NOTHING);
  }
  const body = {
    fromAccountId: account.id,
    toIban: 'DE28100100109999999999',
    amount: '1.00',
    currency: 'EUR',
  };
  refused(await post('/v1/transfers', body), 422, 'unknown_payee');
  for (const list of ['/v1/customers?q=Foreign', '/v1/accounts?iban=DE28100100109999999999']) {
    assert.deepEqual((await api.get(list)).body, { data: [], nextCursor: null });
  }
  const rows = await api.asOwner('select book_id from accounts where book_id = 2');
  assert.equal(rows.length, 1, 'the other book’s account was there and is still');
});
