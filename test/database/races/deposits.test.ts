import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { Depositing, days } from '#test/database/api/time-deposits.ts';
import { created, openApi } from '#test/support/api.ts';
import { brokenLaws } from '#test/support/verified.ts';

const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-31' }));
const bank = new Depositing(api);
await bank.closeThrough('2026-01-31');
await bank.define('fixed_term', { rates: [{ unit: 'day', from: 1, rate: '3.65' }], earlyClosure: {} });
await bank.defineRecurring('saving_plan', {}, { deposit: { earlyClosure: {} } });
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

const WEEKLY = { frequency: 'weekly', product: 'saving_plan', amount: '100.00', term: days(28) };

test('an instalment that is collected while its deposit is closed goes back with the rest', async () => {
  const { openedOn } = (await bank.openedRecurring(WEEKLY)).deposit;
  const made = await Promise.all(Array.from({ length: 12 }, () => bank.openedRecurring(WEEKLY)));
  const due = addDays(isoDate(openedOn), 7);
  await bank.closeThrough(addDays(due, -1));
  const ended = bank.closeThrough(due);
  const answers = await Promise.all(made.map(({ deposit }) => bank.close(deposit)));
  await ended;
  assert.deepEqual(
    answers.map(({ status }) => status),
    Array.from({ length: 12 }, () => 200),
  );
  for (const { from, deposit } of made) {
    const paid = (await bank.instalments(deposit)).filter(({ status }) => status === 'paid').length;
    // A cent a day for 100.00: seven nights, and one of 200.00 if it was closed on the day after.
    const { closedOn } = await closed(deposit);
    assert.equal(await bank.balance(from), closedOn === due ? '5000.07' : paid === 2 ? '5000.09' : '5000.08');
    assert.equal(await bank.balanceOf(deposit), '0.00');
  }
  assert.deepEqual(await brokenLaws(api.bank.databaseUrl), []);
});

test('an instalment that is paid by hand while it is collected is paid once', async () => {
  const made = await Promise.all(Array.from({ length: 12 }, () => bank.openedRecurring(WEEKLY)));
  const due = addDays(isoDate(made[0]!.deposit.openedOn), 7);
  await bank.closeThrough(addDays(due, -1));
  const ended = bank.closeThrough(due);
  const answers = await Promise.all(
    made.flatMap(({ from, deposit }) => [
      bank.payInstalment(deposit, from),
      bank.payInstalment(deposit, from),
    ]),
  );
  await ended;
  for (const { status, body } of answers) {
    assert.ok(
      status === 200 || (body as { readonly code?: string }).code === 'instalment_not_due',
      String(status),
    );
  }
  for (const { from, deposit } of made) {
    assert.deepEqual([await bank.balance(from), await bank.balanceOf(deposit)], ['4800.00', '200.00']);
  }
  assert.deepEqual(await brokenLaws(api.bank.databaseUrl), []);
});

async function closed({ id }: { readonly id: string }) {
  const { endedOn } = await bank.get({ id });
  return { closedOn: endedOn };
}
