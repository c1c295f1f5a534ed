import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { badFields, cash, created, move, openApi, refused } from '#test/support/api.ts';

const api = await openApi();

const act = (account: AccountView, verb: 'freeze' | 'unfreeze' | 'close', reason: unknown = 'because') =>
  api.post<AccountView>(`/v1/accounts/${account.id}/${verb}`, { reason });

/** All that moves money in or out of an account, with one that may be its other side. */
function movements(account: AccountView, other: AccountView) {
  return [
    () => api.pay('/v1/deposits', cash(account, '1.00')),
    () => api.pay('/v1/withdrawals', cash(account, '1.00')),
    () => api.pay('/v1/transfers', move(account, other, '1.00')),
    () => api.pay('/v1/transfers', move(other, account, '1.00')),
  ];
}

test('a frozen account takes and gives no money until it is unfrozen', async () => {
  const account = await api.newAccount({ balance: '10.00' });
  const other = await api.newAccount({ balance: '10.00' });
  const frozen = await act(account, 'freeze', '  court order ');
  assert.equal(frozen.status, 200);
  assert.equal(frozen.body.status, 'frozen');
  assert.equal(frozen.body.statusReason, 'court order');
  assert.equal(frozen.headers.get('etag'), '"2"');
  for (const movement of movements(account, other)) {
    refused(await api.leavesNothing(movement), 409, 'account_frozen');
  }
  const active = created(await act(account, 'unfreeze', 'order lifted'));
  assert.equal(active.status, 'active');
  assert.equal(active.statusReason, 'order lifted');
  for (const movement of movements(account, other)) assert.equal((await movement()).status, 201);
  assert.equal(await api.postedBalance(account), '10.00');
  assert.equal(await api.postedBalance(other), '10.00');
});

test('a transaction of a frozen account is not reversed', async () => {
  const account = await api.newAccount();
  const deposit = await api.deposit(account, '5.00');
  await act(account, 'freeze');
  const reverse = () => api.pay(`/v1/transactions/${deposit.id}/reverse`, { reason: 'mistake' });
  refused(await api.leavesNothing(reverse), 409, 'account_frozen');
});

test('a closed account takes and gives no money, and is never anything else again', async () => {
  const account = await api.newAccount();
  const other = await api.newAccount({ balance: '10.00' });
  const answer = await act(account, 'close', 'moving abroad');
  assert.equal(answer.status, 200);
  assert.equal(answer.body.status, 'closed');
  assert.equal(answer.body.statusReason, 'moving abroad');
  assert.equal(answer.body.closedOn, '2026-01-14');
  assert.equal(answer.headers.get('etag'), '"2"');
  const refusals = [
    ...movements(account, other),
    () => act(account, 'close'),
    () => act(account, 'freeze'),
    () => act(account, 'unfreeze'),
    () => api.patch(`/v1/accounts/${account.id}`, { metadata: {} }, '*'),
    () => api.post(`/v1/accounts/${account.id}/holders`, { customerId: other.customerId, role: 'joint' }),
    () => api.delete(`/v1/accounts/${account.id}/holders?customerId=${account.customerId}`),
  ];
  for (const refusal of refusals) refused(await api.leavesNothing(refusal), 409, 'account_closed');
  assert.equal(created(await api.get<AccountView>(`/v1/accounts/${account.id}`)).status, 'closed');
});

test('a transaction of a closed account is not reversed', async () => {
  const account = await api.newAccount();
  const deposit = await api.deposit(account, '5.00');
  await api.withdraw(account, '5.00');
  await act(account, 'close');
  const reverse = () => api.pay(`/v1/transactions/${deposit.id}/reverse`, { reason: 'mistake' });
  refused(await api.leavesNothing(reverse), 409, 'account_closed');
});

test('an account closes at zero, not a cent above or below', async () => {
  const above = await api.newAccount({ balance: '0.01' });
  refused(await api.leavesNothing(() => act(above, 'close')), 409, 'account_not_empty');
  const below = await api.newAccount({ overdraftLimit: '1.00' });
  await api.withdraw(below, '0.01');
  refused(await api.leavesNothing(() => act(below, 'close')), 409, 'account_not_empty');
  await api.withdraw(above, '0.01');
  await api.deposit(below, '0.01');
  assert.equal((await act(above, 'close')).status, 200);
  assert.equal((await act(below, 'close')).status, 200);
});

test('each change of status is refused from where it does not lead', async () => {
  const account = await api.newAccount();
  refused(await api.leavesNothing(() => act(account, 'unfreeze')), 409, 'account_not_frozen');
  await act(account, 'freeze');
  refused(await api.leavesNothing(() => act(account, 'freeze')), 409, 'account_frozen');
  refused(await api.leavesNothing(() => act(account, 'close')), 409, 'account_frozen');
});

test('a frozen account may still change its terms and holders', async () => {
  const account = await api.newAccount();
  await act(account, 'freeze');
  const changed = created(
    await api.patch<AccountView>(`/v1/accounts/${account.id}`, { overdraftLimit: '5.00' }, '"2"'),
  );
  assert.equal(changed.status, 'frozen');
  assert.equal(changed.overdraftLimit, '5.00');
});

for (const reason of [undefined, null, '', '   ', 5, 'x'.repeat(501), 'a\tb']) {
  test(`the reason ${JSON.stringify(reason)?.slice(0, 10)} is refused`, async () => {
    const account = await api.newAccount();
    const body = reason === undefined ? {} : { reason };
    const freeze = () => api.post(`/v1/accounts/${account.id}/freeze`, body);
    assert.deepEqual(badFields(await api.leavesNothing(freeze)), ['reason']);
  });
}

test('a reason has 500 characters at most, counted as people count', async () => {
  const account = await api.newAccount();
  const frozen = created(await act(account, 'freeze', '🔒'.repeat(500)));
  assert.equal(frozen.statusReason, '🔒'.repeat(500));
});

test('the books verify after all that', () => api.assertVerified());
