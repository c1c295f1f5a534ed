import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiKeyView } from '#identity/api-keys/contract.ts';
import { SCOPES } from '#lib/scopes.ts';
import {
  badFields,
  cash,
  created,
  move,
  openApi,
  type Page,
  refused,
  type TestApi,
} from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

type CreatedKey = ApiKeyView & { readonly token: string };

const api = await openApi();
const admin = await api.as('admin');
const own = await api.newAccount({ balance: '1000.00' });
const foreign = await api.newAccount({ balance: '1000.00' });
const scopes = SCOPES.filter((scope) => !scope.endsWith('-log:read'));

async function keyWith(
  bounds: Readonly<Record<string, unknown>>,
): Promise<{ key: CreatedKey; service: TestApi }> {
  const key = created(await admin.post<CreatedKey>('/v1/api-keys', { name: 'Bound', scopes, ...bounds }));
  return { key, service: api.withToken(() => Promise.resolve(key.token)) };
}

test('a key that is bound to an account uses it and no other', async () => {
  const { service } = await keyWith({ accounts: [own.id] });
  const deposit = created(await service.pay<{ id: string }>('/v1/deposits', cash(own, '10.00')));
  created(await service.pay('/v1/transfers', move(own, foreign, '1.00')));
  created(await service.get(`/v1/accounts/${own.id}`));
  created(await service.get(`/v1/accounts/${own.id}/transactions`));
  created(await service.get(`/v1/transactions?accountId=${own.id}`));
  created(await service.get(`/v1/transactions/${deposit.id}`));
  created(await service.get('/v1/products'));
  const other = await api.deposit(foreign, '5.00');
  await api.leavesNothing(async () => {
    refused(await service.pay('/v1/transfers', move(foreign, own, '1.00')), 403, 'api_key_bound');
    refused(await service.pay('/v1/deposits', cash(foreign, '1.00')), 403, 'api_key_bound');
    refused(
      await service.pay(`/v1/transactions/${other.id}/reverse`, { reason: 'Mistyped' }),
      404,
      'not_found',
    );
    const items = [own, foreign].map((account) => ({ type: 'deposit', ...cash(account, '1.00') }));
    const batch = await service.pay('/v1/transactions/batch', { mode: 'independent', items });
    refused(batch, 403, 'api_key_bound');
  });
  for (const path of [`/v1/accounts/${foreign.id}`, `/v1/transactions/${other.id}`]) {
    refused(await service.get(path), 404, 'not_found');
  }
  const lists = [
    '/v1/transactions',
    '/v1/accounts',
    '/v1/customers',
    `/v1/transactions?accountId=${foreign.id}`,
  ];
  for (const path of [...lists, '/v1/accounting/trial-balance', '/v1/incoming-payments', '/v1/limits']) {
    refused(await service.get(path), 403, 'api_key_bound');
  }
});

test('a bound key reverses nothing that takes the money from an account of another', async () => {
  const { service } = await keyWith({ accounts: [own.id] });
  const both = await keyWith({ accounts: [own.id, foreign.id] });
  const why = { reason: 'Sent twice' };
  const paid = created(await service.pay<{ id: string }>('/v1/transfers', move(own, foreign, '2.00')));
  const path = `/v1/transactions/${paid.id}/reverse`;
  created(await service.get(`/v1/transactions/${paid.id}`));
  refused(await api.leavesNothing(() => service.pay(path, why)), 403, 'api_key_bound');
  const hold = { accountId: own.id, amount: '1.00', currency: 'EUR' };
  const { id } = created(await service.pay<{ id: string }>('/v1/holds', hold));
  const { transactionId } = created(
    await service.pay<{ transactionId: string }>(`/v1/holds/${id}/capture`, { toAccountId: foreign.id }),
  );
  const captured = `/v1/transactions/${transactionId}/reverse`;
  refused(await api.leavesNothing(() => service.pay(captured, why)), 403, 'api_key_bound');
  for (const one of [path, captured]) created(await both.service.pay(one, { ...why, amount: '0.50' }));
  const deposit = created(await service.pay<{ id: string }>('/v1/deposits', cash(own, '3.00')));
  created(await service.pay(`/v1/transactions/${deposit.id}/reverse`, why));
});

