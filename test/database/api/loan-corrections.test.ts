import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanStatementView } from '#features/loans/contract.ts';
import type { LoanScheduleView } from '#features/loans/schedule-schemas.ts';
import type { LoanAnswerView, LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { type Answer, created, openApi, refused } from '#test/support/api.ts';
import { newKey, TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

/* Loans of 1,200 at 12 % in twelve instalments of 106.62 from 15 February: the first is 94.62 and 12.00. */
const api = await openApi();
const lending = new Lending(api);
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));

const product = await lending.newProduct({
  penaltyRatePercent: '18',
  arrearsAfterDays: 3,
  fees: [{ kind: 'late', amount: '10.00' }],
});
async function newLoan(fields: Record<string, unknown> = {}): Promise<LoanView> {
  const account = await api.newAccount({ balance: '500.00' });
  const loan = created(await lending.applyTo(account, product.id, { directDebit: false, ...fields }));
  created(await lending.approve(loan));
  return created(await lending.disburse(loan));
}
const NAMES = [
  'never',
  'bounced',
  'inTime',
  'typedLate',
  'waived',
  'lost',
  'moved',
  'aged',
  'written',
] as const;
const loans = {} as Record<(typeof NAMES)[number], LoanView>;
for (const name of NAMES) loans[name] = await newLoan(name === 'aged' ? { instalments: 3 } : {});

const closeThrough = (date: string) => api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(date));
const undo = (loan: LoanView, number = 0): Promise<Answer<LoanAnswerView>> =>
  api.pay<LoanAnswerView>(
    `/v1/loans/${loan.id}/transactions/${number}/undo`,
    { reason: 'a mistake' },
    newKey(),
  );
const scheduleOf = async (loan: LoanView) =>
  created(await api.get<LoanScheduleView>(`/v1/loans/${loan.id}/schedule`));
const owedOf = async (loan: LoanView) => {
  const { due, outstanding, daysPastDue, status } = await lending.get(loan);
  return { due, outstanding, daysPastDue, status };
};

async function assertStatementAddsUp(loan: LoanView, query = ''): Promise<LoanStatementView> {
  const statement = created(await api.get<LoanStatementView>(`/v1/loans/${loan.id}/statement${query}`));
  const { opening, closing, lines } = statement;
  for (const part of ['principal', 'interest', 'fees', 'penalties', 'total'] as const) {
    const cents = (text: string) => Math.round(Number(text) * 100);
    const sum = lines.reduce((total, { change }) => total + cents(change[part]), cents(opening[part]));
    assert.equal(sum, cents(closing[part]), `${part} of ${JSON.stringify(statement)}`);
  }
  const dates = lines.map(({ date }) => date);
  assert.deepEqual(dates, dates.toSorted());
  return statement;
}

test('a disbursement is undone on its day, and the loan is paid out again', async () => {
  const loan = await newLoan();
  const account = { id: loan.accountId };
  assert.equal(await api.postedBalance(account), '1700.00');
  const undone = created(await undo(loan, 3));
  assert.deepEqual([undone.status, undone.disbursedOn, undone.outstanding.total], ['approved', null, '0.00']);
  assert.equal(await api.postedBalance(account), '500.00');
  refused(await undo(loan, 3), 409, 'already_undone');
  refused(await undo(loan, 2), 422, 'not_undoable');
  refused(await undo(loan, 99), 404, 'not_found');
  assert.equal(created(await lending.disburse(loan)).status, 'active');
  created(await lending.repay(loan, '10.00'));
  refused(await undo(loan, 5), 422, 'disbursement_in_use');
  await api.assertVerified();
  await assertStatementAddsUp(loan);
});

test('a repayment that bounces after the next instalment fell due leaves the loan as one that was never paid', async () => {
  await closeThrough('2026-02-15');
  for (const loan of [loans.bounced, loans.inTime])
    created(await lending.repay(loan, '107.00', { from: 'cash' }));
  const { number = 0 } = created(await lending.repay(loans.moved, '106.62')).transaction ?? {};
  await closeThrough('2026-03-20');
  created(await lending.repay(loans.bounced, '50.00'));
  created(await lending.repay(loans.never, '50.00'));
  const before = await assertStatementAddsUp(loans.bounced);
  const { transaction } = created(await undo(loans.bounced, number));
  assert.deepEqual(
    [transaction?.type, transaction?.undoes, transaction?.amount],
    ['repayment_undone', 5, '107.00'],
  );
  // A late fee of February and penalty interest since then.
  assert.ok(Number(transaction?.corrected?.total) > 10);
  assert.deepEqual(await owedOf(loans.bounced), await owedOf(loans.never));
  const [one, other] = [await scheduleOf(loans.bounced), await scheduleOf(loans.never)];
  assert.deepEqual([one.schedule, one.paidEarly], [other.schedule, other.paidEarly]);
  const after = await assertStatementAddsUp(loans.bounced);
  assert.deepEqual(
    after.lines.slice(0, before.lines.length - 1),
    before.lines.slice(0, -1),
    'old lines stay',
  );
  await api.assertVerified();
  await closeThrough('2026-03-25');
  assert.deepEqual(await owedOf(loans.bounced), await owedOf(loans.never));
  await api.assertVerified();
});

