import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CustomerView } from '#features/customers/schemas.ts';
import { type Answer, badFields, cash, created, move, openApi, person, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

const api = await openApi();
const admin = await api.as('admin');
const lending = new Lending(api);

const account = await api.newAccount({ balance: '1000.00' });
const other = await api.newAccount({ balance: '1000.00' });

type Fields = Readonly<Record<string, unknown>>;
/** A request that can be sent again and again: its path, its body, and who sends it. */
type Request = { readonly path: string; readonly body: Fields; readonly by?: typeof api };
type Requests = Readonly<Record<string, () => Promise<Request>>>;

const order = (fields: Fields = {}): Fields => ({
  fromAccountId: account.id,
  toAccountId: other.id,
  amount: '5.00',
  currency: 'EUR',
  frequency: 'monthly',
  startDate: '2026-02-01',
  ...fields,
});

/** Each leaves something when it is done once, and would leave it again. */
const MAKING: Requests = {
  customer: async () => ({ path: '/v1/customers', body: person() }),
  account: async () => ({
    path: '/v1/accounts',
    body: { customerId: account.customerId, product: 'current', currency: 'EUR' },
  }),
  beneficiary: async () => ({
    path: `/v1/customers/${account.customerId}/beneficiaries`,
    body: { name: 'Grace Hopper', iban: (await api.newAccount()).iban },
  }),
  'standing order': async () => ({ path: '/v1/standing-orders', body: order() }),
  'loan application': async () => {
    const { id: productId } = await lending.newProduct();
    const { customerId, id: accountId } = account;
    return {
      path: '/v1/loans',
      body: { customerId, accountId, productId, amount: '1200.00', instalments: 12 },
    };
  },
  'loan product': async () => ({
    path: '/v1/loan-products',
    body: {
      name: `Loan ${newKey()}`,
      currency: 'EUR',
      amount: { min: '100.00', max: '100000.00' },
      instalments: { min: 1, max: 360 },
      annualRatePercent: { min: '0', max: '30', default: '12' },
    },
  }),
  user: async () => ({
    path: '/v1/users',
    body: {
      email: `${newKey()}@example.com`,
      name: 'Grace Hopper',
      role: 'teller',
      password: 'seven green bicycles at noon',
    },
    by: admin,
  }),
  'API key': async () => ({
    path: '/v1/api-keys',
    body: { name: 'Nightly reports', scopes: ['accounts:read'] },
    by: admin,
  }),
  holder: async () => ({
    path: `/v1/accounts/${(await api.newAccount()).id}/holders`,
    body: { customerId: (await api.newCustomer()).id, role: 'joint' },
  }),
  freeze: async () => ({
    path: `/v1/accounts/${(await api.newAccount()).id}/freeze`,
    body: { reason: 'lost' },
  }),
  holiday: async () => ({ path: '/v1/holidays', body: { date: '2027-05-04', name: 'May' } }),
  'release of a hold': async () => ({ path: `/v1/holds/${(await newHold()).id}/release`, body: {} }),
  'end of a customer': async () => ({
    path: `/v1/customers/${(await api.newCustomer()).id}/close`,
    body: {},
  }),
};

/** Those that see to their keys themselves. */
const MOVING: Requests = {
  deposit: async () => ({ path: '/v1/deposits', body: cash(account, '1.00') }),
  transfer: async () => ({ path: '/v1/transfers', body: move(account, other, '1.00') }),
  reversal: async () => {
    const { id } = await api.deposit(account, '1.00');
    return { path: `/v1/transactions/${id}/reverse`, body: { reason: 'mistake' } };
  },
  batch: async () => ({
    path: '/v1/transactions/batch',
    body: { mode: 'atomic', items: [{ type: 'deposit', ...cash(account, '1.00') }] },
  }),
  hold: async () => ({
    path: '/v1/holds',
    body: { accountId: account.id, amount: '1.00', currency: 'EUR' },
  }),
  'capture of a hold': async () => ({ path: `/v1/holds/${(await newHold()).id}/capture`, body: {} }),
  'incoming payment': async () => ({
    path: '/v1/incoming-payments',
    body: { iban: account.iban, amount: '1.00', currency: 'EUR', externalReference: newKey() },
  }),
  'known payment': async () => {
    const body = { iban: account.iban, amount: '1.00', currency: 'EUR', externalReference: newKey() };
    created(await api.pay('/v1/incoming-payments', body));
    return { path: '/v1/incoming-payments', body };
  },
  submission: async () => ({
    path: '/v1/outgoing-payments/submit',
    body: { message: newKey(), ids: [await sendOut()] },
  }),
  'many settlements': async () => ({
    path: '/v1/outgoing-payments/settle',
    body: { ids: [await sendOut()] },
  }),
  'many returns': async () => ({
    path: '/v1/outgoing-payments/return',
    body: { items: [{ id: await sendOut(), reason: 'AC04' }] },
  }),
  disbursement: async () => {
    const borrower = await api.newAccount();
    return { path: `/v1/loans/${(await lending.newApproved(borrower)).id}/disburse`, body: {} };
  },
  approval: async () => {
    const borrower = await api.newAccount();
    return { path: `/v1/loans/${(await lending.newApplication(borrower)).id}/approve`, body: {} };
  },
};

for (const [name, make] of Object.entries(MAKING)) {
  test(`${name}: repeated with its key it is answered as at first, and nothing is done`, async () => {
    const request = await make();
    const key = newKey();
    const first = await send(request, key);
    assert.ok(first.status >= 200 && first.status < 300, first.text);
    assert.equal(first.headers.get('idempotent-replayed'), null);
    const again = await api.leavesNothing(() => send(request, key));
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.equal(again.status, first.status);
    assert.equal(again.text, first.text);
    for (const header of ['location', 'etag', 'content-type']) {
      assert.equal(again.headers.get(header), first.headers.get(header), header);
    }
    const another = { ...request, body: { ...request.body, reference: 'another' } };
    const answer = await api.leavesNothing(() => send(another, key));
    assert.ok(
      ['idempotency_key_reused', 'validation_failed'].includes((answer.body as { code: string }).code),
    );
  });
}

/** Anybody may call them, and so they have no caller whose key it would be; or they change nothing. */
const WITHOUT_A_KEY = [
  'login',
  'quoteConversion',
  'quoteInterest',
  'quoteLoan',
  'quoteLoanPayoff',
  'quoteTimeDeposit',
  'refresh',
  'resetPassword',
];

/** One of each way to keep a key, and some that keep it in the same way. */
const PAIRED: Requests = {
  ...MOVING,
  ...Object.fromEntries(['customer', 'standing order'].map((name) => [name, MAKING[name]!])),
};

test('a key belongs to the first request that named a known payment, and to no other payment', async () => {
  const [one, other] = [await MOVING['known payment']!(), await MOVING['known payment']!()];
  const key = newKey();
  const first = created(await send(one, key));
  assert.deepEqual(created(await send(one, key)), first);
  refused(await api.leavesNothing(() => send(other, key)), 422, 'idempotency_key_reused');
  const booked = await MOVING['incoming payment']!();
  const own = newKey();
  created(await send(booked, own));
  refused(await api.leavesNothing(() => send(other, own)), 422, 'idempotency_key_reused');
  created(await send(booked, own));
});

for (const [name, make] of Object.entries(PAIRED)) {
  test(`${name}: its key is refused to every other operation`, async () => {
    const key = newKey();
    created(await send(await make(), key));
    for (const [secondName, makeSecond] of Object.entries(PAIRED)) {
      if (secondName === name) continue;
      const second = await makeSecond();
      const answer = await api.leavesNothing(() => send(second, key));
      assert.equal(answer.status, 422, `${secondName}: ${answer.text}`);
      refused(answer, 422, 'idempotency_key_reused');
    }
  });
}

test('another request of the same operation is refused under a key, however its fields are ordered', async () => {
  const key = newKey();
  const request = { path: '/v1/customers', body: person() };
  created(await send(request, key));
  const reordered = Object.fromEntries(Object.entries(request.body).toReversed());
  assert.equal((await send({ ...request, body: reordered }, key)).headers.get('idempotent-replayed'), 'true');
  const renamed = { ...request, body: { ...request.body, givenName: 'Grace' } };
  refused(await api.leavesNothing(() => send(renamed, key)), 422, 'idempotency_key_reused');
});

test('keys are of one caller: another may use the same', async () => {
  const key = newKey();
  const first = created(await send({ path: '/v1/customers', body: person() }, key)) as CustomerView;
  const teller = await api.as('teller');
  const second = created(
    await send({ path: '/v1/customers', body: person(), by: teller }, key),
  ) as CustomerView;
  assert.notEqual(second.id, first.id);
});

test('a refusal leaves the key free', async () => {
  const key = newKey();
  const lacking = { path: '/v1/customers', body: person({ address: undefined, email: 'no address' }) };
  refused(await api.leavesNothing(() => send(lacking, key)), 400, 'validation_failed');
  const unknown = {
    path: '/v1/accounts',
    body: { customerId: account.customerId, product: 'none', currency: 'EUR' },
  };
  refused(await api.leavesNothing(() => send(unknown, key)), 422, 'unknown_product');
  created(await send({ path: '/v1/customers', body: person() }, key));
});

test('a standing order needs a key, and a bad key is refused everywhere', async () => {
  refused(
    await api.leavesNothing(() => api.raw('POST', '/v1/standing-orders', JSON.stringify(order()))),
    400,
    'idempotency_key_required',
  );
  const call = () => api.post('/v1/customers', person(), { 'idempotency-key': 'a b' });
  assert.deepEqual(badFields(await api.leavesNothing(call)), ['Idempotency-Key']);
});

test('eight requests at once under one key make one customer', async () => {
  const key = newKey();
  const request = { path: '/v1/customers', body: person() };
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(request, key)));
  const ids = new Set(
    answers.filter(({ status }) => status === 201).map(({ body }) => (body as CustomerView).id),
  );
  assert.equal(ids.size, 1);
  for (const answer of answers) if (answer.status !== 201) refused(answer, 409, 'idempotency_in_progress');
});