test('a key that is bound to a customer uses what the customer holds', async () => {
  const { service } = await keyWith({ customers: [own.customerId] });
  created(await service.get(`/v1/customers/${own.customerId}`));
  created(await service.pay('/v1/deposits', cash(own, '1.00')));
  const { data } = created(
    await service.get<Page<{ id: string }>>(`/v1/accounts?customerId=${own.customerId}`),
  );
  assert.deepEqual(
    data.map(({ id }) => id),
    [own.id],
  );
  const second = { customerId: own.customerId, product: 'savings', currency: 'EUR' };
  const opened = created(await service.post<{ id: string; currency: string }>('/v1/accounts', second));
  created(await service.get(`/v1/accounts/${opened.id}/balance`));
  refused(await service.get(`/v1/customers/${foreign.customerId}`), 404, 'not_found');
  refused(await service.pay('/v1/deposits', cash(foreign, '1.00')), 403, 'api_key_bound');
  refused(
    await service.post('/v1/accounts', { ...second, customerId: foreign.customerId }),
    403,
    'api_key_bound',
  );
});

test('a key that is bound to a customer sees an account that the customer is authorised on, and leaves it alone', async () => {
  const { service } = await keyWith({ customers: [own.customerId] });
  const shared = await api.newAccount({ balance: '10.00' });
  const holder = { customerId: own.customerId, role: 'authorised' };
  created(await api.post(`/v1/accounts/${shared.id}/holders`, holder));
  created(await service.get(`/v1/accounts/${shared.id}`));
  created(await service.get(`/v1/transactions?accountId=${shared.id}`));
  const order = { ...move(shared, own, '1.00'), frequency: 'weekly', startDate: '2026-02-01' };
  await api.leavesNothing(async () => {
    refused(await service.pay('/v1/transfers', move(shared, own, '1.00')), 403, 'api_key_bound');
    refused(await service.post('/v1/standing-orders', order), 403, 'api_key_bound');
    refused(await service.post(`/v1/accounts/${shared.id}/freeze`, { reason: 'Lost' }), 404, 'not_found');
  });
});

test('holds and standing orders are those of the account', async () => {
  const { service } = await keyWith({ accounts: [own.id] });
  const hold = { amount: '1.00', currency: 'EUR' };
  const mine = created(await service.pay<{ id: string }>('/v1/holds', { accountId: own.id, ...hold }));
  const theirs = created(await api.pay<{ id: string }>('/v1/holds', { accountId: foreign.id, ...hold }));
  created(await service.post(`/v1/holds/${mine.id}/release`, {}));
  refused(await service.post(`/v1/holds/${theirs.id}/release`, {}), 404, 'not_found');
  refused(await service.pay(`/v1/holds/${theirs.id}/capture`, {}), 404, 'not_found');
});

test('a key with a largest amount moves no more at once, and nothing in another currency', async () => {
  const { service } = await keyWith({ largestAmount: { amount: '100.00', currency: 'EUR' } });
  created(await service.pay('/v1/deposits', cash(own, '100.00')));
  await api.leavesNothing(async () => {
    const problem = refused(await service.pay('/v1/deposits', cash(own, '100.01')), 403, 'api_key_limit');
    const { limitAmount, currency } = problem as unknown as { limitAmount: string; currency: string };
    assert.deepEqual([limitAmount, currency], ['100.00', 'EUR']);
    refused(await service.pay('/v1/transfers', move(own, foreign, '100.01')), 403, 'api_key_limit');
    refused(
      await service.pay('/v1/holds', { accountId: own.id, amount: '100.01', currency: 'EUR' }),
      403,
      'api_key_limit',
    );
    const order = { ...move(own, foreign, '100.01'), frequency: 'weekly', startDate: '2026-02-01' };
    refused(await service.post('/v1/standing-orders', order), 403, 'api_key_limit');
    refused(
      await service.pay('/v1/deposits', { ...cash(own, '1.00'), currency: 'USD' }),
      403,
      'api_key_limit',
    );
  });
  const items = ['100.00', '100.01'].map((amount) => ({ type: 'deposit', ...cash(own, amount) }));
  const batch = await service.pay<{ results: { code?: string }[] }>('/v1/transactions/batch', {
    mode: 'independent',
    items,
  });
  assert.deepEqual(
    created(batch).results.map(({ code }) => code),
    [undefined, 'api_key_limit'],
  );
});

test('a key with a largest amount posts no atomic batch that comes to more, and closes no account with more', async () => {
  const { service } = await keyWith({ largestAmount: { amount: '5.00', currency: 'EUR' } });
  const batch = (amounts: readonly string[], mode = 'atomic') =>
    service.pay('/v1/transactions/batch', {
      mode,
      items: amounts.map((amount) => ({ type: 'transfer', ...move(own, foreign, amount) })),
    });
  created(await service.get('/v1/products'));
  const all = await api.leavesNothing(() => batch(Array.from({ length: 10 }, () => '5.00')));
  refused(all, 403, 'api_key_limit');
  refused(await api.leavesNothing(() => batch(['2.50', '2.51'])), 403, 'api_key_limit');
  created(await batch(['2.50', '2.50']));
  created(await batch(['5.00', '5.00'], 'independent'));
  const [full, empty] = [
    await api.newAccount({ balance: '5.01' }),
    await api.newAccount({ customerId: own.customerId }),
  ];
  const payoutTo = (await api.newAccount({ customerId: full.customerId })).id;
  const close = (id: string, more = {}) =>
    service.post(`/v1/accounts/${id}/close`, { reason: 'Moved', ...more });
  refused(await api.leavesNothing(() => close(full.id, { payoutTo })), 403, 'api_key_limit');
  created(await close(empty.id));
});