test('money that is typed in late counts from the day on which it came', async () => {
  const first = await lending.repay(loans.typedLate, '107.00', { from: 'cash', valueDate: '2026-02-10' });
  refused(first, 422, 'value_date_outside');
  await api.leavesNothing(async () => {
    refused(
      await lending.repay(loans.typedLate, '1.00', { valueDate: '2026-03-27' }),
      422,
      'value_date_outside',
    );
    const more = await lending.repay(loans.typedLate, '2000.00', { from: 'cash', valueDate: '2026-03-20' });
    refused(more, 422, 'overpayment_refused');
  });
  const key = newKey();
  const dated = { from: 'cash', valueDate: '2026-03-01' };
  const { transaction } = created(await lending.repay(loans.typedLate, '150.00', dated, key));
  assert.deepEqual([transaction?.date, transaction?.businessDate], ['2026-03-01', '2026-03-26']);
  const again = await lending.repay(loans.typedLate, '150.00', dated, key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  await api.assertVerified();
  await assertStatementAddsUp(loans.typedLate);
  const { schedule } = await scheduleOf(loans.typedLate);
  assert.deepEqual(schedule[0]?.paid, { principal: '94.62', interest: '12.00', fees: '10.00' });
  assert.equal(schedule[0]?.status, 'paid');
  created(await undo(loans.typedLate, transaction?.number));
  assert.equal((await owedOf(loans.typedLate)).due.total, (await owedOf(loans.lost)).due.total);
  await api.assertVerified();
});

test('fees, penalties and interest are waived with a reason, and a charge is due at once', async () => {
  const { waived } = loans;
  const waive = (fields: object) =>
    api.pay<LoanAnswerView>(`/v1/loans/${waived.id}/waive`, { reason: 'goodwill', ...fields }, newKey());
  const { due } = await lending.get(waived);
  assert.equal(due.fees, '20.00');
  refused(await waive({ part: 'fees', amount: '20.01' }), 422, 'waiver_exceeds_due');
  const partly = created(await waive({ part: 'fees', amount: '15.00' }));
  assert.deepEqual(
    [partly.transaction?.type, partly.transaction?.reason, partly.due.fees],
    ['waived', 'goodwill', '5.00'],
  );
  created(await waive({ part: 'penalties' }));
  refused(await waive({ part: 'penalties' }), 422, 'nothing_to_waive');
  const charge = { amount: '7.50', reason: 'a letter' };
  const charged = created(await api.pay<LoanAnswerView>(`/v1/loans/${waived.id}/charges`, charge, newKey()));
  assert.equal(charged.due.fees, '12.50');
  const { payoff } = { payoff: (await lending.payoff(waived)).body };
  const rest = (Number(payoff.total) - 7.5).toFixed(2);
  created(await lending.repay(waived, rest, { from: 'cash' }));
  const left = await lending.get(waived);
  assert.deepEqual([left.outstanding.total, left.status], ['7.50', 'active']);
  await api.assertVerified();
  await assertStatementAddsUp(waived);
});

test('a charge-off, a write-off and a reschedule are undone', async () => {
  const { lost, moved, written } = loans;
  const before = await owedOf(lost);
  const off = created(await lending.act(lost, 'charge-off'));
  const gone = created(await lending.act(lost, 'write-off'));
  assert.equal(created(await undo(lost, gone.transaction?.number)).status, 'charged_off');
  assert.equal(created(await undo(lost, off.transaction?.number)).status, 'active');
  assert.deepEqual(await owedOf(lost), before);
  const unmoved = await scheduleOf(moved);
  const { transaction } = created(
    await lending.reschedule(moved, { annualRatePercent: '20', instalments: 5 }),
  );
  assert.equal((await scheduleOf(moved)).annualRatePercent, '12');
  created(await undo(moved, transaction?.number));
  assert.deepEqual((await scheduleOf(moved)).schedule, unmoved.schedule);
  created(await lending.act(written, 'write-off'));
  const { schedule, totals } = await scheduleOf(written);
  assert.equal(totals.principal, '1200.00');
  assert.deepEqual([...new Set(schedule.map(({ status }) => status))], ['written_off']);
  assert.deepEqual(schedule[0]?.paid, { principal: '0.00', interest: '0.00', fees: '0.00' });
  await api.assertVerified();
  for (const loan of [lost, moved, written]) await assertStatementAddsUp(loan);
});

test('what is re-aged is said of its rows, and the schedule adds up', async () => {
  await closeThrough('2026-05-20');
  const { aged } = loans;
  created(await lending.repay(aged, '100.00', { from: 'cash' }));
  created(await lending.reschedule(aged, { reAge: true, instalments: 3 }));
  const { schedule, totals, paidEarly } = await scheduleOf(aged);
  assert.equal(totals.principal, '1200.00');
  assert.equal(paidEarly.principal, '0.00');
  const rows = schedule.filter(
    ({ principal, number, status }) => number > 0 && (principal !== '0.00' || status === 're_aged'),
  );
  assert.deepEqual(
    rows.map(({ number, status }) => [number, status]),
    [
      [1, 're_aged'],
      [2, 're_aged'],
      [3, 're_aged'],
      [4, 'upcoming'],
      [5, 'upcoming'],
      [6, 'upcoming'],
    ],
  );
  await api.assertVerified();
  await assertStatementAddsUp(aged);
});

test('a statement opens and closes as the books did, whatever is corrected later', async () => {
  const { bounced } = loans;
  // The end of 17 March, before the repayment of February was taken back on the 21st.
  const early = await assertStatementAddsUp(bounced, '?to=2026-03-17');
  assert.equal(early.closing.fees, '0.00');
  const late = await assertStatementAddsUp(bounced, '?from=2026-03-18');
  assert.deepEqual(late.opening, early.closing);
  const { outstanding } = await lending.get(bounced);
  assert.equal(late.closing.principal, outstanding.principal);
});
