import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttachmentView } from '#features/holds/attachments/schemas.ts';
import type { StatementSummaryView } from '#features/statements/schemas.ts';
import { created, openApi, refused } from '#test/support/api.ts';
import { readPdf } from '#test/support/read-pdf.ts';
import { Depositing, days, months } from './time-deposits.ts';

type Statement = StatementSummaryView & {
  readonly lines: readonly {
    readonly type: string;
    readonly amount: string;
    readonly balanceAfter: string;
  }[];
};

const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-31' }));
const bank = new Depositing(api);
await bank.closeThrough('2026-01-31');
const rates = [
  { unit: 'day', from: 1, rate: '3.65' },
  { unit: 'month', from: 1, rate: '3.65' },
];
// 10,000.00 at 3.65 % earns 1.00 a day.
const AMOUNT = { amount: '10000.00', term: days(10) };
await bank.define('fixed_term', { rates, earlyClosure: {} });
await bank.define('next_day', { rates, maturityDay: 'following' });
await bank.define('day_before', { rates, maturityDay: 'preceding' });
await bank.defineRecurring('saving_plan', {}, { deposit: { maturityDay: 'preceding' } });
const attach = async (accountId: string, amount: string) => {
  const order = {
    accountId,
    amount,
    currency: 'EUR',
    reasonCode: 'garnishment',
    legalReference: '12 M 384/26',
  };
  return created(await api.pay<AttachmentView>('/v1/attachments', order));
};

test('the account of a deposit has statements like every other', async () => {
  const { deposit } = await bank.opened(AMOUNT, '10000.00');
  await bank.closeThrough('2026-02-11');
  const path = `/v1/accounts/${deposit.accountId}/statement?from=2026-02-01&to=2026-02-11`;
  const { openingBalance, closingBalance, lines } = created(await api.get<Statement>(path));
  assert.deepEqual([openingBalance, closingBalance], ['0.00', '0.00']);
  assert.deepEqual(
    lines.map(({ type, amount, balanceAfter }) => [type, amount, balanceAfter]),
    [
      ['transfer', '10000.00', '10000.00'],
      ['interest', '10.00', '10010.00'],
      ['transfer', '-10010.00', '0.00'],
    ],
  );
  const { text } = readPdf((await api.get(`${path}&format=pdf`)).bytes);
  assert.match(text, /Deposit paid out at its\s+maturity/);
});

test('an attachment keeps the money of a deposit beyond its maturity, and is served then', async () => {
  const { from, deposit } = await bank.opened(AMOUNT, '10000.00');
  const order = await attach(deposit.accountId, '4000.00');
  assert.equal(order.heldAmount, '4000.00');
  refused(await bank.close(deposit), 422, 'insufficient_funds');
  assert.equal((await bank.get(deposit)).status, 'active');
  await bank.closeThrough(deposit.maturesOn);
  const { status, waitsFor } = await bank.get(deposit);
  assert.deepEqual([status, waitsFor], ['matured', 'insufficient_funds']);
  created(await api.post(`/v1/attachments/${order.id}/release`, { reason: 'The debt is paid' }));
  await bank.closeThrough('2026-02-23');
  assert.equal((await bank.get(deposit)).status, 'paid_out');
  assert.equal(await bank.balance(from), '10010.00');
});

test('a maturity on a holiday moves as the terms say, and earns until then', async () => {
  created(await api.post('/v1/holidays', { date: '2026-04-03', name: 'Good Friday' }));
  created(await api.post('/v1/holidays', { date: '2026-04-06', name: 'Easter Monday' }));
  // 3 April is Good Friday; the Tuesday after Easter is the next business day.
  const term = days(38);
  const late = await bank.opened({ ...AMOUNT, term, product: 'next_day' }, '10000.00');
  const soon = await bank.opened({ ...AMOUNT, term, product: 'day_before' }, '10000.00');
  assert.equal(late.deposit.openedOn, '2026-02-24');
  assert.deepEqual([late.deposit.maturesOn, soon.deposit.maturesOn], ['2026-04-07', '2026-04-02']);
  await bank.closeThrough('2026-04-07');
  assert.deepEqual([await bank.balance(late.from), await bank.balance(soon.from)], ['10042.00', '10037.00']);
});

test('a recurring deposit never matures before its last instalment', async () => {
  // The term ends on Sunday 17 May; the last instalment is due the day before, on Saturday.
  const plan = { frequency: 'weekly', amount: '100.00', term: days(39) };
  const { deposit } = await bank.openedRecurring(plan);
  const due = (await bank.instalments(deposit)).map(({ dueOn }) => dueOn);
  assert.deepEqual([deposit.openedOn, due.at(-1)], ['2026-04-08', '2026-05-13']);
  const { deposit: short } = await bank.openedRecurring({ ...plan, term: days(32) });
  assert.equal(short.maturesOn, '2026-05-08', 'Sunday moves to Friday, after the last instalment');
  const { deposit: byMonth } = await bank.openedRecurring({ ...plan, frequency: 'monthly', term: months(3) });
  assert.equal(byMonth.maturesOn, '2026-07-08');
});
