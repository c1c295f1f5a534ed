import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { fromTypeId, toTypeId } from '#lib/ids.ts';
import { MAX_MINOR } from '#lib/money/money.ts';
import { badFields, cash, created, move, openApi, refused } from '#test/support/api.ts';
import { EUR, newKey, TEST_CALLER } from '#test/support/bank.ts';

const api = await openApi();

const deposit = (account: AccountView, amount: string, fields = {}) =>
  api.pay('/v1/deposits', cash(account, amount, fields));
const withdraw = (account: AccountView, amount: string, fields = {}) =>
  api.pay('/v1/withdrawals', cash(account, amount, fields));
const transfer = (from: AccountView, to: AccountView, amount: string, fields = {}) =>
  api.pay('/v1/transfers', move(from, to, amount, fields));

test('a deposit answers the transaction, with the balance after it', async () => {
  const account = await api.newAccount();
  const details = { reference: 'R-1', description: 'Opening', valueDate: '2026-01-10', mode: 'cheque' };
  const answer = await deposit(account, '12.5', details);
  assert.equal(answer.status, 201);
  const { id, ...rest } = answer.body;
  assert.deepEqual(rest, {
    type: 'deposit',
    ...details,
    status: 'posted',
    amount: '12.50',
    currency: 'EUR',
    accountId: account.id,
    counterpartyAccountId: null,
    counterparty: null,
    balanceAfter: '12.50',
    payerName: null,
    purpose: null,
    reason: null,
    sequence: null,
    externalId: null,
    metadata: {},
    settlement: null,
    reverses: null,
    reversedBy: null,
    reversedAmount: '0.00',
    businessDate: '2026-01-14',
    createdAt: '2026-01-14T12:00:00.000Z',
  });
  assert.equal(answer.headers.get('location'), `/v1/transactions/${id}`);
  assert.equal(answer.headers.get('idempotent-replayed'), null);
  assert.deepEqual((await api.get(`/v1/transactions/${id}`)).body, answer.body);
});

for (const mode of ['cash', 'cheque', 'card', 'online', 'branch', 'atm']) {
  test(`money comes and goes by ${mode}`, async () => {
    const account = await api.newAccount();
    assert.equal(created(await deposit(account, '2.00', { mode })).mode, mode);
    const withdrawal = created(await withdraw(account, '1.50', { mode }));
    assert.equal(withdrawal.mode, mode);
    assert.equal(withdrawal.type, 'withdrawal');
    assert.equal(withdrawal.amount, '1.50');
    assert.equal(withdrawal.balanceAfter, '0.50');
  });
}

test('money is withdrawn to the last cent of balance and overdraft, and not one more', async () => {
  const plain = await api.newAccount({ balance: '10.00' });
  refused(await api.leavesNothing(() => withdraw(plain, '10.01')), 422, 'insufficient_funds');
  assert.equal(created(await withdraw(plain, '10.00')).balanceAfter, '0.00');
  refused(await api.leavesNothing(() => withdraw(plain, '0.01')), 422, 'insufficient_funds');
  const overdrawn = await api.newAccount({ balance: '10.00', overdraftLimit: '5.00' });
  refused(await api.leavesNothing(() => withdraw(overdrawn, '15.01')), 422, 'insufficient_funds');
  assert.equal(created(await withdraw(overdrawn, '15.00')).balanceAfter, '-5.00');
  const other = await api.newAccount();
  refused(await api.leavesNothing(() => transfer(overdrawn, other, '0.01')), 422, 'insufficient_funds');
});

test('a transfer moves money between accounts, by id and by IBAN however it is written', async () => {
  const from = await api.newAccount({ balance: '10.00' });
  const to = await api.newAccount();
  const byId = created(await transfer(from, to, '1.00', { reference: 'Rent', description: 'January' }));
  assert.equal(byId.type, 'transfer');
  assert.equal(byId.mode, 'online');
  assert.equal(byId.accountId, from.id);
  assert.equal(byId.counterpartyAccountId, to.id);
  assert.equal(byId.balanceAfter, '9.00');
  assert.equal(byId.reference, 'Rent');
  const spaced = to.iban.replaceAll(/(.{4})/g, '$1 ');
  for (const toIban of [to.iban, spaced, to.iban.toLowerCase(), spaced.replaceAll(' ', '-')]) {
    const body = { fromAccountId: from.id, toIban, amount: '1.00', currency: 'EUR' };
    assert.equal(created(await api.pay('/v1/transfers', body)).counterpartyAccountId, to.id);
  }
  assert.equal(await api.postedBalance(from), '5.00');
  assert.equal(await api.postedBalance(to), '5.00');
});

