import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransactionView } from '#features/transactions/schemas.ts';
import { badFields, created, DAY_MS, openApi, type Page, refused } from '#test/support/api.ts';
import { START_MS } from '#test/support/bank.ts';

const api = await openApi();

const reverse = (transaction: TransactionView, reason: unknown = 'entered twice') =>
  api.pay(`/v1/transactions/${transaction.id}/reverse`, { reason });

const list = async (query: string) =>
  created(await api.get<Page<TransactionView>>(`/v1/transactions?${query}`)).data;

test('a reversal takes money back, and both transactions name each other', async () => {
  const from = await api.newAccount({ balance: '10.00' });
  const to = await api.newAccount();
  const transfer = await api.transfer(from, to, '4.00', { reference: 'R-9' });
  const answer = await reverse(transfer, ' wrong payee ');
  assert.equal(answer.status, 201);
  const { id, ...rest } = answer.body;
  const { id: _, ...before } = transfer;
  assert.deepEqual(rest, {
    ...before,
    type: 'reversal',
    reason: 'wrong payee',
    balanceAfter: '10.00',
    reverses: transfer.id,
  });
  assert.equal(answer.headers.get('location'), `/v1/transactions/${id}`);
  const reversed = created(await api.get<TransactionView>(`/v1/transactions/${transfer.id}`));
  const counterparty = { name: 'Ada Lovelace', bank: null, bankCodeType: null, iban: to.iban, account: null };
  assert.deepEqual(reversed, {
    ...transfer,
    counterparty,
    status: 'reversed',
    reversedBy: id,
    reversedAmount: '4.00',
  });
  assert.equal(await api.postedBalance(from), '10.00');
  assert.equal(await api.postedBalance(to), '0.00');
});

test('deposits and withdrawals are reversed too', async () => {
  const account = await api.newAccount();
  const deposit = await api.deposit(account, '5.00');
  const withdrawal = await api.withdraw(account, '2.00');
  assert.equal(created(await reverse(withdrawal)).balanceAfter, '5.00');
  assert.equal(created(await reverse(deposit)).balanceAfter, '0.00');
});

test('a transaction is reversed once, and a reversal never', async () => {
  const account = await api.newAccount();
  const deposit = await api.deposit(account, '5.00');
  const reversal = created(await reverse(deposit));
  refused(await api.leavesNothing(() => reverse(deposit)), 409, 'already_reversed');
  refused(await api.leavesNothing(() => reverse(reversal)), 422, 'not_reversible');
});