test('the answer is kept sealed, and goes with the person of whom it speaks; the key stays used', async () => {
  await api.editBook('retention_years = 0');
  const key = newKey();
  const request = { path: '/v1/customers', body: person({ familyName: 'Unforgettable' }) };
  const { id } = created(await send(request, key)) as CustomerView;
  const stored = await api.asOwner<{ answer: Buffer | null }>(
    `select answer from idempotency_keys where idempotency_key = '${key}'`,
  );
  assert.ok(stored[0]?.answer instanceof Buffer);
  assert.ok(!stored[0].answer.includes('Unforgettable'));
  assert.equal((await api.delete(`/v1/customers/${id}`)).status, 204);
  refused(await api.leavesNothing(() => send(request, key)), 409, 'answer_erased');
  const left = await api.asOwner(
    `select from idempotency_keys where idempotency_key = '${key}' and answer is null`,
  );
  assert.equal(left.length, 1);
});

test('keys are forgotten after thirty days', async () => {
  const key = newKey();
  const request = { path: '/v1/holidays', body: { date: '2027-06-07', name: 'June' } };
  created(await send(request, key));
  await api.asOwner(
    `update idempotency_keys set created_at = created_at - interval '31 days' where idempotency_key = '${key}'`,
  );
  created(await send({ path: '/v1/customers', body: person() }, newKey()));
  const left = await api.asOwner(`select from idempotency_keys where idempotency_key = '${key}'`);
  assert.equal(left.length, 0);
});

