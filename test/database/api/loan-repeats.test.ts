import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanScheduleView } from '#features/loans/schedule-schemas.ts';
import type { LoanAnswerView, LoanView } from '#features/loans/schemas.ts';
import { type Answer, created, openApi, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

const api = await openApi();
const lending = new Lending(api);
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));
const account = await api.newAccount({ balance: '5000.00' });

type Headers = Record<string, string>;
const act = (loan: LoanView, name: string, body: object, headers: Headers): Promise<Answer<LoanAnswerView>> =>
  api.post<LoanAnswerView>(`/v1/loans/${loan.id}/${name}`, { ...body }, headers);

/** A loan for which each act is possible, and another request for the same act. */
const ACTS: readonly [
  name: string,
  body: object,
  other: object,
  status: 'applied' | 'approved' | 'active',
][] = [
  ['approve', { amount: '1100.00' }, { amount: '1000.00' }, 'applied'],
  ['reject', { reason: 'x' }, { reason: 'y' }, 'applied'],
  ['withdraw', {}, {}, 'applied'],
  ['disburse', {}, { feesFrom: 'amount' }, 'approved'],
  ['reschedule', { holidayInstalments: 2 }, { holidayInstalments: 3 }, 'active'],
  ['repayments', { amount: '10.00', currency: 'EUR' }, { amount: '11.00', currency: 'EUR' }, 'active'],
  ['charge-off', { reason: 'x' }, { reason: 'y' }, 'active'],
  ['write-off', { reason: 'x' }, { reason: 'y' }, 'active'],
];

const LOANS = {
  applied: () => lending.newApplication(account),
  approved: () => lending.newApproved(account),
  active: () => lending.newLoan(account),
};

for (const [name, body, other, status] of ACTS) {
  test(`${name} with one Idempotency-Key is done once, and a stale If-Match refuses it`, async () => {
    const loan = await LOANS[status]();
    const read = await api.get(`/v1/loans/${loan.id}`);
    const etag = read.headers.get('etag') ?? '';
    const key = newKey();
    const stale = { 'idempotency-key': newKey(), 'if-match': '"1000"' };
    refused(await api.leavesNothing(() => act(loan, name, body, stale)), 412, 'version_conflict');
    const first = await act(loan, name, body, { 'idempotency-key': key, 'if-match': etag });
    created(first);
    assert.notEqual(first.headers.get('etag'), etag);
    const again = await api.leavesNothing(() =>
      act(loan, name, body, { 'idempotency-key': key, 'if-match': etag }),
    );
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.deepEqual(again.body, first.body);
    assert.equal(again.status, first.status);
    if (Object.keys(other).length > 0) {
      const reused = await api.leavesNothing(() => act(loan, name, other, { 'idempotency-key': key }));
      refused(reused, 422, 'idempotency_key_reused');
    }
    const after = { 'idempotency-key': newKey(), 'if-match': etag };
    refused(await api.leavesNothing(() => act(loan, name, body, after)), 412, 'version_conflict');
    await api.assertVerified();
  });
}

test('a reschedule that is repeated under its key adds its holidays once', async () => {
  const loan = await lending.newLoan(account);
  const headers = { 'idempotency-key': newKey() };
  created(await act(loan, 'reschedule', { holidayInstalments: 2 }, headers));
  created(await act(loan, 'reschedule', { holidayInstalments: 2 }, headers));
  const { schedule } = created(await api.get<LoanScheduleView>(`/v1/loans/${loan.id}/schedule`));
  assert.equal(schedule.length, 14);
});

test('an application that is repeated under its key is one loan', async () => {
  const { id: productId } = await lending.newProduct();
  const { customerId, id: accountId } = account;
  const body = { customerId, accountId, productId, amount: '1200.00', instalments: 12 };
  const headers = { 'idempotency-key': newKey() };
  const first = created(await api.post<LoanView>('/v1/loans', body, headers));
  const again = await api.leavesNothing(() => api.post<LoanView>('/v1/loans', body, headers));
  assert.equal(again.status, 201);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(again.body, first);
  const other = await api.leavesNothing(() => api.post('/v1/loans', { ...body, instalments: 6 }, headers));
  refused(other, 422, 'idempotency_key_reused');
  const twice = await Promise.all(
    Array.from({ length: 4 }, () => api.post<LoanView>('/v1/loans', body, { 'idempotency-key': 'one-loan' })),
  );
  assert.equal(new Set(twice.map((answer) => created(answer).id)).size, 1);
});
