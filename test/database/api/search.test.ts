import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hit } from '#bank/search/schemas.ts';
import type { HoldView } from '#features/holds/schemas.ts';
import type { ApiKeyView } from '#identity/api-keys/contract.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, cash, created, move, openApi, refused, type TestApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();
const person = await api.newCustomer({ givenName: 'Mehmet', familyName: 'Yılmaz', externalId: 'crm-7' });
const account = await api.newAccount({ customerId: person.id, balance: '1250.00', externalId: 'core-7' });
const other = await api.newAccount({ balance: '10.00' });
const owner = await api.as('customer', fromTypeId('customer', person.id));
const stranger = await api.as('customer', fromTypeId('customer', (await api.newCustomer()).id));

async function search(q: string, { by = api, types = '' }: { by?: TestApi; types?: string } = {}) {
  const query = new URLSearchParams(types === '' ? { q } : { q, types });
  return created(await by.get<{ data: Hit[]; hint: string | null }>(`/v1/search?${query.toString()}`));
}
const found = async (q: string, options = {}) =>
  (await search(q, options)).data.map(({ type, match }) => `${type} by ${match}`);

test('a customer is found by the beginnings of names, and by an id of the client’s', async () => {
  const { data, hint } = await search('yilm meh');
  assert.equal(hint, null);
  assert.deepEqual(data, [
    {
      type: 'customer',
      id: person.id,
      title: 'Mehmet Yılmaz',
      subtitle: '1990-12-10 · Berlin · active',
      match: 'words',
    },
  ]);
  assert.deepEqual(await found('crm-7'), ['customer by words']);
  assert.deepEqual((await search('nobody here')).data, []);
});

test('an account is found by its number, its IBAN in any spacing, and an id of the client’s', async () => {
  const { data } = await search(account.number);
  assert.deepEqual(data, [
    {
      type: 'account',
      id: account.id,
      title: account.iban,
      subtitle: 'Mehmet Yılmaz · current EUR · active',
      match: 'number',
    },
  ]);
  const spaced = account.iban.replaceAll(/(.{4})/g, '$1 ').toLowerCase();
  assert.deepEqual(await found(spaced), ['account by iban']);
  assert.deepEqual(await found('core-7'), ['account by external_id']);
});

test('a digit that is mistyped in an IBAN is said to be', async () => {
  const digit = account.iban.at(-1) === '1' ? '2' : '1';
  const { data, hint } = await search(account.iban.slice(0, -1) + digit);
  assert.deepEqual(data, []);
  assert.match(hint ?? '', /the check digits are wrong/);
  assert.match((await search('DE881001001010000000')).hint ?? '', /22 characters/);
});

test('whatever has an id is found by it, and by nothing near it', async () => {
  const hold = created(
    await api.pay<HoldView>('/v1/holds', { accountId: account.id, amount: '1.00', currency: 'EUR' }),
  );
  const transfer = await api.transfer(account, other, '3.21');
  for (const id of [person.id, account.id, transfer.id, hold.id]) {
    assert.deepEqual(
      (await search(id)).data.map((hit) => [hit.id, hit.match]),
      [[id, 'id']],
    );
  }
  const near = account.id.slice(0, -1) + (account.id.endsWith('0') ? '1' : '0');
  assert.deepEqual((await search(near)).data, []);
});

test('payments are found by their reference and by an id of the client’s', async () => {
  const fields = { reference: 'INV-2026-0042', externalId: 'pay-42' };
  const { id } = created(await api.pay('/v1/transfers', { ...move(account, other, '4.00'), ...fields }));
  const { data } = await search('INV-2026-0042');
  assert.deepEqual(data, [
    {
      type: 'transaction',
      id,
      title: 'transfer 4.00 EUR',
      subtitle: '2026-01-14 · INV-2026-0042',
      match: 'reference',
    },
  ]);
  assert.deepEqual(await found('pay-42'), ['transaction by external_id']);
  const incoming = { externalReference: 'SEPA-99', iban: account.iban, amount: '7.00', currency: 'EUR' };
  created(await api.pay('/v1/incoming-payments', incoming));
  assert.ok((await found('SEPA-99')).includes('incoming_payment by reference'));
});

