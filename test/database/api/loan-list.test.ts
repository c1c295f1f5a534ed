import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

/* Three loans of 1,200 with the same product, of 15, 20 and 25 January, none of which is paid. */
const api = await openApi();
const lending = new Lending(api);
const account = await api.newAccount();
const { id: productId } = await lending.newProduct({ arrearsTolerance: '1.00' });
const made: LoanView[] = [];
for (const [date, officer] of [
  ['2026-01-15', 'lena'],
  ['2026-01-20', 'jan'],
  ['2026-01-25', 'lena'],
] as const) {
  created(await api.post('/v1/business-date', { businessDate: date }));
  const loan = created(await lending.applyTo(account, productId, { directDebit: false, officer }));
  created(await lending.approve(loan));
  made.push(created(await lending.disburse(loan)));
}
await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-02-21'));

async function listed(query: string): Promise<number[]> {
  const pages = await api.allPages<LoanView>(`/v1/loans?${query}`, 1);
  return pages.flat().map(({ id }) => made.findIndex((loan) => loan.id === id));
}

test('loans are listed by days past due, by due date, and newest first, page by page', async () => {
  assert.deepEqual(await listed('order=days_past_due'), [0, 1, 2]);
  assert.deepEqual(await listed('order=next_due_date'), [2, 0, 1]);
  assert.deepEqual(await listed(''), [2, 1, 0]);
  const { data } = created(await api.get<Page<LoanView>>('/v1/loans?order=days_past_due'));
  assert.deepEqual(
    data.map(({ daysPastDue }) => daysPastDue),
    [7, 2, 0],
  );
});

test('and filtered by days past due, due date, officer and product', async () => {
  assert.deepEqual(await listed('minDaysPastDue=1'), [1, 0]);
  assert.deepEqual(await listed('minDaysPastDue=3&maxDaysPastDue=7&order=days_past_due'), [0]);
  assert.deepEqual(await listed('maxDaysPastDue=1'), [2]);
  assert.deepEqual(await listed('dueFrom=2026-03-15&dueTo=2026-03-19'), [0]);
  assert.deepEqual(await listed(`officer=lena&productId=${productId}`), [2, 0]);
  assert.deepEqual(await listed('officer=nobody'), []);
  assert.deepEqual(badFields(await api.get('/v1/loans?cursor=eyJhIjoxfQ')), ['cursor']);
});

test('and by what is overdue, in a currency', async () => {
  const { data } = created(await api.get<Page<LoanView>>('/v1/loans'));
  assert.deepEqual(
    data.map(({ arrears }) => arrears),
    ['0.00', '106.62', '106.62'],
  );
  for (const least of ['0.01', '106.61', '106.62']) {
    assert.deepEqual(await listed(`minArrears=${least}&currency=EUR`), [1, 0]);
  }
  assert.deepEqual(await listed('minArrears=106.62&currency=EUR&order=days_past_due'), [0, 1]);
  assert.deepEqual(await listed('minArrears=106.63&currency=EUR'), []);
  assert.deepEqual([await listed('currency=USD'), await listed('currency=EUR')], [[], [2, 1, 0]]);
  assert.deepEqual(badFields(await api.get('/v1/loans?minArrears=1.00')), ['currency']);
  for (const least of ['0', '-1', '1.001', '1e3', 'x']) {
    refused(await api.get(`/v1/loans?minArrears=${least}&currency=EUR`), 400, 'invalid_amount');
  }
});

test('the officer of a loan is changed, and taken away', async () => {
  const [, second] = made;
  const path = `/v1/loans/${second?.id}`;
  const change = async (officer: string | null) =>
    created(await api.patch<LoanView>(path, { officer }, (await api.get(path)).headers.get('etag') ?? ''));
  assert.deepEqual([(await change('lena')).officer, second?.officer], ['lena', 'jan']);
  assert.deepEqual(await listed('officer=lena'), [2, 1, 0]);
  assert.equal((await change(null)).officer, null);
  await api.assertVerified();
});