test('the end of a day takes a key, and is not done for another request under it', async () => {
  const key = newKey();
  const until = { path: '/v1/end-of-day', body: { until: '2026-01-14' } };
  assert.equal((await send(until, key)).status, 200);
  assert.equal((await send(until, key)).status, 200);
  refused(await send({ path: '/v1/end-of-day', body: {} }, key), 422, 'idempotency_key_reused');
});

test('every POST takes a key but those that anybody may call and those that change nothing', async () => {
  const response = await fetch(`http://127.0.0.1:${api.port}/openapi.json`);
  const { paths } = (await response.json()) as {
    paths: Record<string, { post?: { operationId: string; parameters?: readonly unknown[] } }>;
  };
  const without = Object.values(paths).flatMap(({ post }) =>
    post === undefined || JSON.stringify(post.parameters ?? []).includes('Idempotency')
      ? []
      : [post.operationId],
  );
  assert.deepEqual(without.toSorted(), WITHOUT_A_KEY);
});

test('the books hold after all of it', () => api.assertVerified());

function send({ path, body, by = api }: Request, key: string): Promise<Answer> {
  return by.post(path, body, { 'idempotency-key': key });
}

async function sendOut(): Promise<string> {
  const money = { fromAccountId: account.id, toIban: 'DE89370400440532013000', toName: 'Grace Hopper' };
  const body = { ...money, amount: '1.00', currency: 'EUR' };
  return created(await api.pay<{ readonly id: string }>('/v1/transfers', body)).id;
}

async function newHold(): Promise<{ readonly id: string }> {
  const body = { accountId: account.id, amount: '1.00', currency: 'EUR' };
  return created(await api.pay<{ readonly id: string }>('/v1/holds', body));
}
