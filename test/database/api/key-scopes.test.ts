import { test } from 'node:test';
import { cash, created, openApi, refused, type TestApi } from '#test/support/api.ts';

const api = await openApi();
const account = await api.newAccount({ balance: '100.00' });

/** The API for a service whose key has these scopes. */
async function serviceWith(...scopes: string[]): Promise<TestApi> {
  const operator = { actor: 'test', role: 'operator' } as const;
  const { token } = await api.bank.apiKeys.create(operator, { name: 'Test', scopes });
  return api.withToken(() => Promise.resolve(token));
}

test('a key that pays reverses nothing without the scope of reversal, and one that reverses pays nothing', async () => {
  const [payer, reverser] = [
    await serviceWith('transactions:write'),
    await serviceWith('transactions:reverse'),
  ];
  const { id } = created(await payer.pay('/v1/deposits', cash(account, '10.00')));
  const path = `/v1/transactions/${id}/reverse`;
  refused(await payer.pay(path, { reason: 'Mistyped' }), 403, 'forbidden');
  refused(await reverser.pay('/v1/deposits', cash(account, '10.00')), 403, 'forbidden');
  created(await reverser.pay(path, { reason: 'Mistyped' }));
});

test('a key that places holds captures none without the scope of capture', async () => {
  const [placer, capturer] = [await serviceWith('holds:write'), await serviceWith('holds:capture')];
  const body = { accountId: account.id, amount: '10.00', currency: 'EUR' };
  const { id } = created(await placer.pay<{ id: string }>('/v1/holds', body));
  const path = `/v1/holds/${id}/capture`;
  refused(await placer.pay(path, {}), 403, 'forbidden');
  refused(await capturer.pay('/v1/holds', body), 403, 'forbidden');
  created(await capturer.pay(path, {}));
});