test('of twenty reversals at once, one is made', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const deposit = await api.deposit(account, '5.00');
  const answers = await Promise.all(Array.from({ length: 20 }, () => reverse(deposit)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  for (const answer of answers) if (answer.status !== 201) refused(answer, 409, 'already_reversed');
  assert.equal(await api.postedBalance(account), '100.00');
});

test('a reversal needs the money to be there still, to the cent', async () => {
  const from = await api.newAccount({ balance: '10.00' });
  const to = await api.newAccount();
  const transfer = await api.transfer(from, to, '4.00');
  await api.withdraw(to, '0.01');
  refused(await api.leavesNothing(() => reverse(transfer)), 422, 'insufficient_funds');
  await api.deposit(to, '0.01');
  assert.equal((await reverse(transfer)).status, 201);
});

test('a reversal is booked today, whatever the date of what it takes back', async () => {
  const account = await api.newAccount();
  const deposit = await api.deposit(account, '5.00', { valueDate: '2026-01-02' });
  const reversal = created(await reverse(deposit));
  assert.equal(reversal.businessDate, '2026-01-14');
  assert.equal(reversal.valueDate, '2026-01-14');
});

test('a reversal needs a reason', async () => {
  const deposit = await api.deposit(await api.newAccount(), '5.00');
  for (const reason of [null, '', '  ', 5, 'x'.repeat(501), 'a\u0001b']) {
    assert.deepEqual(badFields(await api.leavesNothing(() => reverse(deposit, reason))), ['reason']);
  }
  const path = `/v1/transactions/${deposit.id}/reverse`;
  assert.deepEqual(badFields(await api.pay(path, {})), ['reason']);
  assert.deepEqual(badFields(await api.pay(path, { reason: 'x', mode: 'cash' })), ['mode']);
});

test('transactions are found by account on either side, type, status and reference', async () => {
  const from = await api.newAccount();
  const to = await api.newAccount();
  const deposit = await api.deposit(from, '10.00', { reference: 'JOS\u00c9 1' });
  const transfer = await api.transfer(from, to, '4.00', { reference: "x' or '1'='1" });
  const withdrawal = await api.withdraw(to, '1.00');
  const reversal = created(await reverse(withdrawal));
  const ids = async (query: string) => (await list(query)).map(({ id }) => id);
  assert.deepEqual(await ids(`accountId=${from.id}`), [transfer.id, deposit.id]);
  assert.deepEqual(await ids(`accountId=${to.id}`), [reversal.id, withdrawal.id, transfer.id]);
  assert.deepEqual(await ids(`accountId=${to.id}&type=reversal`), [reversal.id]);
  assert.deepEqual(await ids(`accountId=${to.id}&type=fee`), []);
  assert.deepEqual(await ids(`accountId=${to.id}&status=reversed`), [withdrawal.id]);
  assert.deepEqual(await ids(`accountId=${to.id}&status=posted`), [reversal.id, transfer.id]);
  assert.deepEqual(await ids(`reference=${encodeURIComponent("x' or '1'='1")}`), [transfer.id]);
  assert.deepEqual(await ids(`reference=${encodeURIComponent('JOS\u00c9 1')}`), [deposit.id]);
  assert.deepEqual(await ids(`reference=${encodeURIComponent('JOSE\u0301 1')}`), [deposit.id]);
  assert.deepEqual(await ids('reference=%25'), []);
  assert.deepEqual(await ids('accountId=acc_01h455vb4pex5vsknk084sn02q'), []);
});

test('thirty transactions come page by page, newest first, none twice and none missing', async () => {
  const account = await api.newAccount();
  const ids: string[] = [];
  for (let index = 0; index < 30; index++) ids.unshift((await api.deposit(account, '1.00')).id);
  for (const limit of [1, 7, 15, 30]) {
    const pages = await api.allPages<TransactionView>(`/v1/transactions?accountId=${account.id}`, limit);
    assert.deepEqual(
      pages.flat().map(({ id }) => id),
      ids,
    );
    assert.equal(pages.length, Math.ceil(30 / limit));
  }
});

const BAD: [query: string, field: string][] = [
  ['accountId=5', 'accountId'],
  ['accountId=cus_01h455vb4pex5vsknk084sn02q', 'accountId'],
  ['type=gift', 'type'],
  ['status=pending', 'status'],
  ['from=2026-02-29', 'from'],
  ['to=tomorrow', 'to'],
  ['from=2026-01-14T00:00:00Z', 'from'],
  ['amount=5', 'amount'],
  [`reference=${'x'.repeat(141)}`, 'reference'],
  ['cursor=abc', 'cursor'],
];
for (const [query, field] of BAD) {
  test(`the search ${query.slice(0, 40)} is refused, naming ${field}`, async () => {
    assert.deepEqual(badFields(await api.get(`/v1/transactions?${query}`)), [field]);
  });
}

test('a search by business date takes in both its ends', async () => {
  const account = await api.newAccount();
  const made: TransactionView[] = [];
  for (const day of [10, 11, 13]) {
    api.bank.clock.setMs(START_MS + day * DAY_MS);
    made.push(await api.deposit(account, `${day}.00`));
  }
  assert.deepEqual(
    made.map(({ businessDate }) => businessDate),
    ['2026-01-24', '2026-01-25', '2026-01-27'],
  );
  const amounts = async (query: string) =>
    (await list(`accountId=${account.id}&${query}`)).map(({ amount }) => amount);
  assert.deepEqual(await amounts('from=2026-01-25'), ['13.00', '11.00']);
  assert.deepEqual(await amounts('from=2026-01-26'), ['13.00']);
  assert.deepEqual(await amounts('to=2026-01-25'), ['11.00', '10.00']);
  assert.deepEqual(await amounts('to=2026-01-23'), []);
  assert.deepEqual(await amounts('from=2026-01-25&to=2026-01-25'), ['11.00']);
  assert.deepEqual(await amounts('from=1800-01-01&to=9999-12-31'), ['13.00', '11.00', '10.00']);
});

test('the books verify after all that', () => api.assertVerified());
