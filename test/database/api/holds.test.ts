import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { CapturedView, HoldView } from '#features/holds/schemas.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import {
  type Answer,
  badFields,
  cash,
  created,
  move,
  openApi,
  type Page,
  refused,
} from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

type Fields = Readonly<Record<string, unknown>>;

const holdOf = (account: AccountView, amount: string, fields: Fields = {}): Fields => ({
  accountId: account.id,
  amount,
  currency: account.currency,
  ...fields,
});

function place(account: AccountView, amount: string, fields: Fields = {}, key = newKey()) {
  return api.pay<HoldView>('/v1/holds', holdOf(account, amount, fields), key);
}

function capture(hold: HoldView, fields: Fields = {}, key = newKey()) {
  return api.pay<CapturedView>(`/v1/holds/${hold.id}/capture`, fields, key);
}

const release = (hold: HoldView) => api.post<HoldView>(`/v1/holds/${hold.id}/release`, {});
const read = async (hold: HoldView) => created(await api.get<HoldView>(`/v1/holds/${hold.id}`));

async function balance({ id }: AccountView) {
  return created(await api.get<AccountView>(`/v1/accounts/${id}`)).balance;
}

test('a hold counts against what is available at once, and stays in the balance', async () => {
  const account = await api.newAccount({ balance: '100.00', overdraftLimit: '20.00' });
  const hold = created(await place(account, '70.00', { reference: 'Hotel Adlon' }));
  assert.equal(hold.status, 'active');
  assert.equal(hold.remainingAmount, '70.00');
  assert.equal(hold.businessDate, '2026-01-14');
  assert.equal(hold.reference, 'Hotel Adlon');
  assert.deepEqual(await balance(account), { posted: '100.00', held: '70.00', available: '50.00' });
  refused(await api.pay('/v1/withdrawals', cash(account, '50.01')), 422, 'insufficient_funds');
  refused(await place(account, '50.01'), 422, 'insufficient_funds');
  created(await api.pay('/v1/withdrawals', cash(account, '50.00')));
  refused(await place(account, '0.01'), 422, 'insufficient_funds');
});

test('of six holds of 1,000 on 5,000 the sixth is refused', async () => {
  const account = await api.newAccount({ balance: '5000.00' });
  for (let count = 0; count < 5; count++) created(await place(account, '1000.00'));
  refused(await place(account, '1000.00'), 422, 'insufficient_funds');
  assert.equal((await balance(account)).available, '0.00');
});

test('a capture takes what was reserved though nothing else is available, and waits for settlement', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const hold = created(await place(account, '100.00', { reference: 'order 17' }));
  const captured = created(await capture(hold));
  assert.equal(captured.status, 'captured');
  assert.equal(captured.capturedAmount, '100.00');
  assert.equal(captured.remainingAmount, '0.00');
  assert.deepEqual(await balance(account), { posted: '0.00', held: '0.00', available: '0.00' });
  const paid = await api.get<TransactionView>(`/v1/transactions/${captured.transactionId}`);
  const { type, mode, amount, balanceAfter, reference, counterpartyAccountId } = created(paid);
  assert.deepEqual(
    { type, mode, amount, balanceAfter, reference, counterpartyAccountId },
    {
      type: 'withdrawal',
      mode: 'card',
      amount: '100.00',
      balanceAfter: '0.00',
      reference: 'order 17',
      counterpartyAccountId: null,
    },
  );
  const trial = await api.get<{ lines: { code: string; currency: string; credit: string }[] }>(
    '/v1/accounting/trial-balance',
  );
  const settlement = trial.body.lines.find(({ code, currency }) => code === '2300' && currency === 'EUR');
  assert.equal(settlement?.credit, '100.00');
});

test('captures come in parts until the hold is used up, and never exceed it', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const shop = await api.newAccount();
  const hold = created(await place(account, '60.00'));
  const first = created(await capture(hold, { amount: '25.00', toAccountId: shop.id }));
  assert.equal(first.status, 'active');
  assert.equal(first.remainingAmount, '35.00');
  assert.deepEqual(await balance(account), { posted: '75.00', held: '35.00', available: '40.00' });
  await api.leavesNothing(async () => {
    refused(await capture(hold, { amount: '35.01', toAccountId: shop.id }), 422, 'capture_exceeds_hold');
  });
  const second = created(await capture(hold, { amount: '35.00', toAccountId: shop.id }));
  assert.equal(second.status, 'captured');
  assert.deepEqual(
    second.captures.map(({ amount }) => amount),
    ['25.00', '35.00'],
  );
  refused(await capture(hold, { amount: '0.01' }), 409, 'hold_not_active');
  refused(await release(hold), 409, 'hold_not_active');
  assert.equal(await api.postedBalance(shop), '60.00');
  assert.deepEqual(await balance(account), { posted: '40.00', held: '0.00', available: '40.00' });
});