test('a transfer names one payee: neither none, nor two, nor a third kind', async () => {
  const from = await api.newAccount({ balance: '10.00' });
  const to = await api.newAccount();
  const base = { fromAccountId: from.id, amount: '1.00', currency: 'EUR' };
  const pay = (fields: Record<string, unknown>) =>
    api.leavesNothing(() => api.pay('/v1/transfers', { ...base, ...fields }));
  assert.deepEqual(badFields(await pay({})), ['toAccountId']);
  assert.deepEqual(badFields(await pay({ toAccountId: to.id, toIban: to.iban })), ['toAccountId']);
  assert.deepEqual(badFields(await pay({ toAccountId: to.id, toIban: null })), ['toIban', 'toAccountId']);
  const beneficiaryId = 'ben_01h455vb4pex5vsknk084sn02q';
  assert.deepEqual(badFields(await pay({ beneficiaryId, toName: 'Bob' })), ['toName']);
  for (const toIban of ['', 'DE00', 'DE89370400440532013001', to.iban.slice(0, -1), `${to.iban}0`]) {
    assert.deepEqual(badFields(await pay({ toIban })), ['toIban'], toIban);
  }
  // Valid, of this bank, and no account.
  refused(await pay({ toIban: 'DE28100100109999999999' }), 422, 'unknown_payee');
});

test('an account does not pay itself, by id or by IBAN', async () => {
  const account = await api.newAccount({ balance: '10.00' });
  refused(await api.leavesNothing(() => transfer(account, account, '1.00')), 422, 'same_account');
  const body = { fromAccountId: account.id, toIban: account.iban, amount: '1.00', currency: 'EUR' };
  refused(await api.leavesNothing(() => api.pay('/v1/transfers', body)), 422, 'same_account');
});

test('money stays in its currency', async () => {
  const euros = await api.newAccount({ balance: '10.00' });
  const dollars = await api.newAccount({ currency: 'USD', balance: '10.00' });
  const calls = [
    () => transfer(euros, dollars, '1.00'),
    () => transfer(euros, dollars, '1.00', { currency: 'USD' }),
    () => transfer(euros, dollars, '1.00', { currency: 'GBP' }),
    () => deposit(euros, '1.00', { currency: 'USD' }),
    () => withdraw(euros, '1.00', { currency: 'USD' }),
    // Of ISO 4217, but no currency of this bank.
    () => deposit(euros, '1.00', { currency: 'SEK' }),
  ];
  for (const call of calls) refused(await api.leavesNothing(call), 422, 'currency_mismatch');
  for (const currency of ['XYZ', 'eur', 'EURO', '', '€']) {
    assert.deepEqual(badFields(await deposit(euros, '1.00', { currency })), ['currency']);
  }
});

test('yen have no decimals and dinars three', async () => {
  const yen = await api.newAccount({ currency: 'JPY' });
  assert.equal(created(await deposit(yen, '1000')).balanceAfter, '1000');
  assert.deepEqual(badFields(await deposit(yen, '0.5'), 'invalid_amount'), ['amount']);
  assert.deepEqual(badFields(await deposit(yen, '1000.0'), 'invalid_amount'), ['amount']);
  assert.equal(created(await withdraw(yen, '1')).balanceAfter, '999');
  const dinars = await api.newAccount({ currency: 'KWD' });
  assert.equal(created(await deposit(dinars, '1.234')).balanceAfter, '1.234');
  assert.equal(created(await deposit(dinars, '0.001')).balanceAfter, '1.235');
  assert.deepEqual(badFields(await deposit(dinars, '0.0001'), 'invalid_amount'), ['amount']);
  const otherYen = await api.newAccount({ currency: 'JPY' });
  assert.equal(created(await transfer(yen, otherYen, '999')).balanceAfter, '0');
});

