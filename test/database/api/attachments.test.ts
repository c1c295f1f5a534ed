import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { AttachmentView } from '#features/holds/attachments/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, created, DAY_MS, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey, START_MS, TEST_CALLER } from '#test/support/bank.ts';

const api = await openApi();
let days = 0;

const ORDER = { currency: 'EUR', reasonCode: 'garnishment', legalReference: 'AG Mitte 12 M 384/26' };

const attach = (account: AccountView, amount: string, fields: Record<string, unknown> = {}, key = newKey()) =>
  api.pay<AttachmentView>('/v1/attachments', { ...ORDER, accountId: account.id, amount, ...fields }, key);

const kept = async ({ id }: { readonly id: string }) =>
  created(await api.get<AttachmentView>(`/v1/attachments/${id}`)).heldAmount;

async function funds({ id }: AccountView) {
  const { balance } = created(await api.get<AccountView>(`/v1/accounts/${id}`));
  return [balance.posted, balance.held, balance.available];
}

async function endDay(): Promise<void> {
  days += 1;
  api.bank.clock.setMs(START_MS + days * DAY_MS);
  await api.bank.endOfDay.closeThrough(TEST_CALLER, undefined);
}

test('an attachment keeps what is there, and the rest as it comes in at the end of each day', async () => {
  const account = await api.newAccount({ balance: '300.00' });
  const answer = await attach(account, '500.00');
  const order = created(answer);
  assert.equal(answer.headers.get('location'), `/v1/attachments/${order.id}`);
  assert.deepEqual(
    [order.status, order.amount, order.heldAmount, order.protectedAmount, order.legalReference],
    ['active', '500.00', '300.00', '0.00', ORDER.legalReference],
  );
  assert.deepEqual(await funds(account), ['300.00', '300.00', '0.00']);
  const cash = { accountId: account.id, amount: '0.01', currency: 'EUR', mode: 'cash' };
  refused(await api.pay('/v1/withdrawals', cash), 422, 'insufficient_funds');
  await api.deposit(account, '150.00');
  assert.equal(await kept(order), '300.00', 'until the day ends');
  await endDay();
  assert.deepEqual(await funds(account), ['450.00', '450.00', '0.00']);
  await api.deposit(account, '150.00');
  await endDay();
  assert.deepEqual(await funds(account), ['600.00', '500.00', '100.00']);
  assert.equal(await kept(order), '500.00');
  await endDay();
  assert.equal(await kept(order), '500.00');
  await api.assertVerified();
});

test('the protected amount stays available whenever something is taken, to the cent', async () => {
  for (const [balance, held] of [
    ['1499.99', '0.00'],
    ['1500.00', '0.00'],
    ['1500.01', '0.01'],
    ['1700.00', '200.00'],
    ['1700.01', '200.00'],
  ] as const) {
    const account = await api.newAccount({ balance });
    const order = created(await attach(account, '200.00', { protectedAmount: '1500.00' }));
    assert.equal(order.heldAmount, held, balance);
  }
  const account = await api.newAccount({ balance: '1600.00' });
  const order = created(await attach(account, '500.00', { protectedAmount: '1500.00' }));
  await api.withdraw(account, '1500.00');
  await api.deposit(account, '1550.00');
  await endDay();
  assert.equal(await kept(order), '150.00');
  assert.deepEqual(await funds(account), ['1650.00', '150.00', '1500.00']);
});

test('an overdraft is not attached, and what is held for others is left to them', async () => {
  const account = await api.newAccount({ balance: '100.00', overdraftLimit: '50.00' });
  created(await api.pay('/v1/holds', { accountId: account.id, amount: '30.00', currency: 'EUR' }));
  const first = created(await attach(account, '40.00'));
  const second = created(await attach(account, '60.00'));
  assert.deepEqual([first.heldAmount, second.heldAmount], ['40.00', '30.00']);
  assert.deepEqual(await funds(account), ['100.00', '100.00', '50.00']);
  await api.withdraw(account, '50.00');
  await endDay();
  assert.equal(await kept(second), '30.00', 'what was kept stays kept');
  const third = created(await attach(account, '5.00'));
  assert.equal(third.heldAmount, '0.00');
  await api.deposit(account, '60.00');
  await endDay();
  assert.deepEqual([await kept(first), await kept(second), await kept(third)], ['40.00', '40.00', '0.00']);
  await api.assertVerified();
});

test('staff release it once, with a reason, and the money is free', async () => {
  const account = await api.newAccount({ balance: '80.00' });
  const { id } = created(await attach(account, '100.00'));
  const release = (reason = 'creditor paid') =>
    api.post<AttachmentView>(`/v1/attachments/${id}/release`, { reason });
  const released = created(await release());
  assert.deepEqual(
    [released.status, released.heldAmount, released.releaseReason],
    ['released', '0.00', 'creditor paid'],
  );
  refused(await api.leavesNothing(() => release('again')), 409, 'attachment_not_active');
  assert.deepEqual(await funds(account), ['80.00', '0.00', '80.00']);
  await api.deposit(account, '50.00');
  await endDay();
  assert.deepEqual(await funds(account), ['130.00', '0.00', '130.00']);
});

