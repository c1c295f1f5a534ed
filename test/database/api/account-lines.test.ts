import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LineView, TransactionView } from '#features/transactions/schemas.ts';
import { badFields, created, DAY_MS, openApi, type Page } from '#test/support/api.ts';
import { START_MS } from '#test/support/bank.ts';

const api = await openApi();

const account = await api.newAccount();
const other = await api.newAccount({ balance: '1000.00' });

const list = async (query = '', of = account) =>
  created(await api.get<Page<LineView>>(`/v1/accounts/${of.id}/transactions${query}`)).data;
const amounts = async (query: string) => (await list(query)).map(({ amount }) => amount);

// Six lines on three days.
const deposit = await api.deposit(account, '100.00', { mode: 'card', reference: 'R-1', description: 'Wage' });
await api.withdraw(account, '10.00');
api.bank.clock.setMs(START_MS + DAY_MS);
const incoming = await api.transfer(other, account, '50.00', { description: 'For you' });
await api.transfer(account, other, '0.01');
api.bank.clock.setMs(START_MS + 5 * DAY_MS);
const mistake = await api.withdraw(account, '25.00', { valueDate: '2026-01-18' });
await api.pay(`/v1/transactions/${mistake.id}/reverse`, { reason: 'mistake' });

test('lines come newest first, signed, each with the balance after it', async () => {
  const lines = await list();
  assert.deepEqual(
    lines.map(({ type, amount, balanceAfter, businessDate, valueDate }) => [
      type,
      amount,
      balanceAfter,
      businessDate,
      valueDate,
    ]),
    [
      ['reversal', '25.00', '139.99', '2026-01-19', '2026-01-19'],
      ['withdrawal', '-25.00', '114.99', '2026-01-19', '2026-01-18'],
      ['transfer', '-0.01', '139.99', '2026-01-15', '2026-01-15'],
      ['transfer', '50.00', '140.00', '2026-01-15', '2026-01-15'],
      ['withdrawal', '-10.00', '90.00', '2026-01-14', '2026-01-14'],
      ['deposit', '100.00', '100.00', '2026-01-14', '2026-01-14'],
    ],
  );
});

test('a line says what its transaction says, and who is on the other side', async () => {
  const lines = await list();
  assert.deepEqual(lines.at(-1), {
    id: deposit.id,
    type: 'deposit',
    mode: 'card',
    status: 'posted',
    amount: '100.00',
    currency: 'EUR',
    accountId: account.id,
    balanceAfter: '100.00',
    description: 'Wage',
    reference: 'R-1',
    purpose: null,
    reason: null,
    externalId: null,
    metadata: {},
    counterpartyAccountId: null,
    counterparty: null,
    payerName: null,
    sequence: null,
    settlement: null,
    reverses: null,
    reversedBy: null,
    reversedAmount: '0.00',
    businessDate: '2026-01-14',
    valueDate: '2026-01-14',
    createdAt: '2026-01-14T12:00:00.000Z',
  });
  const line = lines.find(({ id }) => id === incoming.id);
  assert.equal(line?.description, 'For you');
  assert.equal(line?.counterpartyAccountId, other.id);
  const [{ givenName, familyName }] = [created(await api.get<Names>(`/v1/customers/${other.customerId}`))];
  const name = `${givenName} ${familyName}`;
  assert.deepEqual(line?.counterparty, {
    name,
    bank: null,
    bankCodeType: null,
    iban: other.iban,
    account: null,
  });
});

type Names = { readonly givenName: string; readonly familyName: string };

test('a line names what took it back, and what it takes back', async () => {
  const [reversal, withdrawal, transfer] = await list();
  assert.deepEqual(
    [withdrawal?.id, withdrawal?.status, withdrawal?.reversedBy, withdrawal?.reverses],
    [mistake.id, 'reversed', reversal?.id, null],
  );
  assert.deepEqual(
    [reversal?.status, reversal?.reverses, reversal?.reversedBy],
    ['posted', mistake.id, null],
  );
  assert.deepEqual([transfer?.status, transfer?.reverses, transfer?.reversedBy], ['posted', null, null]);
});

test('a line has every field of its transaction, by the same name', async () => {
  const [line] = await list();
  const transaction = created(await api.get<TransactionView>(`/v1/transactions/${line?.id}`));
  assert.deepEqual(Object.keys(line ?? {}).toSorted(), Object.keys(transaction).toSorted());
  assert.deepEqual({ ...line, amount: transaction.amount }, transaction);
});

