import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanView } from '#features/loans/schemas.ts';
import type { OwnUserView } from '#identity/users/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { cash, created, openApi, refused } from '#test/support/api.ts';
import { Lending } from './loans.ts';

const api = await openApi();
const manager = new Lending(api);
const officer = new Lending(await api.as('loan-officer'));
const colleague = new Lending(await api.as('loan-officer'));
const product = await manager.newProduct();
const account = await api.newAccount({ balance: '100.00' });

const applied = async (by: Lending): Promise<LoanView> => created(await by.applyTo(account, product.id));

test('what an officer applied for, a colleague or a manager approves and pays out', async () => {
  const loan = await applied(officer);
  await api.leavesNothing(async () => refused(await officer.approve(loan), 403, 'own_application'));
  created(await colleague.approve(loan));
  await api.leavesNothing(async () => refused(await officer.disburse(loan), 403, 'own_application'));
  created(await colleague.disburse(loan));
  created(await officer.repay(loan, '50.00'));
  const other = await applied(officer);
  created(await manager.approve(other));
  created(await manager.disburse(other));
  await api.assertVerified();
});

test('a first answer is given again, and a key of the applicant’s pays nothing out', async () => {
  const loan = await applied(colleague);
  created(await officer.approve(loan));
  const key = 'paid-out-once';
  created(await officer.disburse(loan, {}, key));
  created(await officer.disburse(loan, {}, key));
  const own = await applied(officer);
  created(await colleague.approve(own));
  refused(await officer.disburse(own, {}, key), 422, 'idempotency_key_reused');
  refused(await officer.disburse(own), 403, 'own_application');
});

test('a loan of several payments is paid out by others, each time', async () => {
  const inParts = await manager.newProduct({ severalDisbursements: true });
  const loan = created(await officer.applyTo(account, inParts.id));
  created(await colleague.approve(loan));
  created(await colleague.disburse(loan, { amount: '500.00' }));
  refused(await officer.disburse(loan, { amount: '500.00' }), 403, 'own_application');
  created(await manager.disburse(loan, { amount: '500.00' }));
});

test('what a customer or a teller applied for, an officer approves and pays out', async () => {
  const customer = await api.as('customer', fromTypeId('customer', account.customerId));
  for (const by of [new Lending(customer), new Lending(await api.as('teller'))]) {
    const loan = await applied(by);
    created(await officer.approve(loan));
    created(await officer.disburse(loan));
  }
});

test('an officer keeps no counter, and writes nothing off', async () => {
  const loan = await applied(colleague);
  const { operations } = created(await officer.api.get<OwnUserView>('/v1/auth/me'));
  assert.deepEqual(
    ['getCustomer', 'search', 'getLoanPortfolio', 'approveLoan'].filter((name) => !(name in operations)),
    [],
  );
  await api.leavesNothing(async () => {
    refused(await officer.api.pay('/v1/deposits', cash(account, '1.00')), 403, 'forbidden');
    refused(await officer.api.post('/v1/customers', {}), 403, 'forbidden');
    refused(await officer.act(loan, 'write-off'), 403, 'forbidden');
    refused(await officer.api.post('/v1/loan-products', {}), 403, 'forbidden');
  });
  refused(await officer.api.get('/v1/audit-log'), 403, 'forbidden');
});