test('a key that is bound to the account of a payee reads what it was paid, and of the payer no more than the payee', async () => {
  type Shown = Record<'balanceAfter' | 'externalId' | 'metadata' | 'payerName' | 'counterparty', unknown>;
  const labels = { externalId: newKey(), metadata: { project: 'Secret' } };
  const paid = created(
    await api.pay<{ id: string }>('/v1/transfers', { ...move(foreign, own, '3.00'), ...labels }),
  );
  for (const bounds of [{ accounts: [own.id] }, { customers: [own.customerId] }]) {
    const { service } = await keyWith(bounds);
    const { data } = created(
      await service.get<Page<Shown & { id: string }>>(`/v1/transactions?accountId=${own.id}`),
    );
    const listed = data.find(({ id }) => id === paid.id);
    const alone = created(await service.get<Shown>(`/v1/transactions/${paid.id}`));
    assert.deepEqual(alone, listed);
    const { balanceAfter, externalId, metadata, payerName } = alone;
    assert.deepEqual([balanceAfter, externalId, metadata], [null, null, {}]);
    assert.equal(typeof payerName, 'string');
    const found = await service.get<Page<unknown>>(
      `/v1/transactions?accountId=${own.id}&externalId=${labels.externalId}`,
    );
    assert.deepEqual(created(found).data, []);
  }
  const payer = await keyWith({ accounts: [foreign.id] });
  const whole = created(await payer.service.get<Shown>(`/v1/transactions/${paid.id}`));
  assert.equal(whole.externalId, labels.externalId);
  assert.equal(typeof whole.balanceAfter, 'string');
  const stranger = await keyWith({ accounts: [(await api.newAccount()).id] });
  refused(await stranger.service.get(`/v1/transactions/${paid.id}`), 404, 'not_found');
});

test('a key with a largest amount books and ends no larger payment of another bank', async () => {
  const { service } = await keyWith({ largestAmount: { amount: '100.00', currency: 'EUR' } });
  const incoming = (amount: string, iban: string | null = own.iban) => ({
    externalReference: newKey(),
    ...(iban === null ? {} : { iban }),
    amount,
    currency: 'EUR',
  });
  const outgoing = (amount: string) =>
    api.pay<{ id: string }>('/v1/transfers', {
      fromAccountId: own.id,
      toIban: 'DE89370400440532013000',
      toName: 'Grace Hopper',
      amount,
      currency: 'EUR',
    });
  const large = created(await api.pay<{ id: string }>('/v1/incoming-payments', incoming('100.01')));
  const waits = created(await api.pay<{ id: string }>('/v1/incoming-payments', incoming('100.01', null)));
  const leaves = created(await outgoing('100.01'));
  created(await service.get('/v1/products'));
  const why = { reason: 'Sent twice' };
  await api.leavesNothing(async () => {
    for (const [path, body] of [
      ['/v1/incoming-payments', incoming('100.01')],
      [`/v1/incoming-payments/${large.id}/return`, why],
      [`/v1/incoming-payments/${waits.id}/resolve`, { accountId: own.id }],
      [`/v1/outgoing-payments/${leaves.id}/settle`, {}],
      [`/v1/outgoing-payments/${leaves.id}/return`, why],
    ] as const) {
      refused(await service.pay(path, body), 403, 'api_key_limit');
    }
  });
  const small = created(await outgoing('100.00'));
  const many = await service.pay<{ results: { code?: string }[] }>('/v1/outgoing-payments/settle', {
    ids: [leaves.id, small.id],
  });
  assert.deepEqual(
    created(many).results.map(({ code }) => code),
    ['api_key_limit', undefined],
  );
  const taken = created(await service.pay<{ id: string }>('/v1/incoming-payments', incoming('100.00')));
  created(await service.pay(`/v1/incoming-payments/${taken.id}/return`, why));
});

test('a key with addresses is refused from any other', async () => {
  const near = await keyWith({ addresses: ['10.0.0.0/8', '127.0.0.1'] });
  created(await near.service.get('/v1/products'));
  const far = await keyWith({ addresses: ['203.0.113.0/24', '2001:db8::/32'] });
  refused(await far.service.get('/v1/products'), 403, 'address_not_allowed');
});

