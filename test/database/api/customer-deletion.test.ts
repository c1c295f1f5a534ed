import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LineView } from '#features/transactions/schemas.ts';
import { cash, created, move, openApi, type Page, refused } from '#test/support/api.ts';
import { START_MS } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

const api = await openApi();

/** Fifteen years on, in steps: a book's date never goes back, so every test of retention moves it further. */
const LATER = (years: number, days = 0) => Date.UTC(2026 + years, 0, 14 + days, 12);

const remove = (customerId: string) => api.delete(`/v1/customers/${customerId}`);

async function count(table: string, column: string, id: string): Promise<number> {
  const rows = await api.asOwner<{ count: number }>(
    `select count(*)::int as count from ${table} where ${column} = '${id}'`,
  );
  return rows[0]!.count;
}

async function uuidOf(table: string, id: string, where: string): Promise<string> {
  const rows = await api.asOwner<{ id: string }>(`select ${id} as id from ${table} where ${where}`);
  return rows[0]!.id;
}

test('a customer who never banked is gone with accounts and holders; the ledger stays and verifies', async () => {
  const account = await api.newAccount();
  const joint = await api.newCustomer();
  await api.post(`/v1/accounts/${account.id}/holders`, { customerId: joint.id, role: 'authorised' });
  const accountId = await uuidOf('accounts', 'account_id', `iban = '${account.iban}'`);
  const answer = await remove(account.customerId);
  assert.equal(answer.status, 204);
  assert.equal(answer.text, '');
  assert.equal(await count('accounts', 'account_id', accountId), 0);
  assert.equal(await count('account_holders', 'account_id', accountId), 0);
  assert.equal(await count('ledger_accounts', 'ledger_account_id', accountId), 1);
  refused(await api.get(`/v1/customers/${account.customerId}`), 404, 'not_found');
  refused(await api.get(`/v1/accounts/${account.id}`), 404, 'not_found');
  assert.equal((await api.get(`/v1/customers/${joint.id}`)).status, 200);
  refused(await remove(account.customerId), 404, 'not_found');
  await api.assertVerified();
});

test('a customer with money in one of many accounts is kept', async () => {
  const account = await api.newAccount();
  await api.newAccount({ customerId: account.customerId, balance: '0.01' });
  refused(await api.leavesNothing(() => remove(account.customerId)), 409, 'customer_has_balances');
});

test('a customer with a drawn overdraft is kept', async () => {
  const account = await api.newAccount({ overdraftLimit: '10.00' });
  await api.withdraw(account, '0.01');
  refused(await api.leavesNothing(() => remove(account.customerId)), 409, 'customer_has_balances');
});

test('a customer whose account another owns too is kept', async () => {
  const account = await api.newAccount();
  const joint = await api.newCustomer();
  await api.post(`/v1/accounts/${account.id}/holders`, { customerId: joint.id, role: 'joint' });
  refused(await api.leavesNothing(() => remove(account.customerId)), 409, 'customer_has_joint_accounts');
  assert.equal((await remove(joint.id)).status, 204);
  assert.equal((await remove(account.customerId)).status, 204);
});

test('a customer is kept while a loan of somebody else names one of the accounts', async () => {
  const account = await api.newAccount();
  const borrower = await api.newCustomer();
  created(await api.post(`/v1/accounts/${account.id}/holders`, { customerId: borrower.id, role: 'joint' }));
  await new Lending(api).newApplication(account, { customerId: borrower.id });
  assert.equal(
    (await api.delete(`/v1/accounts/${account.id}/holders?customerId=${borrower.id}`)).status,
    200,
  );
  const call = () => remove(account.customerId);
  refused(await api.leavesNothing(call), 409, 'account_serves_loan_of_others');
  assert.equal((await remove(borrower.id)).status, 204);
  assert.equal((await call()).status, 204);
});