const FILTERS: [query: string, amounts: string[]][] = [
  ['?from=2026-01-15', ['25.00', '-25.00', '-0.01', '50.00']],
  ['?from=2026-01-16', ['25.00', '-25.00']],
  ['?from=2026-01-20', []],
  ['?to=2026-01-15', ['-0.01', '50.00', '-10.00', '100.00']],
  ['?to=2026-01-14', ['-10.00', '100.00']],
  ['?to=2026-01-13', []],
  ['?from=2026-01-15&to=2026-01-15', ['-0.01', '50.00']],
  ['?from=1800-01-01&to=9999-12-31', ['25.00', '-25.00', '-0.01', '50.00', '-10.00', '100.00']],
  ['?type=transfer', ['-0.01', '50.00']],
  ['?type=reversal', ['25.00']],
  ['?type=fee', []],
  // Of the amount without its sign.
  ['?minAmount=25', ['25.00', '-25.00', '50.00', '100.00']],
  ['?minAmount=25.01', ['50.00', '100.00']],
  ['?maxAmount=10.00', ['-0.01', '-10.00']],
  ['?maxAmount=9.99', ['-0.01']],
  ['?minAmount=10&maxAmount=25', ['25.00', '-25.00', '-10.00']],
  ['?maxAmount=0', []],
  ['?minAmount=0', ['25.00', '-25.00', '-0.01', '50.00', '-10.00', '100.00']],
  ['?minAmount=30&from=2026-01-15&type=transfer', ['50.00']],
  ['?minAmount=92233720368547758.07', []],
];
for (const [query, expected] of FILTERS) {
  test(`the lines ${query} are ${expected.length}`, async () => {
    assert.deepEqual(await amounts(query), expected);
  });
}

const BAD: [query: string, field: string, code?: string][] = [
  ['minAmount=-1', 'minAmount', 'invalid_amount'],
  ['minAmount=1e3', 'minAmount', 'invalid_amount'],
  ['maxAmount=0.001', 'maxAmount', 'invalid_amount'],
  ['maxAmount=92233720368547758.08', 'maxAmount', 'invalid_amount'],
  ['maxAmount=', 'maxAmount', 'invalid_amount'],
  ['from=2026-02-30', 'from'],
  ['to=', 'to'],
  ['type=x', 'type'],
  ['status=posted', 'status'],
  ['limit=1000', 'limit'],
  [`cursor=${Buffer.from('["99999999999999999999"]').toString('base64url')}`, 'cursor'],
  [`cursor=${Buffer.from('["1.5"]').toString('base64url')}`, 'cursor'],
];
for (const [query, field, code = 'validation_failed'] of BAD) {
  test(`the lines ${query} are refused, naming ${field}`, async () => {
    const answer = await api.get(`/v1/accounts/${account.id}/transactions?${query}`);
    assert.deepEqual(badFields(answer, code), [field]);
  });
}

test('thirty lines come page by page with balances that add up, none twice and none missing', async () => {
  const busy = await api.newAccount();
  const made: TransactionView[] = [];
  for (let index = 0; index < 30; index++) {
    const amount = `${index + 1}.00`;
    made.unshift(index % 3 === 2 ? await api.transfer(busy, other, '1.00') : await api.deposit(busy, amount));
  }
  for (const limit of [1, 4, 29, 100]) {
    const pages = await api.allPages<LineView>(`/v1/accounts/${busy.id}/transactions`, limit);
    const lines = pages.flat();
    assert.deepEqual(
      lines.map(({ id }) => id),
      made.map(({ id }) => id),
    );
    let balance = 0;
    for (const line of lines.toReversed()) {
      balance += Number(line.amount);
      assert.equal(line.balanceAfter, `${balance}.00`);
    }
    assert.equal(await api.postedBalance(busy), `${balance}.00`);
  }
  const filtered = await api.allPages<LineView>(`/v1/accounts/${busy.id}/transactions?type=transfer`, 3);
  assert.deepEqual(
    filtered.map(({ length }) => length),
    [3, 3, 3, 1],
  );
});

test('an account in yen filters in yen', async () => {
  const yen = await api.newAccount({ currency: 'JPY', balance: '500' });
  assert.deepEqual(
    (await list('?minAmount=500', yen)).map(({ amount }) => amount),
    ['500'],
  );
  assert.deepEqual(await list('?minAmount=501', yen), []);
  const answer = await api.get(`/v1/accounts/${yen.id}/transactions?minAmount=0.5`);
  assert.deepEqual(badFields(answer, 'invalid_amount'), ['minAmount']);
});

test('an account without lines has an empty page', async () => {
  const { body } = await api.get(`/v1/accounts/${(await api.newAccount()).id}/transactions`);
  assert.deepEqual(body, { data: [], nextCursor: null });
});
