import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { AccountLimitsView, DefaultLimitsView } from '#features/limits/schemas.ts';
import { created, move, openApi, refused } from '#test/support/api.ts';

type Hold = { readonly id: string };

const api = await openApi();
const payee = await api.newAccount();

/** An account with 1,000.00 that pays 100.00 a day. */
async function limited(): Promise<AccountView> {
  const account = await api.newAccount({ balance: '1000.00' });
  created(await api.raw('PUT', `/v1/accounts/${account.id}/limits`, '{"perDay":"100.00"}'));
  return account;
}

async function leftOf({ id }: AccountView): Promise<string | undefined> {
  const { effective } = created(await api.get<AccountLimitsView>(`/v1/accounts/${id}/limits`));
  return effective.perDay?.left;
}

const hold = async ({ id: accountId }: AccountView, amount: string): Promise<Hold> =>
  created(await api.pay<Hold>('/v1/holds', { accountId, amount, currency: 'EUR' }));

test('a hold that is released gives back its day, and what was captured of it stays used', async () => {
  const account = await limited();
  const { id } = await hold(account, '100.00');
  assert.equal(await leftOf(account), '0.00');
  refused(await api.pay('/v1/transfers', move(account, payee, '0.01')), 422, 'limit_exceeded');
  created(await api.pay(`/v1/holds/${id}/capture`, { amount: '30.00' }));
  assert.equal(await leftOf(account), '0.00', 'the rest is held still');
  created(await api.post(`/v1/holds/${id}/release`, {}));
  assert.equal(await leftOf(account), '70.00');
  created(await api.pay('/v1/transfers', move(account, payee, '70.00')));
  refused(await api.pay('/v1/transfers', move(account, payee, '0.01')), 422, 'limit_exceeded');
});

test('the rest of a hold that is captured for less gives back its day', async () => {
  const account = await limited();
  const { id } = await hold(account, '100.00');
  created(await api.pay(`/v1/holds/${id}/capture`, { amount: '45.00', final: true }));
  assert.equal(await leftOf(account), '55.00');
});

test('a payment that comes back, or is reversed, gives back its day', async () => {
  const account = await limited();
  const out = created(
    await api.pay('/v1/transfers', {
      fromAccountId: account.id,
      toIban: 'DE89370400440532013000',
      toName: 'Grace Hopper',
      amount: '60.00',
      currency: 'EUR',
    }),
  );
  const inside = await api.transfer(account, payee, '40.00');
  assert.equal(await leftOf(account), '0.00');
  created(await api.pay(`/v1/outgoing-payments/${out.id}/return`, { reason: 'AC04' }));
  assert.equal(await leftOf(account), '60.00');
  created(await api.pay(`/v1/transactions/${inside.id}/reverse`, { reason: 'Mistyped' }));
  assert.equal(await leftOf(account), '100.00');
});

test('transfers between accounts of one customer count, unless the product says that they do not', async () => {
  const { id: customerId } = await api.newCustomer();
  const [from, own] = [
    await api.newAccount({ customerId, balance: '1000.00' }),
    await api.newAccount({ customerId, product: 'savings' }),
  ];
  const set = async (ownTransfersCount?: boolean) =>
    created(
      await api.raw<DefaultLimitsView>(
        'PUT',
        '/v1/limits',
        JSON.stringify({ currency: 'EUR', product: 'current', perDay: '100.00', ownTransfersCount }),
      ),
    );
  assert.equal((await set()).ownTransfersCount, true);
  refused(await api.pay('/v1/transfers', move(from, own, '100.01')), 422, 'limit_exceeded');
  created(await api.pay('/v1/transfers', move(from, own, '60.00')));
  assert.equal(await leftOf(from), '40.00');
  assert.equal((await set(false)).ownTransfersCount, false);
  assert.equal(await leftOf(from), '100.00');
  created(await api.pay('/v1/transfers', move(from, own, '500.00')));
  created(await api.pay('/v1/transfers', move(from, payee, '100.00')));
  refused(await api.pay('/v1/transfers', move(from, payee, '0.01')), 422, 'limit_exceeded');
  created(await api.pay('/v1/transfers', move(from, own, '0.01')));
  assert.equal((await set(true)).ownTransfersCount, true);
  refused(await api.pay('/v1/transfers', move(from, own, '0.01')), 422, 'limit_exceeded');
  await api.assertVerified();
});
