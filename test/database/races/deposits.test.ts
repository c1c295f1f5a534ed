import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inTransaction } from '#db/transaction.ts';
import { DueInstalments } from '#features/deposits/collect.ts';
import { DueDeposits } from '#features/deposits/due.ts';
import type { DepositView } from '#features/deposits/schemas.ts';
import { InternalAccounts } from '#ledger/internal-accounts.ts';
import { fromTypeId } from '#lib/ids.ts';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { Depositing, days } from '#test/database/api/time-deposits.ts';
import { created, openApi } from '#test/support/api.ts';
import { brokenLaws } from '#test/support/verified.ts';

// Closed before the database goes.
const closers: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closers) await close();
});
const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-31' }));
const bank = new Depositing(api);
await bank.closeThrough('2026-01-31');
await bank.define('fixed_term', { rates: [{ unit: 'day', from: 1, rate: '3.65' }], earlyClosure: {} });
await bank.defineRecurring('saving_plan', {}, { deposit: { earlyClosure: {} } });
await bank.define(
  'paying_term',
  { rates: [{ unit: 'day', from: 1, rate: '3.65' }], earlyClosure: {} },
  { posting: 'daily', compounding: 'none' },
);
const internalAccounts = new InternalAccounts(api.bank.context.bookId);
const due = new DueDeposits(api.bank.context, internalAccounts);
const collection = new DueInstalments(api.bank.context, internalAccounts);
const WEEKLY = { product: 'saving_plan' };
/** A connection beside the bank, which holds an account. */
const holder = new pg.Client({ connectionString: api.bank.databaseUrl });
await holder.connect();
closers.push(() => holder.end());
const AMOUNT = { amount: '10000.00', term: days(2) };

test('a deposit that several close at once is closed once', async () => {
  const { from, deposit } = await bank.opened(AMOUNT, '10000.00');
  const answers = await Promise.all(Array.from({ length: 6 }, () => bank.close(deposit)));
  const statuses = answers.map(({ status }) => status);
  assert.deepEqual(
    [200, 409].map((one) => statuses.filter((status) => status === one).length),
    [1, 5],
  );
  assert.equal(await bank.balance(from), '10000.00');
});

test('a deposit that is closed while the day of its maturity ends is paid once', async () => {
  const made = await Promise.all(Array.from({ length: 12 }, () => bank.opened(AMOUNT, '10000.00')));
  await bank.closeThrough('2026-02-01');
  const ended = bank.closeThrough('2026-02-03');
  const answers = await Promise.all(made.map(({ deposit }) => bank.close(deposit)));
  await ended;
  for (const [index, { from, deposit }] of made.entries()) {
    const { status } = await bank.get(deposit);
    const isEarly = answers[index]?.status === 200;
    // A day at 3.65 % is 1.00, two are 2.00.
    assert.deepEqual(
      [status, await bank.balance(from)],
      isEarly ? ['closed_early', '10001.00'] : ['paid_out', '10002.00'],
    );
  }
});

/** Runs acts one after the other up to an account that is held, and lets them go on together. */
async function meet(
  { id }: { readonly id: string },
  acts: readonly (() => Promise<unknown>)[],
): Promise<unknown[]> {
  await holder.query('begin');
  await holder.query('select from ledger_accounts where ledger_account_id = $1 for update', [
    fromTypeId('account', id),
  ]);
  const running: Promise<unknown>[] = [];
  for (const act of acts) {
    running.push(act().catch((error: unknown) => error));
    await waitUntilBlocked(running.length);
  }
  await holder.query('commit');
  return Promise.all(running);
}

async function waitUntilBlocked(count: number): Promise<void> {
  // Longer than the steps before take on a machine with other work.
  for (let turn = 0; turn < 2_000; turn += 1) {
    const { rows } = await holder.query<{ blocked: number }>(
      `select count(*)::int as blocked from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if ((rows[0]?.blocked ?? 0) >= count) return;
    await sleep(5);
  }
  assert.fail(`${count} wait for the account`);
}

/** What the end of a date does for a deposit, in the step that pays what deposits owe, or in that of instalments. */
const endOfDay = (step: typeof due | typeof collection, { accountId }: DepositView, date: string) =>
  inTransaction(api.bank.db, (tx) => step.settle(tx, [fromTypeId('account', accountId)], isoDate(date)));
const statusOf = (answer: unknown): number => (answer as { readonly status: number }).status;

test('a deposit that is being closed when its interest is paid out is paid once', async () => {
  const { from, deposit } = await bank.opened({ ...AMOUNT, product: 'paying_term' }, '10000.00');
  await bank.closeThrough(deposit.openedOn);
  const today = addDays(isoDate(deposit.openedOn), 1);
  // The interest of the first night is on the deposit.
  const [closing, end] = await meet(from, [() => bank.close(deposit), () => endOfDay(due, deposit, today)]);
  assert.deepEqual([statusOf(closing), end], [200, {}]);
  const { status, waitsFor } = await bank.get(deposit);
  assert.deepEqual([status, waitsFor, await bank.balance(from)], ['closed_early', null, '10001.00']);
});

test('a deposit that is being closed when its instalment is collected pays none', async () => {
  const { from, deposit } = await bank.openedRecurring(WEEKLY);
  const dueOn = addDays(isoDate(deposit.openedOn), 7);
  await bank.closeThrough(addDays(dueOn, -1));
  const [closing, end] = await meet(from, [
    () => bank.close(deposit),
    () => endOfDay(collection, deposit, dueOn),
  ]);
  assert.deepEqual([statusOf(closing), end], [200, {}]);
  // Seven nights at a cent for 100.00.
  assert.deepEqual([await bank.balance(from), await bank.balanceOf(deposit)], ['5000.07', '0.00']);
});

test('an instalment that is being paid by hand when it is collected is paid once', async () => {
  const { from, deposit } = await bank.openedRecurring(WEEKLY);
  const dueOn = addDays(isoDate(deposit.openedOn), 7);
  await bank.closeThrough(addDays(dueOn, -1));
  const [paying, end] = await meet(from, [
    () => bank.payInstalment(deposit, from),
    () => endOfDay(collection, deposit, dueOn),
  ]);
  assert.deepEqual([statusOf(paying), end], [200, {}]);
  assert.deepEqual([await bank.balance(from), await bank.balanceOf(deposit)], ['4800.00', '200.00']);
});

test('the books hold after all of that', async () => {
  assert.deepEqual(await brokenLaws(api.bank.databaseUrl), []);
});
