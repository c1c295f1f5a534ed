import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { IncomingView, OutgoingView } from '#features/payments/schemas.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

const FOREIGN = 'DE89370400440532013000';
const NOBODYS = 'DE28100100109999999999';

async function sendOut(payer: AccountView, amount = '40.00'): Promise<TransactionView> {
  const body = { fromAccountId: payer.id, toIban: FOREIGN, toName: 'Grace Hopper', amount, currency: 'EUR' };
  return created(await api.pay('/v1/transfers', body));
}

const outgoing = ({ id }: { id: string }, verb: string, body = {}, key = newKey()) =>
  api.pay<OutgoingView>(`/v1/outgoing-payments/${id}/${verb}`, body, key);
const incoming = ({ id }: { id: string }, verb: string, body = {}, key = newKey()) =>
  api.pay<IncomingView>(`/v1/incoming-payments/${id}/${verb}`, body, key);
const receive = async (iban: string, amount = '75.00') =>
  created(
    await api.pay<IncomingView>('/v1/incoming-payments', {
      externalReference: newKey(),
      iban,
      amount,
      currency: 'EUR',
      debtorName: 'Grace Hopper',
    }),
  );
const transaction = async (id: string | null) =>
  created(await api.get<TransactionView>(`/v1/transactions/${id}`));

const CODED = { reason: 'Account closed', reasonCode: 'AC04', returnedOn: '2026-01-13' };

test('a payment that was settled comes back: its payer is credited by a linked transaction', async () => {
  const payer = await api.newAccount({ balance: '100.00' });
  const sent = await sendOut(payer);
  created(await outgoing(sent, 'settle'));
  const key = newKey();
  const returned = created(await outgoing(sent, 'return', CODED, key));
  assert.deepEqual(
    [returned.status, returned.reason, returned.reasonCode, returned.returnedOn],
    ['returned', 'Account closed', 'AC04', '2026-01-13'],
  );
  assert.equal(await api.postedBalance(payer), '100.00');
  const back = await transaction(returned.returnTransactionId);
  assert.deepEqual(
    [back.type, back.reverses, back.amount, back.valueDate, back.reason],
    ['reversal', sent.id, '40.00', '2026-01-13', 'Account closed'],
  );
  const original = await transaction(sent.id);
  assert.deepEqual([original.reversedBy, original.settlement?.status], [back.id, 'returned']);
  const again = await outgoing(sent, 'return', CODED, key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(created(again), returned);
  await api.leavesNothing(async () => {
    for (const verb of ['settle', 'return', 'cancel']) {
      const body = verb === 'return' ? CODED : {};
      refused(await outgoing(sent, verb, body), 409, 'payment_not_pending');
    }
  });
  await api.assertVerified();
});

test('a settled payment whose payer is closed comes back to suspense', async () => {
  const payer = await api.newAccount({ balance: '40.00' });
  const other = await api.newAccount();
  const sent = await sendOut(payer);
  created(await outgoing(sent, 'settle'));
  created(await api.post(`/v1/accounts/${payer.id}/close`, { reason: 'x' }));
  const returned = created(await outgoing(sent, 'return', CODED));
  assert.deepEqual([returned.status, returned.returnTransactionId], ['returned', null]);
  const waiting = created(await api.get<IncomingView>(`/v1/incoming-payments/${returned.incomingPaymentId}`));
  assert.deepEqual([waiting.status, waiting.returnedPaymentId], ['unresolved', sent.id]);
  created(await incoming(waiting, 'resolve', { accountId: other.id }));
  refused(await incoming(waiting, 'return', { reason: 'x' }), 409, 'payment_not_returnable');
  await api.assertVerified();
});

test('a return says when and why in the terms of the scheme, or is refused', async () => {
  const payer = await api.newAccount({ balance: '40.00' });
  const sent = await sendOut(payer);
  const wrong: [fields: Record<string, unknown>, path: string][] = [
    [{ reasonCode: 'ac04' }, 'reasonCode'],
    [{ reasonCode: 'AC4' }, 'reasonCode'],
    [{ returnedOn: '2026-02-30' }, 'returnedOn'],
    [{ returnedOn: '2024-01-01' }, 'returnedOn'],
    [{ reason: ' ' }, 'reason'],
  ];
  await api.leavesNothing(async () => {
    for (const [fields, path] of wrong) {
      assert.deepEqual(badFields(await outgoing(sent, 'return', { ...CODED, ...fields })), [path]);
    }
  });
  // Without a date it is today's.
  assert.equal(created(await outgoing(sent, 'return', { reason: 'x' })).returnedOn, '2026-01-14');
});

test('a payment that was credited is sent back from the account, and a reversal names the call for it', async () => {
  const account = await api.newAccount({ balance: '1.00' });
  const payment = await receive(account.iban);
  await api.leavesNothing(async () => {
    const reverse = await api.pay(`/v1/transactions/${payment.transactionId}/reverse`, { reason: 'x' });
    const { detail } = refused(reverse, 422, 'not_reversible');
    assert.match(detail, new RegExp(`POST /v1/incoming-payments/${payment.id}/return`));
  });
  const returned = created(await incoming(payment, 'return', CODED));
  assert.deepEqual(
    [returned.status, returned.reasonCode, returned.accountId, returned.transactionId],
    ['returned', 'AC04', account.id, payment.transactionId],
  );
  assert.equal(await api.postedBalance(account), '1.00');
  const back = await transaction(returned.returnTransactionId);
  assert.deepEqual(
    [back.type, back.reverses, back.amount, back.counterparty?.name],
    ['reversal', payment.transactionId, '75.00', 'Grace Hopper'],
  );
  assert.equal((await transaction(payment.transactionId)).reversedBy, back.id);
  await api.leavesNothing(async () => {
    refused(await incoming(payment, 'return', CODED), 409, 'payment_not_unresolved');
    refused(await incoming(payment, 'resolve', { accountId: account.id }), 409, 'payment_not_unresolved');
  });
  await api.assertVerified();
});

test('a payment that was resolved is sent back from the account too, through suspense', async () => {
  const account = await api.newAccount();
  const payment = await receive(NOBODYS);
  const resolved = created(await incoming(payment, 'resolve', { accountId: account.id }));
  const reverse = await api.pay(`/v1/transactions/${resolved.transactionId}/reverse`, { reason: 'x' });
  assert.match(refused(reverse, 422, 'not_reversible').detail, new RegExp(`${payment.id}/return`));
  const returned = created(await incoming(payment, 'return', CODED));
  assert.deepEqual([returned.status, returned.transactionId], ['returned', resolved.transactionId]);
  assert.equal((await transaction(returned.returnTransactionId)).reverses, resolved.transactionId);
  assert.equal(await api.postedBalance(account), '0.00');
  await api.assertVerified();
});

test('what was credited and spent is not sent back', async () => {
  const account = await api.newAccount();
  const payment = await receive(account.iban);
  await api.withdraw(account, '0.01');
  await api.leavesNothing(async () => {
    refused(await incoming(payment, 'return', CODED), 422, 'insufficient_funds');
  });
  assert.equal(
    created(await api.get<IncomingView>(`/v1/incoming-payments/${payment.id}`)).status,
    'credited',
  );
});

test('the first request is answered as it was, whatever became of the payment since', async () => {
  const account = await api.newAccount();
  const body = { externalReference: newKey(), iban: account.iban, amount: '5.00', currency: 'EUR' };
  const first = created(await api.pay<IncomingView>('/v1/incoming-payments', body));
  created(await incoming(first, 'return', CODED));
  assert.deepEqual(created(await api.pay('/v1/incoming-payments', body)), first);
});
