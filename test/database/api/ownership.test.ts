import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { CustomerView } from '#features/customers/schemas.ts';
import type { LineView, TransactionView } from '#features/transactions/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { type Answer, created, move, openApi, type Page, refused, type TestApi } from '#test/support/api.ts';

const bank = await openApi();

/** A customer and the API as its user sees it. */
async function newUserOf(customer?: CustomerView): Promise<{ customer: CustomerView; api: TestApi }> {
  const own = customer ?? (await bank.newCustomer());
  return { customer: own, api: await bank.as('customer', fromTypeId('customer', own.id)) };
}

const owner = await newUserOf();
const joint = await newUserOf();
const authorised = await newUserOf();
const stranger = await newUserOf();
const account = await bank.newAccount({ customerId: owner.customer.id, balance: '1000.00' });
for (const [{ customer }, role] of [
  [joint, 'joint'],
  [authorised, 'authorised'],
] as const) {
  created(await bank.post(`/v1/accounts/${account.id}/holders`, { customerId: customer.id, role }));
}
const strangers = await bank.newAccount({ customerId: stranger.customer.id, balance: '500.00' });
const reason = { reason: 'moving on' };
const ABSENT = '00000000000000000000000000';

/** Equal but for the request's id. */
function assertSameRefusal(one: Answer, other: Answer): void {
  const plain = ({ text }: Answer) => text.replace(/req_[0-9a-f]{32}/, 'req');
  assert.equal(plain(one), plain(other).replaceAll(`acc_${ABSENT}`, account.id));
}

test('every holder sees the account, its balances and its lines', async () => {
  for (const { api } of [owner, joint, authorised]) {
    assert.equal(created(await api.get<AccountView>(`/v1/accounts/${account.id}`)).id, account.id);
    created(await api.get(`/v1/accounts/${account.id}/balance`));
    created(await api.get(`/v1/accounts/${account.id}/balance?asOf=2026-01-14`));
    const lines = created(await api.get<Page<LineView>>(`/v1/accounts/${account.id}/transactions`));
    assert.notEqual(lines.data.length, 0);
  }
});

test('a right is asked of the database by every read: what it gains or loses counts at once', async () => {
  const shared = await bank.newAccount({ customerId: owner.customer.id, balance: '10.00' });
  const holders = `/v1/accounts/${shared.id}/holders`;
  const { data } = created(await bank.get<Page<LineView>>(`/v1/accounts/${shared.id}/transactions`));
  const paths = ['', '/balance', '/balance?asOf=2026-01-14', '/transactions', '/transactions?minAmount=1.00'];
  const reads = [
    ...paths.map((path) => `/v1/accounts/${shared.id}${path}`),
    `/v1/transactions/${data[0]?.id}`,
  ];
  const readAll = (api: TestApi) => Promise.all(reads.map((path) => api.get(path)));
  const { api, customer } = await newUserOf();
  for (const role of ['authorised', 'joint']) {
    for (const answer of await readAll(api)) refused(answer, 404, 'not_found');
    created(await bank.post(holders, { customerId: customer.id, role }));
    // Together with those of others, whose rights are theirs.
    const [own, owners, strange] = await Promise.all([
      readAll(api),
      readAll(owner.api),
      readAll(stranger.api),
    ]);
    for (const answer of [...own, ...owners]) assert.equal(answer.status, 200, answer.text);
    for (const answer of strange) refused(answer, 404, 'not_found');
    created(await bank.delete(`${holders}?customerId=${customer.id}`));
  }
  for (const answer of await readAll(api)) refused(answer, 404, 'not_found');
});