test('no holder, teller or API key sees one or lets it go, and no list of holds has it', async () => {
  const account = await api.newAccount({ balance: '80.00' });
  const { id } = created(await attach(account, '50.00'));
  const holder = await api.as('customer', fromTypeId('customer', account.customerId));
  for (const who of [holder, await api.as('teller'), await api.as('admin')]) {
    refused(await who.get(`/v1/attachments/${id}`), 403, 'forbidden');
    refused(await who.get('/v1/attachments'), 403, 'forbidden');
    refused(await who.post(`/v1/attachments/${id}/release`, { reason: 'please' }), 403, 'forbidden');
  }
  const holds = created(await holder.get<Page<unknown>>(`/v1/holds?accountId=${account.id}`));
  assert.deepEqual(holds.data, []);
  const seen = await holder.get<AccountView>(`/v1/accounts/${account.id}`);
  assert.equal(created(seen).balance.held, '50.00');
  assert.doesNotMatch(seen.text, /384/);
  refused(await holder.post(`/v1/accounts/${account.id}/close`, { reason: 'x' }), 409, 'account_not_empty');
  const auditor = await api.as('auditor');
  assert.equal(created(await auditor.get<AttachmentView>(`/v1/attachments/${id}`)).id, id);
  refused(await auditor.post(`/v1/attachments/${id}/release`, { reason: 'x' }), 403, 'forbidden');
});

test('a frozen account is attached, a closed one is not', async () => {
  const frozen = await api.newAccount({ balance: '10.00' });
  created(await api.post(`/v1/accounts/${frozen.id}/freeze`, { reason: 'x' }));
  assert.equal(created(await attach(frozen, '10.00')).heldAmount, '10.00');
  const closed = await api.newAccount();
  created(await api.post(`/v1/accounts/${closed.id}/close`, { reason: 'x' }));
  refused(await api.leavesNothing(() => attach(closed, '1.00')), 409, 'account_closed');
});

test('an account under an order that found nothing is neither closed nor deleted until the order is released', async () => {
  const account = await api.newAccount();
  const { id } = created(await attach(account, '500.00'));
  const close = (who: Pick<typeof api, 'post'>) => () =>
    who.post<AccountView>(`/v1/accounts/${account.id}/close`, { reason: 'moving' });
  const forStaff = refused(await api.leavesNothing(close(api)), 409, 'account_not_empty');
  assert.match(forStaff.detail, /attachment/);
  const holder = await api.as('customer', fromTypeId('customer', account.customerId));
  const forHolder = refused(await api.leavesNothing(close(holder)), 409, 'account_not_empty');
  assert.doesNotMatch(forHolder.detail, /attach/, 'no holder learns of an order');
  const remove = () => api.delete(`/v1/customers/${account.customerId}`);
  refused(await api.leavesNothing(remove), 409, 'customer_has_attachments');
  created(await api.post(`/v1/attachments/${id}/release`, { reason: 'creditor paid' }));
  assert.equal(created(await close(api)()).status, 'closed');
});

test('an order that is repeated under its key is placed once', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const key = newKey();
  const order = created(await attach(account, '30.00', {}, key));
  const again = await attach(account, '30.00', {}, key);
  assert.deepEqual([created(again), again.headers.get('idempotent-replayed')], [order, 'true']);
  refused(await attach(account, '31.00', {}, key), 422, 'idempotency_key_reused');
  assert.deepEqual(await funds(account), ['100.00', '30.00', '70.00']);
  const { data } = created(
    await api.get<Page<AttachmentView>>(`/v1/attachments?accountId=${account.id}&status=active`),
  );
  assert.deepEqual(data, [order]);
});

test('an order is checked', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  assert.deepEqual(badFields(await attach(account, '1.00', { legalReference: ' ' })), ['legalReference']);
  assert.deepEqual(badFields(await attach(account, '1.00', { reasonCode: 'whim' })), ['reasonCode']);
  refused(await attach(account, '1.00', { currency: 'USD' }), 422, 'currency_mismatch');
});

test('of orders and payments at once no more is kept or paid than is there', async () => {
  for (let round = 0; round < 5; round++) {
    const account = await api.newAccount({ balance: '10.00' });
    const cash = { accountId: account.id, amount: '1.00', currency: 'EUR', mode: 'cash' };
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 3 === 0 ? attach(account, '2.00') : api.pay('/v1/withdrawals', cash),
      ),
    );
    for (const answer of answers) if (answer.status !== 201) refused(answer, 422, 'insufficient_funds');
  }
  await api.assertVerified();
});
