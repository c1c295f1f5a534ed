import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BankView, CurrencyOfBankView } from '#features/books/schemas.ts';
import type { OutgoingView } from '#features/payments/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

const currencies = async (): Promise<readonly CurrencyOfBankView[]> =>
  created(await api.get<Page<CurrencyOfBankView>>('/v1/currencies')).data;

test('a manager says what the bank is called, its BIC, address and supervisory ids, and it stays', async () => {
  const before = created(await api.get<BankView>('/v1/bank'));
  assert.deepEqual(
    [before.name, before.bic, before.country, before.bankCode],
    ['Test bank', null, 'DE', '10010010'],
  );
  const changes = {
    name: 'Harbour Credit Union',
    bic: 'harb de 21 xxx',
    addressLine1: '1 Quay Street',
    postalCode: '20457',
    city: 'Hamburg',
    supervisoryIds: { BaFin: '123456', LEI: '5299000J2N45DDNE4Y28' },
    letterheadColor: '#1f4e79',
  };
  const after = created(await api.patch<BankView>('/v1/bank', changes, '*'));
  assert.deepEqual(after, { ...before, ...changes, bic: 'HARBDE21XXX' });
  assert.deepEqual(created(await api.get<BankView>('/v1/bank')), after);
  const cleared = created(await api.patch<BankView>('/v1/bank', { addressLine2: null }, '*'));
  assert.deepEqual(cleared, after);

  const payer = await api.newAccount({ balance: '50.00' });
  const to = {
    toIban: 'FR1420041010050500013M02606',
    toName: 'Grace Hopper',
    amount: '10.00',
    currency: 'EUR',
  };
  const paid = created(await api.pay<{ id: string }>('/v1/transfers', { fromAccountId: payer.id, ...to }));
  const sent = created(await api.get<OutgoingView>(`/v1/outgoing-payments/${paid.id}`));
  assert.deepEqual([sent.debtorBankName, sent.debtorBic], ['Harbour Credit Union', 'HARBDE21XXX']);
});

test('a BIC of the wrong form, and what is decided for good, is refused', async () => {
  await api.leavesNothing(async () => {
    for (const letterheadColor of ['#ffffff', '#777777', '1f4e79', 'red', '#fff', '']) {
      const answer = await api.patch('/v1/bank', { letterheadColor }, '*');
      assert.deepEqual(badFields(answer), ['letterheadColor']);
    }
    for (const bic of ['HARBDE2', 'HARBDE21XX', '1ARBDE21', 'HARBD121']) {
      assert.deepEqual(badFields(await api.patch('/v1/bank', { bic }, '*')), ['bic']);
    }
    assert.deepEqual(badFields(await api.patch('/v1/bank', { country: 'FR' }, '*')), ['country']);
    assert.deepEqual(badFields(await api.patch('/v1/bank', { name: '   ' }, '*')), ['name']);
  });
});

test('a currency of ISO 4217 is switched on by a manager, once, and has products and accounts then', async () => {
  const before = await currencies();
  assert.deepEqual(
    before.filter(({ isEnabled }) => isEnabled).map(({ currency }) => currency),
    ['CHF', 'CZK', 'EUR', 'GBP', 'JPY', 'KWD', 'USD'],
  );
  const { id: customerId } = await api.newCustomer();
  const krona = { customerId, product: 'current', currency: 'SEK' };
  refused(await api.post('/v1/accounts', krona), 422, 'unknown_product');

  const answers = await Promise.all(
    Array.from({ length: 4 }, () => api.post<CurrencyOfBankView>('/v1/currencies/SEK/enable', {})),
  );
  for (const answer of answers) {
    assert.deepEqual(created(answer), { currency: 'SEK', decimals: 2, isEnabled: true });
  }
  created(await api.post('/v1/currencies/BHD/enable', {}));
  const account = await api.newAccount({ currency: 'SEK' });
  const deposit = { accountId: account.id, amount: '100.50', currency: 'SEK', mode: 'cash' };
  created(await api.pay('/v1/deposits', deposit));
  const dinar = await api.newAccount({ currency: 'BHD' });
  const fils = { accountId: dinar.id, amount: '1.005', currency: 'BHD', mode: 'cash' };
  created(await api.pay('/v1/deposits', fils, newKey()));
  assert.equal(await api.postedBalance(dinar), '1.005');
  refused(await api.post('/v1/currencies/XXX/enable', {}), 404, 'not_found');
});