test('what belongs to others answers as what is not there', async () => {
  const { api } = stranger;
  const calls = (id: string): (() => Promise<Answer>)[] => [
    () => api.get(`/v1/accounts/${id}`),
    () => api.get(`/v1/accounts/${id}/balance`),
    () => api.get(`/v1/accounts/${id}/balance?asOf=2026-01-14`),
    () => api.get(`/v1/accounts/${id}/transactions`),
    () => api.get(`/v1/accounts/${id}/transactions?minAmount=1.00`),
    () => api.post(`/v1/accounts/${id}/close`, reason),
    () => api.post(`/v1/accounts/${id}/invitations`, { customerId: stranger.customer.id, role: 'joint' }),
    () => api.delete(`/v1/accounts/${id}/holders?customerId=${joint.customer.id}`),
    () => api.pay('/v1/transfers', move({ ...account, id }, strangers, '1.00')),
  ];
  const absent = calls(`acc_${ABSENT}`);
  await bank.leavesNothing(async () => {
    for (const [index, call] of calls(account.id).entries()) {
      const foreign = await call();
      refused(foreign, 404, 'not_found');
      assertSameRefusal(foreign, await absent[index]!());
    }
  });
});

test('a customer sees its own record and nobody else’s', async () => {
  const own = await owner.api.get<CustomerView>(`/v1/customers/${owner.customer.id}`);
  assert.equal(created(own).id, owner.customer.id);
  refused(await owner.api.get(`/v1/customers/${joint.customer.id}`), 404, 'not_found');
  const caller = {
    actor: 'usr_x',
    role: 'customer',
    customerId: fromTypeId('customer', owner.customer.id),
  } as const;
  const listed = await bank.bank.customers.list(caller, { limit: 10 });
  assert.deepEqual(
    listed.map(({ id }) => id),
    [caller.customerId],
  );
});

test('lists hold what the customer holds, and filters reach no further', async () => {
  const second = await bank.newAccount({ customerId: stranger.customer.id });
  const ids = async (path: string) =>
    created(await stranger.api.get<Page<{ id: string }>>(path)).data.map(({ id }) => id);
  assert.deepEqual(await ids('/v1/accounts'), [second.id, strangers.id]);
  assert.deepEqual(await ids(`/v1/accounts?customerId=${owner.customer.id}`), []);
  assert.deepEqual(await ids(`/v1/accounts?iban=${account.iban}`), []);
  assert.deepEqual(await ids(`/v1/transactions?accountId=${account.id}`), []);
  assert.equal((await ids('/v1/transactions')).length, 1);
  const pages = await stranger.api.allPages<AccountView>('/v1/accounts', 1);
  assert.deepEqual(
    pages.map((page) => page.map(({ id }) => id)),
    [[second.id], [strangers.id]],
  );
});

test('each side of a transfer sees it, and only its own balance', async () => {
  const sent = await owner.api.transfer(account, strangers, '10.00');
  assert.equal(sent.balanceAfter, '990.00');
  const path = `/v1/transactions/${sent.id}`;
  assert.equal(created(await joint.api.get<TransactionView>(path)).balanceAfter, '990.00');
  const received = created(await stranger.api.get<TransactionView>(path));
  assert.equal(received.accountId, account.id);
  assert.equal(received.balanceAfter, null);
  const { givenName, familyName } = owner.customer;
  assert.equal(received.payerName, `${givenName} ${familyName}`);
  assert.equal(sent.payerName, null);
  const [first] = created(await stranger.api.get<Page<TransactionView>>('/v1/transactions')).data;
  assert.deepEqual(first, received);
  const lines = created(await stranger.api.get<Page<LineView>>(`/v1/accounts/${strangers.id}/transactions`));
  assert.equal(lines.data[0]?.balanceAfter, '510.00');
  const third = await newUserOf();
  const foreign = await third.api.get(path);
  refused(foreign, 404, 'not_found');
  const absent = await third.api.get(`/v1/transactions/txn_${ABSENT}`);
  assert.equal(foreign.text.replace(sent.id, '').length, absent.text.replace(`txn_${ABSENT}`, '').length);
  assert.deepEqual(created(await third.api.get<Page<unknown>>('/v1/transactions')).data, []);
});