test('a value date is within 366 days of today, either way', async () => {
  const account = await api.newAccount();
  const dates = { '2025-01-13': 201, '2027-01-15': 201, '2025-01-12': 400, '2027-01-16': 400 };
  for (const [valueDate, status] of Object.entries(dates)) {
    const answer = await deposit(account, '1.00', { valueDate });
    if (status === 400) assert.deepEqual(badFields(answer), ['valueDate']);
    else assert.equal(created(answer).valueDate, valueDate);
  }
  assert.equal((await deposit(account, '1.00')).body.valueDate, '2026-01-14');
  for (const valueDate of ['2026-02-29', '14.01.2026', '', null, 20260114]) {
    assert.deepEqual(badFields(await deposit(account, '1.00', { valueDate })), ['valueDate']);
  }
});

const BAD: [fields: Record<string, unknown>, field: string][] = [
  [{ mode: 'crypto' }, 'mode'],
  [{ mode: 'clearing' }, 'mode'],
  [{ mode: 'internal' }, 'mode'],
  [{ mode: undefined }, 'mode'],
  [{ accountId: undefined }, 'accountId'],
  [{ currency: undefined }, 'currency'],
  [{ reference: '' }, 'reference'],
  [{ reference: '  ' }, 'reference'],
  [{ reference: 'x'.repeat(141) }, 'reference'],
  [{ reference: 5 }, 'reference'],
  [{ description: 'a\u0007b' }, 'description'],
  [{ description: 'x'.repeat(501) }, 'description'],
  [{ id: 'txn_01h455vb4pex5vsknk084sn02q' }, 'id'],
  [{ businessDate: '2020-01-01' }, 'businessDate'],
  [{ status: 'posted' }, 'status'],
  [{ bookId: 2 }, 'bookId'],
  [{ balanceAfter: '1.00' }, 'balanceAfter'],
];
for (const [fields, field] of BAD) {
  test(`cash with ${JSON.stringify(fields).slice(0, 40)} is refused, naming ${field}`, async () => {
    const account = await api.newAccount({ balance: '5.00' });
    for (const call of [deposit, withdraw]) {
      const answer = await api.leavesNothing(() => call(account, '1.00', fields));
      assert.deepEqual(badFields(answer), [field]);
    }
  });
}

test('references of 140 and descriptions of 500 characters are kept as they are', async () => {
  const account = await api.newAccount();
  const texts = { reference: '💶'.repeat(140), description: `${'ü'.repeat(498)}"'` };
  const { reference, description } = created(await deposit(account, '1.00', texts));
  assert.deepEqual({ reference, description }, texts);
});

/** An account as the API shows it, with a balance or overdraft that no single request could give it. */
async function accountWith(options: {
  balanceMinor?: bigint;
  overdraftMinor?: bigint;
}): Promise<AccountView> {
  const id = toTypeId('account', await api.bank.newAccount(options));
  return created(await api.get<AccountView>(`/v1/accounts/${id}`));
}

test('a balance grows to 2^63 - 1 minor units exactly, and more is refused, never a 500', async () => {
  const full = await accountWith({ balanceMinor: MAX_MINOR - 1n });
  const other = await api.newAccount({ balance: '1.00' });
  assert.equal(created(await deposit(full, '0.01')).balanceAfter, '92233720368547758.07');
  refused(await api.leavesNothing(() => deposit(full, '0.01')), 422, 'balance_overflow');
  refused(await api.leavesNothing(() => transfer(other, full, '0.01')), 422, 'balance_overflow');
  refused(await api.leavesNothing(() => deposit(full, '999999999999.99')), 422, 'balance_overflow');
  assert.equal(await api.postedBalance(full), '92233720368547758.07');
  assert.equal(created(await withdraw(full, '999999999999.99')).balanceAfter, '92232720368547758.08');
});

test('a balance falls to -(2^63 - 1) minor units exactly, and not lower', async () => {
  const account = await accountWith({ overdraftMinor: MAX_MINOR });
  await api.bank.transactions.withdraw({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    accountId: fromTypeId('account', account.id),
    mode: 'cash',
    amountMinor: MAX_MINOR,
    currency: EUR,
  });
  assert.equal(await api.postedBalance(account), '-92233720368547758.07');
  refused(await api.leavesNothing(() => withdraw(account, '0.01')), 422, 'insufficient_funds');
});

test('the books verify after all that', () => api.assertVerified());
