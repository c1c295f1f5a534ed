import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { findDivergedLoan } from '#features/loans/recompute.ts';
import type { LoanAnswerView } from '#features/loans/schemas.ts';
import type { LoanSecurityView } from '#features/loans/security-schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { newKey, TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

const api = await openApi();
const lending = new Lending(api);
const account = await api.newAccount();
const loan = await lending.newLoan(account);
const path = `/v1/loans/${loan.id}`;
const partner = await api.newCustomer();
const act = (name: string, body: object, key = newKey()) =>
  api.pay<LoanAnswerView>(`${path}/${name}`, { ...body }, key);
const security = async () => created(await api.get<LoanSecurityView>(`${path}/security`));

test('a co-borrower and a guarantor stand for a loan with their shares, and stay with the bank', async () => {
  const body = { customerId: partner.id, role: 'co_borrower', sharePercent: '50' };
  const key = newKey();
  assert.equal(created(await act('parties', body, key)).transaction?.type, 'party_added');
  const again = await api.leavesNothing(() => act('parties', body, key));
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  refused(await api.leavesNothing(() => act('parties', body)), 409, 'party_exists');
  const own = { customerId: account.customerId, role: 'guarantor' };
  refused(await act('parties', own), 409, 'party_exists');
  for (const sharePercent of ['0', '100.1', '-1']) {
    const other = await api.newCustomer();
    const answer = await act('parties', { customerId: other.id, role: 'guarantor', sharePercent });
    assert.deepEqual(badFields(answer), ['sharePercent']);
  }
  assert.deepEqual((await security()).parties, [body]);
  refused(await api.post(`/v1/customers/${partner.id}/close`, {}), 409, 'customer_has_active_loans');
  assert.equal(
    created(await act('parties/remove', { customerId: partner.id })).transaction?.type,
    'party_removed',
  );
  refused(await act('parties/remove', { customerId: partner.id }), 404, 'not_found');
  created(await api.post(`/v1/customers/${partner.id}/close`, {}));
  refused(await act('parties', body), 409, 'customer_closed');
  await api.assertVerified();
});

test('collateral has a value until it is released', async () => {
  const flat = { kind: 'real_estate', description: 'A flat', value: '150000.00', valuedOn: '2025-06-30' };
  created(await act('collateral', flat));
  created(await act('collateral', { kind: 'vehicle', description: 'A van', value: '9000.00' }));
  const future = { ...flat, valuedOn: '2099-01-01' };
  assert.deepEqual(badFields(await api.leavesNothing(() => act('collateral', future))), ['valuedOn']);
  const before = await security();
  assert.equal(before.collateralValue, '159000.00');
  assert.deepEqual(before.collateral[0], { number: 1, ...flat, releasedOn: null });
  const { transaction } = created(await act('collateral/1/release', { reason: 'replaced' }));
  assert.deepEqual([transaction?.type, transaction?.reason], ['collateral_released', 'replaced']);
  const again = await api.leavesNothing(() => act('collateral/1/release', { reason: 'again' }));
  refused(again, 409, 'collateral_released');
  refused(await act('collateral/3/release', { reason: 'none' }), 404, 'not_found');
  assert.equal((await security()).collateralValue, '9000.00');
  await api.assertVerified();
});

test('a borrower sees what stands behind the loan, and strangers do not', async () => {
  const borrower = await api.as('customer', fromTypeId('customer', account.customerId));
  created(await borrower.get(`${path}/security`));
  refused(await borrower.post(`${path}/collateral`, {}), 403, 'forbidden');
  const other = await api.as('customer', fromTypeId('customer', (await api.newCustomer()).id));
  refused(await other.get(`${path}/security`), 404, 'not_found');
});

test('a loan that has run for days is what its events make it after each of them, and they repeat', async () => {
  const { db, endOfDay } = api.bank;
  const { businessDate } = created(await api.get<{ businessDate: string }>('/v1/business-date'));
  created(await api.post('/v1/business-date', { businessDate }));
  const guarantor = { customerId: (await api.newCustomer()).id, role: 'guarantor' };
  const acts: [string, object][] = [
    ['parties', guarantor],
    ['parties/remove', { customerId: guarantor.customerId }],
    ['collateral', { kind: 'vehicle', description: 'A bus', value: '7000.00' }],
    ['collateral/3/release', { reason: 'sold' }],
  ];
  let today = isoDate(businessDate);
  const diverged: string[] = [];
  for (const [name, body] of acts) {
    await endOfDay.closeThrough(TEST_CALLER, addDays(today, 1));
    today = addDays(today, 2);
    const key = newKey();
    const first = created(await act(name, body, key));
    if ((await findDivergedLoan(db, 1)) !== undefined) diverged.push(name);
    if (!isDeepStrictEqual(created(await act(name, body, key)), first)) diverged.push(`${name} again`);
  }
  assert.deepEqual(diverged, []);
  await endOfDay.closeThrough(TEST_CALLER, today);
  const etag = (await api.get(path)).headers.get('etag') ?? '';
  created(await api.patch(path, { directDebit: false, metadata: { branch: 'north' } }, etag));
  await api.assertVerified();
});
