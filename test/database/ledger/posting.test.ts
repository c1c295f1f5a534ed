import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { EUR, newKey, openTestBank, START_MS, TEST_CALLER } from '#test/support/bank.ts';
import { brokenLaws } from '#test/support/verified.ts';

const DAY_MS = 86_400_000;

const bank = await openTestBank();

function transfer(fromAccountId: AccountId, toAccountId: AccountId, amountMinor: bigint, key = newKey()) {
  return bank.transactions.transfer({
    caller: TEST_CALLER,
    idempotencyKey: key,
    fromAccountId,
    to: { accountId: toAccountId },
    amountMinor,
    currency: EUR,
  });
}

test('a transfer moves the amount once and tells the balance after it', async () => {
  const from = await bank.newAccount({ balanceMinor: 1000n });
  const to = await bank.newAccount();
  const { transaction, replayed } = await transfer(from, to, 300n);
  assert.equal(replayed, false);
  assert.equal(transaction.state.balanceAfterMinor, 700n);
  assert.equal(await bank.balanceOf(from), 700n);
  assert.equal(await bank.balanceOf(to), 300n);
  const stored = await bank.transactions.get(TEST_CALLER, transaction.state.id);
  // Whose beneficiary was paid is kept beside the transaction, and this one was nobody's.
  const { beneficiary, ...told } = transaction.state;
  assert.equal(beneficiary, undefined);
  const { holder, ...kept } = stored.state;
  assert.equal(holder?.name, 'Ada Lovelace');
  const { holder: _, ...answered } = told;
  assert.deepEqual(kept, { ...answered, counterparty: undefined, purpose: undefined, reason: undefined });
});

test('a refused transfer leaves nothing behind and does not use its key up', async () => {
  const from = await bank.newAccount({ balanceMinor: 100n });
  const to = await bank.newAccount();
  const key = newKey();
  await assert.rejects(transfer(from, to, 101n, key), { code: 'insufficient_funds', status: 422 });
  assert.equal((await bank.transactions.listLines(TEST_CALLER, to, { limit: 10 })).length, 0);
  assert.equal((await transfer(from, to, 100n, key)).replayed, false);
});

test('the same key and request give the first answer again', async () => {
  const from = await bank.newAccount({ balanceMinor: 100n });
  const to = await bank.newAccount();
  const key = newKey();
  const first = await transfer(from, to, 100n, key);
  const second = await transfer(from, to, 100n, key);
  assert.equal(second.replayed, true);
  assert.equal(second.transaction.state.id, first.transaction.state.id);
  assert.equal(second.transaction.state.balanceAfterMinor, 0n);
  assert.equal(await bank.balanceOf(from), 0n);
});

test('the same key for another request is refused', async () => {
  const from = await bank.newAccount({ balanceMinor: 100n });
  const to = await bank.newAccount();
  const key = newKey();
  await transfer(from, to, 10n, key);
  await assert.rejects(transfer(from, to, 11n, key), { code: 'idempotency_key_reused', status: 422 });
  assert.equal(await bank.balanceOf(from), 90n);
});

test('another caller may use the same key', async () => {
  const account = await bank.newAccount();
  const key = newKey();
  const deposit = (actor: string) =>
    bank.transactions.deposit({
      caller: { actor, role: 'operator' },
      idempotencyKey: key,
      accountId: account,
      amountMinor: 5n,
      currency: EUR,
      mode: 'cash',
    });
  await deposit('one');
  assert.equal((await deposit('two')).replayed, false);
  assert.equal(await bank.balanceOf(account), 10n);
});

test('a reversal takes a transaction back once, and is not reversed itself', async () => {
  const from = await bank.newAccount({ balanceMinor: 100n });
  const to = await bank.newAccount();
  const { transaction } = await transfer(from, to, 60n);
  const reverse = (transactionId = transaction.state.id) =>
    bank.transactions.reverse({
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      transactionId,
      reason: 'mistake',
    });
  const reversal = (await reverse()).transaction;
  assert.equal(reversal.state.reverses, transaction.state.id);
  assert.equal(await bank.balanceOf(from), 100n);
  assert.equal(await bank.balanceOf(to), 0n);
  assert.equal((await bank.transactions.get(TEST_CALLER, transaction.state.id)).status, 'reversed');
  await assert.rejects(reverse(), { code: 'already_reversed', status: 409 });
  await assert.rejects(reverse(reversal.state.id), { code: 'not_reversible', status: 422 });
});