test('every holder pays from the account; nobody pays from another', async () => {
  for (const { api } of [owner, joint, authorised])
    created(await api.pay('/v1/transfers', move(account, strangers, '1.00')));
  // Nor does a refusal say what state a foreign account is in.
  for (const fields of [{ amount: '1.00' }, { amount: '999999.00' }, { amount: '1.00', currency: 'USD' }]) {
    const body = { ...move(strangers, account, ''), ...fields };
    refused(await owner.api.pay('/v1/transfers', body), 404, 'not_found');
  }
});

test('a key of one user means nothing for another', async () => {
  const key = 'the-same-key';
  const first = created(await owner.api.pay('/v1/transfers', move(account, strangers, '2.00'), key));
  const second = created(await joint.api.pay('/v1/transfers', move(account, strangers, '3.00'), key));
  assert.notEqual(first.id, second.id);
  const again = await owner.api.pay('/v1/transfers', move(account, strangers, '2.00'), key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
});

test('only the owner invites and removes holders, and only staff add them unasked', async () => {
  const holders = `/v1/accounts/${account.id}/holders`;
  const invitations = `/v1/accounts/${account.id}/invitations`;
  const body = { customerId: stranger.customer.id, role: 'authorised' };
  await bank.leavesNothing(async () => {
    refused(await owner.api.post(holders, body), 403, 'forbidden');
    for (const [{ api }, other] of [
      [joint, authorised],
      [authorised, joint],
    ] as const) {
      refused(await api.post(invitations, body), 403, 'forbidden');
      refused(await api.delete(`${holders}?customerId=${other.customer.id}`), 403, 'forbidden');
    }
  });
  created(await bank.post<AccountView>(holders, body));
  created(await stranger.api.get(`/v1/accounts/${account.id}`));
  created(await owner.api.delete(`${holders}?customerId=${stranger.customer.id}`));
  refused(await stranger.api.get(`/v1/accounts/${account.id}`), 404, 'not_found');
});

test('owner and joint holder close an empty account, an authorised holder does not', async () => {
  for (const role of ['joint', 'authorised'] as const) {
    const mine = await bank.newAccount({ customerId: owner.customer.id });
    const other = role === 'joint' ? joint : authorised;
    created(await bank.post(`/v1/accounts/${mine.id}/holders`, { customerId: other.customer.id, role }));
    const closing = await other.api.post(`/v1/accounts/${mine.id}/close`, reason);
    if (role === 'joint') created(closing);
    else refused(closing, 403, 'forbidden');
    if (role === 'authorised') created(await owner.api.post(`/v1/accounts/${mine.id}/close`, reason));
  }
});

test('a holder who is gone is not answered, not even for a key of theirs', async () => {
  const guest = await newUserOf();
  const holders = `/v1/accounts/${account.id}/holders`;
  created(await bank.post(holders, { customerId: guest.customer.id, role: 'authorised' }));
  created(await guest.api.pay('/v1/transfers', move(account, strangers, '1.00'), 'guest-key'));
  created(await owner.api.delete(`${holders}?customerId=${guest.customer.id}`));
  const again = await guest.api.pay('/v1/transfers', move(account, strangers, '1.00'), 'guest-key');
  refused(again, 404, 'not_found');
});

test('the terms of an account are the bank’s alone, also where no table of access stands before', async () => {
  const customerId = fromTypeId('customer', owner.customer.id);
  const caller = { actor: 'usr_x', role: 'customer', customerId } as const;
  const id = fromTypeId('account', account.id);
  const { accounts } = bank.bank;
  await assert.rejects(accounts.freeze(caller, id, { reason: 'x' }), { status: 403, code: 'forbidden' });
  await assert.rejects(accounts.change(caller, id, '*', { overdraftLimitMinor: 1n }), { status: 403 });
  await assert.rejects(accounts.get({ actor: 'usr_x', role: 'customer' }, id), { status: 403 });
});

test('the books verify', () => bank.assertVerified());
