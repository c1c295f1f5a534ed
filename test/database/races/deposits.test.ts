import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Depositing, days } from '#test/database/api/time-deposits.ts';
import { created, openApi } from '#test/support/api.ts';

const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-31' }));
const bank = new Depositing(api);
await bank.closeThrough('2026-01-31');
await bank.define('fixed_term', { rates: [{ unit: 'day', from: 1, rate: '3.65' }], earlyClosure: {} });
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
