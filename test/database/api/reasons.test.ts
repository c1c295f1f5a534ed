import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { AuditEntryView } from '#features/audit/schemas.ts';
import type { LoanEventView } from '#features/loans/schemas.ts';
import type { IncomingView, OutgoingView } from '#features/payments/schemas.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { created, openApi, type Page } from '#test/support/api.ts';
import { Lending } from './loans.ts';

const api = await openApi();
const admin = await api.as('admin');
const lending = new Lending(api);
const REASON = 'Suspicion of fraud, case 77';
const TOLD = 'Please call us.';

const holderOf = (account: AccountView) => api.as('customer', fromTypeId('customer', account.customerId));
const trailOf = async (id: string, operation?: string) => {
  const filter = operation === undefined ? '' : `&action=${operation}`;
  return created(await admin.get<Page<AuditEntryView>>(`/v1/audit-log?resource=${id}${filter}`)).data[0]
    ?.after;
};

for (const customerReason of [undefined, TOLD]) {
  const told = customerReason ?? null;
  const name = told === null ? 'nothing' : 'what is meant for them';
  test(`of a reversal the holders read ${name}, and staff and the trail have both`, async () => {
    const account = await api.newAccount();
    const holder = await holderOf(account);
    const deposit = await api.deposit(account, '10.00', { description: 'Wage' });
    const body = { reason: REASON, ...(customerReason && { customerReason }) };
    const reversal = created(await api.pay(`/v1/transactions/${deposit.id}/reverse`, body));
    const seenBy = async (caller: typeof api) => {
      const one = created(await caller.get<TransactionView>(`/v1/transactions/${reversal.id}`));
      const lines = await caller.get<Page<TransactionView>>(`/v1/accounts/${account.id}/transactions`);
      const line = created(lines).data.find(({ id }) => id === reversal.id);
      assert.deepEqual([line?.reason, line?.description], [one.reason, one.description]);
      return [one.reason, one.description];
    };
    assert.deepEqual(await seenBy(api), [REASON, told]);
    assert.deepEqual(await seenBy(holder), [null, told]);
    const list = await holder.get(`/v1/transactions?accountId=${account.id}`);
    assert.doesNotMatch(list.text, /fraud/);
    assert.deepEqual(await trailOf(reversal.id), body);
  });

  test(`of what the bank does to a loan the borrower reads ${name}, staff and the trail both`, async () => {
    const account = await api.newAccount({ balance: '100.00' });
    const holder = await holderOf(account);
    const reasons = { reason: REASON, ...(customerReason && { customerReason }) };
    const rejected = await lending.newApplication(account);
    created(await api.post(`/v1/loans/${rejected.id}/reject`, reasons));
    const running = await lending.newLoan(account);
    created(await api.post(`/v1/loans/${running.id}/reschedule`, { instalments: 20, ...reasons }));
    const charged = await api.pay(`/v1/loans/${running.id}/charges`, {
      amount: '5.00',
      ...reasons,
    });
    assert.equal(charged.status, 201, charged.text);
    created(await api.pay(`/v1/loans/${running.id}/charge-off`, reasons));
    for (const { id } of [rejected, running]) {
      const seenBy = async (caller: typeof api) => {
        const path = `/v1/loans/${id}/transactions`;
        const events = created(await caller.get<Page<LoanEventView>>(path)).data;
        const [last] = events.filter(({ reason, customerReason }) => (reason ?? customerReason) !== null);
        return [last?.reason ?? null, last?.customerReason ?? null];
      };
      assert.deepEqual(await seenBy(api), [REASON, told]);
      assert.deepEqual(await seenBy(holder), [null, told]);
      for (const part of ['transactions', 'statement', 'statement?format=csv']) {
        assert.doesNotMatch((await holder.get(`/v1/loans/${id}/${part}`)).text, /fraud/);
      }
      const { reason, customerReason: heard } = (await trailOf(id)) ?? {};
      assert.deepEqual([reason, heard ?? null], [REASON, told]);
    }
  });

  test(`of a payment to another bank that comes back the payer reads ${name}, staff and the trail both`, async () => {
    const account = await api.newAccount({ balance: '100.00' });
    const holder = await holderOf(account);
    const sent = created<TransactionView>(
      await api.pay('/v1/transfers', {
        fromAccountId: account.id,
        toIban: 'DE89370400440532013000',
        toName: 'Grace Hopper',
        amount: '40.00',
        currency: 'EUR',
      }),
    );
    const body = { reason: REASON, ...(customerReason && { customerReason }) };
    const path = `/v1/outgoing-payments/${sent.id}`;
    const returned = created(await api.pay<OutgoingView>(`${path}/return`, body));
    const back = `/v1/transactions/${returned.returnTransactionId}`;
    const seenBy = async (caller: typeof api) => {
      const payment = created(await caller.get<OutgoingView>(path));
      const { settlement } = created(await caller.get<TransactionView>(`/v1/transactions/${sent.id}`));
      const reversal = created(await caller.get<TransactionView>(back));
      return [payment, settlement, { ...reversal, customerReason: reversal.description }].map((one) => [
        one?.reason,
        one?.customerReason,
      ]);
    };
    assert.deepEqual(await seenBy(api), Array(3).fill([REASON, told]));
    assert.deepEqual(await seenBy(holder), Array(3).fill([null, told]));
    assert.deepEqual(await trailOf(sent.id, 'returnOutgoingPayment'), { status: 'returned', ...body });
    await readsNothing(holder, account);
  });

  test(`of a payment that is sent back who was credited reads ${name}, staff and the trail both`, async () => {
    const account = await api.newAccount();
    const holder = await holderOf(account);
    const payment = { externalReference: `so-${name}`, iban: account.iban, amount: '75.00', currency: 'EUR' };
    const came = created(await api.pay<IncomingView>('/v1/incoming-payments', payment));
    const body = { reason: REASON, ...(customerReason && { customerReason }) };
    const sentBack = created(await api.pay<IncomingView>(`/v1/incoming-payments/${came.id}/return`, body));
    assert.deepEqual([sentBack.reason, sentBack.customerReason], [REASON, told]);
    const seenBy = async (caller: typeof api) => {
      const path = `/v1/transactions/${sentBack.returnTransactionId}`;
      const { reason, description } = created(await caller.get<TransactionView>(path));
      return [reason, description];
    };
    assert.deepEqual(await seenBy(api), [REASON, told]);
    assert.deepEqual(await seenBy(holder), [null, told]);
    assert.deepEqual(await trailOf(came.id, 'returnIncomingPayment'), { status: 'returned', ...body });
    await readsNothing(holder, account);
  });
}

/** Whatever shows a holder what was done on an account: answers, files and paper say nothing that was meant for staff. */
async function readsNothing(holder: typeof api, { id }: AccountView): Promise<void> {
  const statement = `/v1/accounts/${id}/statement?from=2026-01-01&to=2026-12-31`;
  for (const path of [
    `/v1/accounts/${id}/transactions`,
    `/v1/accounts/${id}/balance/explain`,
    `/v1/transactions?accountId=${id}`,
    `/v1/outgoing-payments?accountId=${id}`,
    statement,
    `${statement}&format=csv`,
  ]) {
    const answer = await holder.get(path);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    assert.doesNotMatch(answer.text, /fraud/, path);
  }
}

test('the books verify after all that', () => api.assertVerified());
