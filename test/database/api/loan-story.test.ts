import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanScheduleView } from '#features/loans/schedule-schemas.ts';
import type { LoanEventView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi, type Page } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

/*
 * One loan of 1,200 at 12 % in three instalments, by hand. A month is a hundredth: 408.03 three times, of which
 * 396.03 + 12.00, 399.99 + 8.04 and 403.98 + 4.04. Penalty interest is 18 % on actual/365, a late fee 5.00 on the
 * fourth day.
 */
const api = await openApi();
const lending = new Lending(api);
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));

const account = await api.newAccount();
const loan = await lending.newLoan(
  account,
  { instalments: 3 },
  {
    penaltyRatePercent: '18',
    arrearsAfterDays: 3,
    fees: [{ kind: 'late', amount: '5.00' }],
    provisioningPercent: { current: '1', days1To30: '5', days31To60: '25', days61To90: '50', over90: '100' },
  },
);
// The borrower spends it, but for 100.00.
await api.withdraw(account, '1100.00');

async function closeUntil(until: string): Promise<void> {
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(until));
  await api.assertVerified();
}

type Line = { code: string; debit: string; credit: string };

async function linesOfLoans(): Promise<Record<string, string>> {
  const { lines } = created(await api.get<{ lines: Line[] }>('/v1/accounting/trial-balance'));
  const codes = ['1200', '1210', '1220', '1230', '1290', '4000', '4010', '4100', '5100'];
  return Object.fromEntries(
    lines
      .filter(({ code }) => codes.includes(code))
      .map(({ code, debit, credit }) => [code, debit === '0.00' ? `-${credit}` : debit]),
  );
}

test('interest is earned day by day: sixteen days of 31 by the end of January', async () => {
  await closeUntil('2026-01-31');
  const { outstanding, accruedThrough, asOf, daysPastDue } = await lending.get(loan);
  // The books have sixteen days, and what is shown as of the next date one more.
  assert.deepEqual([accruedThrough, asOf], ['2026-01-31', '2026-02-01']);
  assert.equal(outstanding.interest, '6.58');
  assert.equal(daysPastDue, 0);
  assert.deepEqual(await linesOfLoans(), {
    1200: '1200.00',
    1210: '6.19',
    1290: '-12.06',
    4000: '-6.19',
    5100: '12.06',
  });
});

test('what falls due is collected as far as the account has it: interest first, and principal', async () => {
  await closeUntil('2026-02-15');
  const { outstanding, due } = await lending.get(loan);
  assert.equal(await api.postedBalance(account), '0.00');
  assert.equal(outstanding.principal, '1112.00');
  // 0.15 of it is a day's penalty interest.
  assert.deepEqual([due.principal, due.interest, due.total], ['308.03', '0.00', '308.18']);
});

test('what is overdue earns penalty interest, and a fee on the fourth day', async () => {
  await closeUntil('2026-02-18');
  // 308.03 × 18 % × 4 / 365 = 0.6076
  assert.equal((await lending.get(loan)).due.penalties, '0.61');
  assert.equal((await lending.get(loan)).daysPastDue, 4);
  await closeUntil('2026-02-19');
  const { due, daysPastDue, arrearsBucket } = await lending.get(loan);
  assert.deepEqual([due.fees, due.penalties, daysPastDue, arrearsBucket], ['5.00', '0.76', 5, 'days1To30']);
});

test('collection is tried again every day: penalty, fee and principal', async () => {
  await api.deposit(account, '50.00');
  await closeUntil('2026-02-20');
  // 0.76 of penalty interest for five days, 5.00, and 44.24 of principal.
  const { outstanding, due } = await lending.get(loan);
  assert.deepEqual([due.principal, due.fees, due.penalties], ['263.79', '0.00', '0.13']);
  assert.equal(outstanding.principal, '1067.76');
  // Six days of 28 on 803.97, whatever was paid late; the books have five of them, 1.44.
  assert.equal(outstanding.interest, '1.72');
  assert.deepEqual(await linesOfLoans(), {
    1200: '1067.76',
    1210: '1.44',
    1220: '-0.00',
    1230: '-0.00',
    1290: '-53.46',
    4000: '-13.44',
    4010: '-0.76',
    4100: '-5.00',
    5100: '53.46',
  });
});

test('the payoff of the next day is known before, and leaves nothing', async () => {
  const { body: payoff } = await lending.payoff(loan, { on: '2026-02-21' });
  assert.deepEqual(payoff, {
    on: '2026-02-21',
    currency: 'EUR',
    principal: '1067.76',
    interest: '1.72',
    fees: '0.00',
    penalties: '0.13',
    total: '1069.61',
    prepaymentFee: '0.00',
  });
  await api.deposit(account, '2000.00');
  const closed = created(await lending.repay(loan, payoff.total ?? ''));
  assert.equal(closed.status, 'closed');
  assert.equal(await api.postedBalance(account), '930.39');
  await api.assertVerified();
  assert.deepEqual(await linesOfLoans(), {
    1200: '-0.00',
    1210: '-0.00',
    1220: '-0.00',
    1230: '-0.00',
    1290: '-0.00',
    4000: '-13.72',
    4010: '-0.89',
    4100: '-5.00',
    5100: '-0.00',
  });
});

test('what happened stands in its transactions, and what fell due in its schedule', async () => {
  const { body } = await api.get<Page<LoanEventView>>(`/v1/loans/${loan.id}/transactions`);
  assert.deepEqual(
    body.data.map(({ type, date, amount, outstanding }) => [type, date, amount, outstanding.total]),
    [
      ['repaid', '2026-02-21', '1069.61', '0.00'],
      ['repaid', '2026-02-20', '50.00', '1069.20'],
      ['late_fee', '2026-02-19', '5.00', '1118.76'],
      ['repaid', '2026-02-15', '100.00', '1112.00'],
      ['fell_due', '2026-02-15', '408.03', '1212.00'],
      ['disbursed', '2026-01-15', '1200.00', '1200.00'],
      ['approved', '2026-01-15', '1200.00', '0.00'],
      ['applied', '2026-01-15', '1200.00', '0.00'],
    ],
  );
  const { schedule } = created(await api.get<LoanScheduleView>(`/v1/loans/${loan.id}/schedule`));
  assert.deepEqual(
    schedule.map(({ number, dueDate, total, status }) => [number, dueDate, total, status]),
    [[1, '2026-02-15', '413.03', 'paid']],
  );
});