test('a repeated request after a reversal is told what the first one was told', async () => {
  const account = await bank.newAccount();
  const request = {
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    accountId: account,
    amountMinor: 5n,
    currency: EUR,
    mode: 'cash',
  } as const;
  const { transaction } = await bank.transactions.deposit(request);
  const id = transaction.state.id;
  await bank.transactions.reverse({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    transactionId: id,
    reason: 'x',
  });
  const again = await bank.transactions.deposit(request);
  assert.equal(again.transaction.status, 'posted');
});

test('a reversal is refused when the money is gone', async () => {
  const from = await bank.newAccount({ balanceMinor: 100n });
  const to = await bank.newAccount();
  const { transaction } = await transfer(from, to, 60n);
  await transfer(to, from, 1n);
  const reversing = bank.transactions.reverse({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    transactionId: transaction.state.id,
    reason: 'mistake',
  });
  await assert.rejects(reversing, { code: 'insufficient_funds' });
});

test('balances are known as of every past date and instant', async () => {
  const account = await bank.newAccount();
  const deposit = async (dayIndex: number, amountMinor: bigint) => {
    bank.clock.setMs(START_MS + dayIndex * DAY_MS);
    await bank.transactions.deposit({
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      accountId: account,
      amountMinor,
      currency: EUR,
      mode: 'cash',
    });
  };
  await deposit(0, 1n);
  await deposit(2, 10n);
  await deposit(2, 100n);
  await deposit(5, 1000n);
  const onDate = async (date: string) =>
    (await bank.accounts.balanceAsOf(TEST_CALLER, account, { businessDate: date as IsoDate })).balanceMinor;
  assert.deepEqual(
    await Promise.all(
      ['2026-01-13', '2026-01-14', '2026-01-15', '2026-01-16', '2026-01-18', '2026-01-19'].map(onDate),
    ),
    [0n, 1n, 1n, 111n, 111n, 1111n],
  );
  const at = async (instantMs: number) =>
    (await bank.accounts.balanceAsOf(TEST_CALLER, account, { instantMs })).balanceMinor;
  assert.equal(await at(START_MS - 1), 0n);
  assert.equal(await at(START_MS), 1n);
  assert.equal(await at(START_MS + 5 * DAY_MS - 1), 111n);
  assert.equal(await at(START_MS + 5 * DAY_MS), 1111n);
});

test('the business date follows the clock in the book’s time zone and never goes back', async () => {
  const account = await bank.newAccount();
  const deposit = async (nowMs: number) => {
    bank.clock.setMs(nowMs);
    const { transaction } = await bank.transactions.deposit({
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      accountId: account,
      amountMinor: 1n,
      currency: EUR,
      mode: 'cash',
    });
    return transaction.state.businessDate;
  };
  assert.equal(await deposit(Date.UTC(2026, 5, 30, 21, 59)), '2026-06-30', '23:59 in Berlin');
  assert.equal(await deposit(Date.UTC(2026, 5, 30, 22, 0)), '2026-07-01', 'midnight in Berlin');
  assert.equal(await deposit(Date.UTC(2026, 5, 1)), '2026-07-01', 'a clock set back');
});

test('a balance near the largest number is exact, and more is refused with 422', async () => {
  const account = await bank.newAccount({ balanceMinor: 9_223_372_036_854_775_806n });
  const other = await bank.newAccount({ balanceMinor: 10n });
  await transfer(other, account, 1n);
  assert.equal(await bank.balanceOf(account), 9_223_372_036_854_775_807n);
  await assert.rejects(transfer(other, account, 1n), { code: 'balance_overflow', status: 422 });
});

test('a request that the database refuses does not fail those posted with it', async () => {
  const account = await bank.newAccount();
  const deposit = (id: AccountId, key: string, reference?: string) =>
    bank.transactions.deposit({
      caller: TEST_CALLER,
      idempotencyKey: key,
      accountId: id,
      amountMinor: 1n,
      currency: EUR,
      mode: 'cash',
      ...(reference === undefined ? {} : { reference }),
    });
  // A key longer than the column takes: the HTTP layer stops it, the kernel's own table refuses it here.
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => deposit(account, index === 7 ? 'k'.repeat(300) : newKey())),
  );
  assert.deepEqual(
    results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : [])),
    [7],
  );
  assert.equal(await bank.balanceOf(account), 19n);
});

test('the books verify, and a broken row is named', async () => {
  assert.deepEqual(await brokenLaws(bank.databaseUrl), []);
  const account = await bank.newAccount({ balanceMinor: 500n });
  await sql`update ledger_accounts set balance_minor = 501 where ledger_account_id = ${account}`.execute(
    bank.db,
  );
  const broken = (await brokenLaws(bank.databaseUrl)).filter(({ brokenBy }) => brokenBy?.includes(account));
  assert.deepEqual(
    broken.map(({ name }) => name),
    ['every account stands where its postings leave it'],
  );
});