test('a customer with an empty account is kept while the law wants the entries', async () => {
  const account = await api.newAccount({ balance: '5.00' });
  await api.withdraw(account, '5.00');
  refused(await api.leavesNothing(() => remove(account.customerId)), 409, 'retention_period');
  await api.post(`/v1/accounts/${account.id}/close`, { reason: 'moving' });
  refused(await api.leavesNothing(() => remove(account.customerId)), 409, 'retention_period');
});

test('money for an account that was deleted is refused like money for none', async () => {
  const gone = await api.newAccount();
  const payer = await api.newAccount({ balance: '9.00' });
  assert.equal((await remove(gone.customerId)).status, 204);
  const calls = [
    () => api.pay('/v1/transfers', move(payer, gone, '1.00')),
    () => api.pay('/v1/transfers', move(gone, payer, '1.00')),
    () => api.pay('/v1/deposits', cash(gone, '1.00')),
    () => api.pay('/v1/withdrawals', cash(gone, '1.00')),
  ];
  for (const call of calls) refused(await api.leavesNothing(call), 404, 'not_found');
  const toIban = { fromAccountId: payer.id, toIban: gone.iban, amount: '1.00', currency: 'EUR' };
  refused(await api.leavesNothing(() => api.pay('/v1/transfers', toIban)), 422, 'unknown_payee');
  await api.assertVerified();
});

test('an account goes with its customer or takes money, never both', async () => {
  const payer = await api.newAccount({ balance: '100.00' });
  for (let round = 0; round < 20; round++) {
    const payee = await api.newAccount();
    const pay = () => api.pay('/v1/transfers', move(payer, payee, '1.00'));
    const leave = () => remove(payee.customerId);
    const [first, second] = round % 2 === 0 ? [pay, leave] : [leave, pay];
    const answers = await Promise.all([first(), second()]);
    const [paid, left] = round % 2 === 0 ? answers : answers.toReversed();
    const ending = `${paid?.status} ${left?.status}`;
    assert.ok(['201 409', '404 204'].includes(ending), ending);
  }
  const stranded = await api.asOwner(`
    select l.ledger_account_id from ledger_accounts l
    left join accounts a on a.account_id = l.ledger_account_id
    where l.kind = 'customer' and a.account_id is null and l.balance_minor <> 0`);
  assert.deepEqual(stranded, []);
  await api.assertVerified();
});

test('after ten years, to the day, the person is forgotten and the books still verify', async () => {
  assert.equal(api.bank.clock.nowMs(), START_MS);
  const account = await api.newAccount({ balance: '5.00' });
  const other = await api.newAccount();
  const transfer = await api.transfer(account, other, '5.00', { description: 'Secret gift' });
  api.bank.clock.setMs(LATER(10));
  refused(await remove(account.customerId), 409, 'retention_period');
  const postings = await api.asOwner('select * from postings order by entry_id, line');
  api.bank.clock.setMs(LATER(10, 1));
  assert.equal((await remove(account.customerId)).status, 204);
  assert.deepEqual(await api.asOwner('select * from postings order by entry_id, line'), postings);
  refused(await api.get(`/v1/transactions/${transfer.id}`), 404, 'not_found');
  const lines = created(await api.get<Page<LineView>>(`/v1/accounts/${other.id}/transactions`));
  assert.ok(!JSON.stringify(lines).includes('Secret gift'));
  const [line] = lines.data;
  assert.equal(line?.type, 'transfer');
  assert.equal(line?.amount, '5.00');
  assert.equal(line?.counterparty, null);
  assert.equal(line?.description, null);
  assert.equal(await api.postedBalance(other), '5.00');
  await api.assertVerified();
});

test('a book that keeps nothing lets a customer go the day after', async () => {
  await api.editBook('retention_years = 0');
  api.bank.clock.setMs(LATER(15));
  const account = await api.newAccount({ balance: '5.00' });
  await api.withdraw(account, '5.00');
  refused(await remove(account.customerId), 409, 'retention_period');
  api.bank.clock.setMs(LATER(15, 1));
  assert.equal((await remove(account.customerId)).status, 204);
  await api.assertVerified();
});