test('a final capture lets go of the rest', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const hold = created(await place(account, '60.00'));
  const captured = created(await capture(hold, { amount: '10.00', final: true }));
  assert.equal(captured.status, 'captured');
  assert.equal(captured.capturedAmount, '10.00');
  assert.deepEqual(await balance(account), { posted: '90.00', held: '0.00', available: '90.00' });
  refused(await capture(hold, { amount: '1.00' }), 409, 'hold_not_active');
});

test('a release gives back what remains, once', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const hold = created(await place(account, '60.00'));
  created(await capture(hold, { amount: '20.00' }));
  const released = created(await release(hold));
  assert.equal(released.status, 'released');
  assert.equal(released.capturedAmount, '20.00');
  assert.deepEqual(await balance(account), { posted: '80.00', held: '0.00', available: '80.00' });
  refused(await release(hold), 409, 'hold_not_active');
  refused(await capture(hold), 409, 'hold_not_active');
});

test('a key places one hold and captures once, and is answered as it was the first time', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const key = newKey();
  const hold = created(await place(account, '100.00', {}, key));
  const captureKey = newKey();
  const captured = created(await capture(hold, { amount: '40.00' }, captureKey));
  created(await capture(hold, { amount: '60.00' }));
  const again = await place(account, '100.00', {}, key);
  assert.equal(again.status, 201);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(again.body, hold);
  const captureAgain = await capture(hold, { amount: '40.00' }, captureKey);
  assert.equal(captureAgain.status, 201);
  assert.equal(captureAgain.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(captureAgain.body, captured);
  await api.leavesNothing(async () => {
    refused(await place(account, '99.00', {}, key), 422, 'idempotency_key_reused');
    refused(await capture(hold, { amount: '41.00' }, captureKey), 422, 'idempotency_key_reused');
    refused(await api.post('/v1/holds', holdOf(account, '1.00')), 400, 'idempotency_key_required');
    refused(await api.post(`/v1/holds/${hold.id}/capture`, {}), 400, 'idempotency_key_required');
  });
  assert.equal((await balance(account)).held, '0.00');
});

test('what cannot be set aside is refused, and nothing is written', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const frozen = await api.newAccount({ balance: '100.00' });
  created(await api.post(`/v1/accounts/${frozen.id}/freeze`, { reason: 'x' }));
  const closed = await api.newAccount();
  created(await api.post(`/v1/accounts/${closed.id}/close`, { reason: 'x' }));
  await api.leavesNothing(async () => {
    for (const amount of ['0.00', '-1.00', '1.001', '1e3', ' 1.00']) {
      assert.deepEqual(badFields(await place(account, amount), 'invalid_amount'), ['amount']);
    }
    refused(await place(account, '1.00', { currency: 'USD' }), 422, 'currency_mismatch');
    refused(await place(frozen, '1.00'), 409, 'account_frozen');
    refused(await place(closed, '1.00'), 409, 'account_closed');
    refused(await place({ ...account, id: `acc_${'0'.repeat(26)}` }, '1.00'), 404, 'not_found');
    for (const expiresAt of [
      '2026-01-14T12:00:00Z',
      '2025-01-01T00:00:00Z',
      'tomorrow',
      '2026-02-30T00:00:00Z',
    ]) {
      assert.deepEqual(badFields(await place(account, '1.00', { expiresAt })), ['expiresAt']);
    }
    assert.deepEqual(badFields(await place(account, '1.00', { reference: ' ' })), ['reference']);
  });
});

