import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PortfolioView } from '#features/loans/contract.ts';
import { verifyLoans } from '#features/loans/recompute.ts';
import type { LoanEventView, LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, type Page } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

/*
 * 1,200 at 12 % in three instalments of 408.03 (interest 12.00, 8.04, 4.04), paid out on 15 January. None is paid: the
 * first is 30 days past due at the end of 17 March, when 20.04 of interest is due and 0.26 has accrued since the 15th.
 */
const api = await openApi();
const lending = new Lending(api);
const provisioningPercent = {
  current: '1',
  days1To30: '5',
  days31To60: '25',
  days61To90: '50',
  over90: '100',
};
const product = { nonAccrualAfterDays: 30, provisioningPercent };

const close = (date: string) => api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(date));
const today = (businessDate: string) =>
  api.post('/v1/business-date', { businessDate }).then((answer) => created(answer));

async function inBooks() {
  const { lines } = created(
    await api.get<{ lines: { code: string; debit: string; credit: string }[] }>(
      '/v1/accounting/trial-balance',
    ),
  );
  const line = (code: string) => lines.find((one) => one.code === code);
  return { receivable: line('1210')?.debit ?? '0.00', income: line('4000')?.credit ?? '0.00' };
}

const seen = async ({ id }: { readonly id: string }) => created(await api.get<LoanView>(`/v1/loans/${id}`));
const happened = async ({ id }: { readonly id: string }) =>
  created(await api.get<Page<LoanEventView>>(`/v1/loans/${id}/transactions`)).data;

async function assertWhole(): Promise<void> {
  await api.assertVerified();
  assert.equal((await verifyLoans(api.bank.db, 1)).brokenBy, undefined);
}

await today('2026-01-15');
const account = await api.newAccount();
const fields = { instalments: 3, directDebit: false };
const loan = await lending.newLoan(account, fields, product);

test('the day before its product’s day a loan earns, and its provision covers the interest', async () => {
  await close('2026-03-15');
  const { nonAccrualSince, memorandum, provision, daysPastDue } = await seen(loan);
  assert.deepEqual([nonAccrualSince, memorandum.total, daysPastDue], [null, '0.00', 29]);
  assert.deepEqual(await inBooks(), { receivable: '20.04', income: '20.04' });
  // 5 % of 1,200.00 and 20.04.
  assert.equal(provision, '61.00');
});

test('from that day on its interest is turned back to a memorandum, and it earns nothing more', async () => {
  await close('2026-03-17');
  assert.deepEqual(await inBooks(), { receivable: '0.00', income: '0.00' });
  await close('2026-03-19');
  assert.deepEqual(await inBooks(), { receivable: '0.00', income: '0.00' });
  const { nonAccrualSince, memorandum, outstanding, provision, daysPastDue } = await seen(loan);
  assert.deepEqual([nonAccrualSince, daysPastDue], ['2026-03-17', 33]);
  // The borrower owes all of it.
  assert.deepEqual([memorandum.interest, outstanding.interest], ['20.69', '20.69']);
  assert.equal(provision, '300.00');
  const [suspended] = await happened(loan);
  assert.deepEqual([suspended?.type, suspended?.interest], ['income_suspended', '20.30']);
  const { products } = created(await api.get<PortfolioView>('/v1/loans/portfolio?asOf=2026-03-19'));
  assert.deepEqual(products[0]?.nonAccrual, { loans: 1, memorandum: '20.56' });
  assert.deepEqual([products[0]?.provisionHeld, products[0]?.provisionRequired], ['300.00', '300.00']);
  await assertWhole();
});

test('what is paid of its interest is income as it is paid', async () => {
  await today('2026-03-20');
  created(await lending.repay(loan, '100.00', { from: 'cash' }));
  assert.deepEqual(await inBooks(), { receivable: '0.00', income: '20.04' });
  const { nonAccrualSince, memorandum } = await seen(loan);
  assert.deepEqual([nonAccrualSince, memorandum.interest], ['2026-03-17', '0.65']);
  await assertWhole();
});

test('cured, it earns again, with what it had not; and the cheque that cured it bounces', async () => {
  const answer = created(await lending.repay(loan, '716.06', { from: 'cash' }));
  assert.equal(answer.nonAccrualSince, null);
  assert.deepEqual(await inBooks(), { receivable: '0.65', income: '20.69' });
  const types = (await happened(loan)).slice(0, 2).map(({ type }) => type);
  assert.deepEqual(types, ['income_resumed', 'repaid']);
  await assertWhole();
  created(await lending.act(loan, 'undo-last-repayment'));
  assert.equal((await seen(loan)).nonAccrualSince, '2026-03-17');
  assert.deepEqual(await inBooks(), { receivable: '0.00', income: '20.04' });
  await assertWhole();
});

test('given up, only what the books have is a loss, and all of it is still claimed', async () => {
  created(await lending.act(loan, 'charge-off'));
  const { lostAmount, nonAccrualSince } = await seen(loan);
  assert.deepEqual([lostAmount, nonAccrualSince], ['1120.69', null]);
  assert.deepEqual(await inBooks(), { receivable: '0.00', income: '20.04' });
  await assertWhole();
  const number = (await happened(loan))[0]?.number;
  created(await api.pay(`/v1/loans/${loan.id}/transactions/${number}/undo`, { reason: 'by mistake' }));
  assert.equal((await seen(loan)).nonAccrualSince, '2026-03-17');
  await assertWhole();
});

test('a product says from which day on, or never', async () => {
  const { id } = await lending.newProduct({ provisioningPercent });
  const { body } = await api.get<Record<string, unknown>>(`/v1/loan-products/${id}`);
  assert.deepEqual([body.nonAccrualAfterDays, body.provisionsOf], [undefined, 'principal_and_interest']);
  const bad = { ...product, name: 'x', currency: 'EUR', nonAccrualAfterDays: 0 };
  assert.ok(badFields(await api.post('/v1/loan-products', bad)).includes('nonAccrualAfterDays'));
});
