import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';

const api = await openApi();

const add = (account: AccountView, customerId: string, role = 'joint') =>
  api.post<AccountView>(`/v1/accounts/${account.id}/holders`, { customerId, role });

for (const role of ['owner', 'joint', 'authorised']) {
  test(`a customer is added as ${role}, after the owner`, async () => {
    const account = await api.newAccount();
    const { id } = await api.newCustomer();
    const answer = await add(account, id, role);
    assert.equal(answer.status, 201);
    assert.deepEqual(answer.body.holders, [
      { customerId: account.customerId, role: 'owner' },
      { customerId: id, role },
    ]);
    assert.equal(answer.headers.get('etag'), '"2"');
    assert.equal(answer.body.customerId, account.customerId);
  });
}

test('a customer holds an account once', async () => {
  const account = await api.newAccount();
  const { id } = await api.newCustomer();
  await add(account, id);
  refused(await api.leavesNothing(() => add(account, id, 'authorised')), 409, 'holder_exists');
  refused(await api.leavesNothing(() => add(account, account.customerId)), 409, 'holder_exists');
});

test('a holder is taken off by query', async () => {
  const account = await api.newAccount();
  const { id } = await api.newCustomer();
  await add(account, id);
  const answer = await api.delete<AccountView>(`/v1/accounts/${account.id}/holders?customerId=${id}`);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body.holders, [{ customerId: account.customerId, role: 'owner' }]);
  assert.equal(answer.headers.get('etag'), '"3"');
});

test('a holder is taken off by body', async () => {
  const account = await api.newAccount();
  const { id } = await api.newCustomer();
  await add(account, id);
  const answer = await api.delete<AccountView>(`/v1/accounts/${account.id}/holders`, { customerId: id });
  assert.deepEqual(created(answer).holders, [{ customerId: account.customerId, role: 'owner' }]);
});

test('a holder is taken off by query, by a client that always says it sends JSON', async () => {
  const account = await api.newAccount();
  const { id } = await api.newCustomer();
  await add(account, id);
  const answer = await api.raw('DELETE', `/v1/accounts/${account.id}/holders?customerId=${id}`, '');
  assert.equal(answer.status, 200, answer.text);
});

test('the owner an account was opened for stays', async () => {
  const account = await api.newAccount();
  const remove = () => api.delete(`/v1/accounts/${account.id}/holders?customerId=${account.customerId}`);
  refused(await api.leavesNothing(remove), 422, 'owner_stays');
});

test('taking off nobody, or who does not hold it, is refused', async () => {
  const account = await api.newAccount();
  const stranger = await api.newCustomer();
  const path = `/v1/accounts/${account.id}/holders`;
  assert.deepEqual(badFields(await api.delete(path)), ['customerId']);
  assert.deepEqual(badFields(await api.delete(path, {})), ['customerId']);
  assert.deepEqual(badFields(await api.delete(`${path}?customer=${stranger.id}`)), [
    'customer',
    'customerId',
  ]);
  assert.deepEqual(badFields(await api.delete(path, { customerId: 5 })), ['customerId']);
  for (const id of [stranger.id, 'cus_01h455vb4pex5vsknk084sn02q', 'nobody']) {
    refused(await api.leavesNothing(() => api.delete(`${path}?customerId=${id}`)), 404, 'not_found');
  }
});

const BAD: [body: Record<string, unknown>, fields: string[]][] = [
  [{}, ['customerId', 'role']],
  [{ customerId: 'cus_01h455vb4pex5vsknk084sn02q' }, ['role']],
  [{ customerId: 'cus_01h455vb4pex5vsknk084sn02q', role: 'guardian' }, ['role']],
  [{ customerId: 'cus_01h455vb4pex5vsknk084sn02q', role: 'joint', share: 50 }, ['share']],
];
for (const [body, fields] of BAD) {
  test(`adding the holder ${JSON.stringify(body)} is refused, naming ${fields.join(' and ')}`, async () => {
    const account = await api.newAccount();
    const answer = await api.leavesNothing(() => api.post(`/v1/accounts/${account.id}/holders`, body));
    assert.deepEqual(badFields(answer), fields);
  });
}

test('a holder who is nobody is refused', async () => {
  const account = await api.newAccount();
  const answer = await api.leavesNothing(() => add(account, 'cus_01h455vb4pex5vsknk084sn02q'));
  refused(answer, 404, 'not_found');
});

test('of twenty who add the same holder at once, one does', async () => {
  const account = await api.newAccount();
  const { id } = await api.newCustomer();
  const answers = await Promise.all(Array.from({ length: 20 }, () => add(account, id)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  for (const answer of answers) if (answer.status !== 201) refused(answer, 409, 'holder_exists');
});

test('a holder who is deleted is off the account', async () => {
  const account = await api.newAccount();
  const { id } = await api.newCustomer();
  await add(account, id);
  assert.equal((await api.delete(`/v1/customers/${id}`)).status, 204);
  const left = created(await api.get<AccountView>(`/v1/accounts/${account.id}`));
  assert.deepEqual(left.holders, [{ customerId: account.customerId, role: 'owner' }]);
});