test('a key from a wrong address is refused before anything of the request is judged', async () => {
  const { service } = await keyWith({ addresses: ['203.0.113.0/24'] });
  const json = { 'content-type': 'application/json' };
  for (const [method, path, body, headers] of [
    ['POST', '/v1/deposits', '{', json],
    ['POST', '/v1/deposits', '{}', { ...json, 'content-encoding': 'gzip' }],
    ['POST', '/v1/deposits', '{}', { 'content-type': 'text/plain' }],
    ['POST', '/v1/deposits', `"${'x'.repeat(1024 * 1024)}"`, json],
    ['PATCH', `/v1/accounts/${own.id}`, '{}', { ...json, 'if-match': 'x' }],
  ] as const) {
    refused(await service.raw(method, path, body, headers), 403, 'address_not_allowed');
  }
  for (const path of ['/v1/accounts?limit=x', '/v1/accounts/nothing', '/v1/users']) {
    refused(await service.get(path), 403, 'address_not_allowed');
  }
});

test('bounds are shown, recorded, and go on to the next key', async () => {
  const bounds = {
    accounts: [own.id],
    customers: [own.customerId],
    largestAmount: { amount: '5.00', currency: 'EUR' },
    addresses: ['127.0.0.0/8'],
  };
  const { key } = await keyWith(bounds);
  const shown = created(await admin.get<ApiKeyView>(`/v1/api-keys/${key.id}`));
  const boundsOf = ({ accounts, customers, largestAmount, addresses }: ApiKeyView) => ({
    accounts,
    customers,
    largestAmount,
    addresses,
  });
  assert.deepEqual(boundsOf(shown), bounds);
  const { data } = created(
    await admin.get<Page<{ after: typeof bounds & { networks: string[] } }>>(
      `/v1/audit-log?resource=${key.id}`,
    ),
  );
  assert.deepEqual(data[0]?.after.largestAmount, bounds.largestAmount);
  assert.deepEqual(data[0]?.after.accounts, bounds.accounts);
  assert.deepEqual(data[0]?.after.networks, bounds.addresses);
  const next = created(await admin.post<CreatedKey>(`/v1/api-keys/${key.id}/rotate`, {}));
  assert.deepEqual(boundsOf(next), bounds);
  const service = api.withToken(() => Promise.resolve(next.token));
  refused(await service.pay('/v1/deposits', cash(own, '5.01'), newKey()), 403, 'api_key_limit');
  const { key: free } = await keyWith({});
  assert.deepEqual(boundsOf(free), { accounts: [], customers: [], largestAmount: null, addresses: [] });
});

test('a bound that names no account or customer of the bank is refused, and no key made', async () => {
  const gone = await api.newAccount();
  const swapped = (id: string) => `${id.slice(0, -4)}0000`;
  created(await api.post(`/v1/accounts/${gone.id}/close`, { reason: 'Moved' }));
  const bounds = {
    accounts: [own.id, swapped(own.id), gone.id],
    customers: [swapped(own.customerId), own.customerId, swapped(foreign.customerId)],
  };
  const make = () => admin.post('/v1/api-keys', { name: 'Bound', scopes, ...bounds });
  const paths = ['accounts[1]', 'customers[0]', 'customers[2]'];
  assert.deepEqual(badFields(await api.leavesNothing(make)), paths);
});

test('invalid bounds are refused, all at once', async () => {
  const bad = {
    accounts: [own.customerId],
    customers: ['x'],
    largestAmount: { amount: '1.00', currency: 'EUR' },
    addresses: ['10.0.0.0/33'],
  };
  const answer = await admin.post('/v1/api-keys', { name: 'Bound', scopes, ...bad });
  assert.deepEqual(badFields(answer), ['accounts[0]', 'customers[0]', 'addresses[0]']);
  const network = await admin.post('/v1/api-keys', {
    name: 'Bound',
    scopes,
    addresses: ['10.0.0.0/33', '::1', 'x'],
  });
  assert.deepEqual(badFields(network), ['addresses[0]', 'addresses[2]']);
  for (const empty of [{ accounts: [] }, { customers: [] }, { addresses: [] }]) {
    assert.equal(badFields(await admin.post('/v1/api-keys', { name: 'Bound', scopes, ...empty })).length, 1);
  }
  const zero = { name: 'Bound', scopes, largestAmount: { amount: '0.00', currency: 'EUR' } };
  assert.deepEqual(badFields(await admin.post('/v1/api-keys', zero), 'invalid_amount'), [
    'largestAmount.amount',
  ]);
});