test('what cannot be captured is refused, and the hold stays as it was', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const dollars = await api.newAccount({ currency: 'USD' });
  const closed = await api.newAccount();
  created(await api.post(`/v1/accounts/${closed.id}/close`, { reason: 'x' }));
  const hold = created(await place(account, '50.00'));
  await api.leavesNothing(async () => {
    refused(await capture(hold, { toAccountId: account.id }), 422, 'same_account');
    refused(await capture(hold, { toAccountId: dollars.id }), 422, 'currency_mismatch');
    refused(await capture(hold, { toAccountId: closed.id }), 409, 'account_closed');
    refused(await capture(hold, { toAccountId: `acc_${'0'.repeat(26)}` }), 404, 'not_found');
    for (const amount of ['0.00', '0.001', '-1.00']) {
      assert.deepEqual(badFields(await capture(hold, { amount }), 'invalid_amount'), ['amount']);
    }
    assert.deepEqual(badFields(await capture(hold, { final: 'yes' })), ['final']);
    for (const id of [`hold_${'0'.repeat(26)}`, 'nothing', account.id]) {
      refused(await api.pay(`/v1/holds/${id}/capture`, {}), 404, 'not_found');
      refused(await api.post(`/v1/holds/${id}/release`, {}), 404, 'not_found');
      refused(await api.get(`/v1/holds/${id}`), 404, 'not_found');
    }
  });
});

test('a frozen account keeps its holds: they are released, and captured once it is unfrozen', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const [one, other] = [created(await place(account, '10.00')), created(await place(account, '20.00'))];
  created(await api.post(`/v1/accounts/${account.id}/freeze`, { reason: 'x' }));
  refused(await capture(one), 409, 'account_frozen');
  assert.equal(created(await release(other)).status, 'released');
  created(await api.post(`/v1/accounts/${account.id}/unfreeze`, { reason: 'x' }));
  assert.equal(created(await capture(one)).status, 'captured');
});

test('an account is not closed, nor its customer deleted, while something is held', async () => {
  const account = await api.newAccount({ overdraftLimit: '50.00' });
  const hold = created(await place(account, '50.00'));
  refused(await api.post(`/v1/accounts/${account.id}/close`, { reason: 'x' }), 409, 'account_not_empty');
  refused(await api.delete(`/v1/customers/${account.customerId}`), 409, 'customer_has_balances');
  created(await release(hold));
  created(await api.post(`/v1/accounts/${account.id}/close`, { reason: 'x' }));
  assert.equal((await api.delete(`/v1/customers/${account.customerId}`)).status, 204);
  refused(await api.get(`/v1/holds/${hold.id}`), 404, 'not_found');
});

test('a reversal cannot take what is held', async () => {
  const account = await api.newAccount();
  const deposit = await api.deposit(account, '100.00');
  const hold = created(await place(account, '60.00'));
  const reverse = () => api.pay(`/v1/transactions/${deposit.id}/reverse`, { reason: 'x' });
  refused(await reverse(), 422, 'insufficient_funds');
  created(await release(hold));
  created(await reverse());
});

test('holds are listed newest first, by account and status', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const placed: HoldView[] = [];
  for (let count = 0; count < 5; count++) placed.push(created(await place(account, '1.00')));
  created(await release(placed[1]!));
  created(await capture(placed[3]!));
  const ids = (pages: HoldView[][]) =>
    pages.map((page) => page.map(({ id }) => placed.findIndex((one) => one.id === id)));
  const path = `/v1/holds?accountId=${account.id}`;
  assert.deepEqual(ids(await api.allPages<HoldView>(path, 2)), [[4, 3], [2, 1], [0]]);
  assert.deepEqual(ids(await api.allPages<HoldView>(`${path}&status=active`, 5)), [[4, 2, 0]]);
  assert.deepEqual(ids(await api.allPages<HoldView>(`${path}&status=released`, 5)), [[1]]);
  assert.equal((await read(placed[3]!)).status, 'captured');
  const none: Answer<Page<HoldView>> = await api.get(`${path}&status=expired`);
  assert.deepEqual(created(none).data, []);
  assert.deepEqual(badFields(await api.get('/v1/holds?accountId=x')), ['accountId']);
  assert.deepEqual(badFields(await api.get('/v1/holds?status=x')), ['status']);
});

test('transfers see the hold too, and money that comes in is available beside it', async () => {
  const account = await api.newAccount({ balance: '10.00' });
  const other = await api.newAccount();
  created(await place(account, '10.00'));
  refused(await api.pay('/v1/transfers', move(account, other, '0.01')), 422, 'insufficient_funds');
  await api.deposit(account, '5.00');
  created(await api.pay('/v1/transfers', move(account, other, '5.00')));
});

test('the books verify', () => api.assertVerified());