test('an amount is found however it is written', async () => {
  await api.deposit(account, '98765.43');
  for (const q of [
    '98765.43',
    '98,765.43',
    '98.765,43',
    '98 765,43',
    '98’765.43',
    '98765.43 EUR',
    'EUR98765,43',
  ]) {
    assert.deepEqual(await found(q), ['transaction by amount'], q);
  }
  assert.deepEqual(await found('98765.44'), []);
  await api.deposit(other, '4321.00');
  for (const q of ['4321', '4,321', '4.321', '4321,00'])
    assert.deepEqual(await found(q), ['transaction by amount'], q);
});

test('the same minor units are no hit in a currency with other decimals', async () => {
  created(await api.post('/v1/currencies/JPY/enable', {}));
  const yen = await api.newAccount({ currency: 'JPY' });
  created(await api.pay('/v1/deposits', { ...cash(yen, '77701'), currency: 'JPY' }));
  assert.deepEqual(await found('77701'), ['transaction by amount']);
  assert.deepEqual(await found('777.01'), [], 'of euros');
});

test('only the types that are asked for are looked for', async () => {
  assert.deepEqual(await found(account.iban, { types: 'customer, loan' }), []);
  assert.deepEqual(await found(account.iban, { types: 'account' }), ['account by iban']);
  assert.deepEqual(badFields(await api.get('/v1/search?q=x&types=money')), ['types']);
  assert.deepEqual(badFields(await api.get('/v1/search')), ['q']);
  assert.deepEqual(badFields(await api.get('/v1/search?q=')), ['q']);
});

test('texts that are no question find nothing and break nothing', async () => {
  for (const q of ['%', "';--", '\\', '...', ',', '999999999999999999999', '\u{1F600}']) {
    assert.deepEqual((await search(q)).data, [], q);
  }
});

test('a customer finds its own and nobody else’s', async () => {
  const payment = await api.transfer(account, other, '5.55', { reference: 'RENT-1' });
  assert.deepEqual(await found(account.iban, { by: owner }), ['account by iban']);
  assert.deepEqual(
    (await search(account.iban, { by: owner })).data.map(({ subtitle }) => subtitle),
    ['current EUR · active'],
    'no names',
  );
  assert.deepEqual(await found('RENT-1', { by: owner }), ['transaction by reference']);
  assert.deepEqual(await found('5.55', { by: owner }), ['transaction by amount']);
  assert.deepEqual(await found(payment.id, { by: owner }), ['transaction by id']);
  assert.deepEqual(await found('Mehmet', { by: owner }), [], 'customers are not searched by customers');
  for (const q of [
    account.iban,
    account.number,
    'RENT-1',
    '5.55',
    'core-7',
    'pay-42',
    payment.id,
    person.id,
  ]) {
    assert.deepEqual(await found(q, { by: stranger }), [], q);
  }
});

test('each finds what it may read: users are found by those who manage them, and keys by their scopes', async () => {
  const admin = await api.as('admin');
  const { id } = created(await admin.get<{ id: string }>('/v1/auth/me'));
  assert.deepEqual(await found(id, { by: admin }), ['user by id']);
  assert.deepEqual(await found(id, { by: await api.as('teller') }), []);
  const keyWith = async (scopes: string[]) => {
    const request = { name: 'A key', scopes };
    const key = created(await admin.post<ApiKeyView & { token: string }>('/v1/api-keys', request));
    return api.withToken(() => Promise.resolve(key.token));
  };
  const reader = await keyWith(['customers:read']);
  assert.deepEqual(await found('yilm', { by: reader }), ['customer by words']);
  assert.deepEqual(await found(account.iban, { by: reader }), []);
  assert.deepEqual(await found(account.iban, { by: await keyWith(['customers:read', 'accounts:read']) }), [
    'account by iban',
  ]);
  refused(await (await keyWith(['accounts:read'])).get('/v1/search?q=yilm'), 403, 'forbidden');
  const bound = created(
    await admin.post<ApiKeyView & { token: string }>('/v1/api-keys', {
      name: newKey(),
      scopes: ['customers:read'],
      customers: [person.id],
    }),
  );
  const confined = api.withToken(() => Promise.resolve(bound.token));
  refused(await confined.get('/v1/search?q=yilm'), 403, 'api_key_bound');
});
