import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { OutgoingView } from '#features/payments/schemas.ts';
import type { SubmissionView } from '#features/payments/submission-schemas.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

const FOREIGN = 'DE89370400440532013000';
const FRENCH = 'FR1420041010050500013M02606';
const ABSENT = 'txn_01h455vb4pex5vsknk084sn02q';

type Results = {
  readonly results: readonly { id: string; status: string; code?: string; errors?: { path: string }[] }[];
};

async function sendOut(payer: AccountView, fields: Record<string, unknown> = {}): Promise<TransactionView> {
  const body = {
    fromAccountId: payer.id,
    toIban: FOREIGN,
    toName: 'Grace Hopper',
    amount: '1.00',
    currency: 'EUR',
    ...fields,
  };
  return created(await api.pay('/v1/transfers', body));
}
const submit = (body: Record<string, unknown>, key = newKey()) =>
  api.pay<SubmissionView>('/v1/outgoing-payments/submit', { message: newKey(), ...body }, key);
const cancel = (payment: { id: string }, as = api, key = newKey()) =>
  as.pay<OutgoingView>(`/v1/outgoing-payments/${payment.id}/cancel`, {}, key);
const read = async ({ id }: { id: string }) =>
  created(await api.get<OutgoingView>(`/v1/outgoing-payments/${id}`));
const bulk = (verb: string, body: Record<string, unknown>, key = newKey()) =>
  api.pay<Results>(`/v1/outgoing-payments/${verb}`, body, key);

const payer = await api.newAccount({ balance: '10000.00' });

test('what waits is claimed once, by whom and in which message, and answered again under its key', async () => {
  const sent = [await sendOut(payer), await sendOut(payer, { amount: '2.50' })];
  const body = { message: 'out-1.xml' };
  const key = newKey();
  const answer = await submit(body, key);
  const submission = created(answer);
  assert.equal(answer.headers.get('location'), `/v1/submissions/${submission.id}`);
  assert.deepEqual(submission.paymentIds, [sent[0]!.id, sent[1]!.id]);
  assert.deepEqual(submission.totals, [{ currency: 'EUR', amount: '3.50', count: 2 }]);
  for (const payment of sent) {
    const { status, submission: claim } = await read(payment);
    assert.deepEqual([status, claim?.id, claim?.message], ['submitted', submission.id, 'out-1.xml']);
    assert.equal(claim?.submittedBy, submission.submittedBy);
  }
  const again = await submit(body, key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(created(again), submission);
  assert.deepEqual(created(await api.get(`/v1/submissions/${submission.id}`)), submission);
  await sendOut(payer);
  await api.leavesNothing(async () => {
    refused(await submit({ message: 'out-2.xml' }, key), 422, 'idempotency_key_reused');
    refused(await submit(body), 409, 'message_used');
    refused(await submit({ ids: [sent[0]!.id] }), 409, 'payment_not_pending');
    refused(await submit({ ids: [ABSENT] }), 404, 'not_found');
    assert.deepEqual(badFields(await submit({ message: ' ' })), ['message']);
    refused(await api.get('/v1/submissions/sub_01h455vb4pex5vsknk084sn02q'), 404, 'not_found');
  });
  created(await submit({}));
  refused(await submit({}), 409, 'nothing_to_submit');
  await api.assertVerified();
});

test('of ten connectors that read one queue, no two send the same payment', async () => {
  const count = 30;
  for (let index = 0; index < count; index++) await sendOut(payer);
  const answers = await Promise.all(Array.from({ length: 10 }, () => submit({ limit: 3 })));
  const claimed = answers.flatMap(({ status, body }) => (status === 201 ? body.paymentIds : []));
  assert.equal(new Set(claimed).size, claimed.length);
  const pending = await api.allPages<OutgoingView>('/v1/outgoing-payments?status=pending_settlement', 100);
  assert.equal(claimed.length + pending.flat().length, count);
  if (pending.flat().length > 0) created(await submit({}));
});

test('of two that claim the same payments by name, one gets them', async () => {
  const ids = [(await sendOut(payer)).id, (await sendOut(payer)).id];
  const answers = await Promise.all([submit({ ids }), submit({ ids: ids.toReversed() })]);
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201, 409]));
});

test('a submission is settled at once, and what came back of it is returned, each for itself', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 5; index++) ids.push((await sendOut(payer)).id);
  const { id } = created(await submit({ ids }));
  created(await api.pay(`/v1/outgoing-payments/${ids[0]}/return`, { reason: 'AC01' }));
  const key = newKey();
  const { results } = created(await bulk('settle', { submissionId: id }, key));
  assert.deepEqual(
    results.map(({ status, code }) => code ?? status),
    ['payment_not_pending', 'settled', 'settled', 'settled', 'settled'],
  );
  assert.deepEqual(
    results.map((result) => result.id),
    ids,
  );
  // The same again: what was done is done.
  const again = created(await bulk('settle', { submissionId: id }, key));
  assert.deepEqual(again.results, results);
  const reason = { reason: 'Account closed', reasonCode: 'AC04' };
  const items = [
    { id: ids[1], ...reason },
    { id: ABSENT, ...reason },
    { id: ids[2], ...reason },
  ];
  const returned = created(await bulk('return', { items }));
  assert.deepEqual(
    returned.results.map(({ status, code }) => code ?? status),
    ['returned', 'not_found', 'returned'],
  );
  assert.equal((await read({ id: ids[1]! })).reasonCode, 'AC04');
  await api.leavesNothing(async () => {
    assert.deepEqual(badFields(await bulk('settle', {})), ['ids']);
    assert.deepEqual(badFields(await bulk('settle', { ids, submissionId: id })), ['ids']);
    assert.deepEqual(badFields(await bulk('return', { items: [] })), ['items']);
  });
  await api.assertVerified();
});

test('of many payments each is judged for itself, with what is wrong in its item', async () => {
  const sent = await sendOut(payer);
  const settled = created(await bulk('settle', { ids: ['txn_x', sent.id, ABSENT] })).results;
  assert.deepEqual(
    settled.map(({ id, status, code }) => [id, code ?? status]),
    [
      ['txn_x', 'not_found'],
      [sent.id, 'settled'],
      [ABSENT, 'not_found'],
    ],
  );
  const other = await sendOut(payer);
  const items = [
    { id: other.id, reason: '', extra: 1 },
    { id: other.id, reason: 'a\nb' },
    { reason: 'Account closed' },
  ];
  const refusals = created(await bulk('return', { items })).results;
  assert.deepEqual(
    refusals.map(({ id, errors = [] }) => [id, errors.map(({ path }) => path).sort()]),
    [
      [other.id, ['extra', 'reason']],
      [other.id, ['reason']],
      ['', ['id']],
    ],
  );
  const returned = created(
    await bulk('return', { items: [...items, { id: sent.id, reason: 'Account closed' }] }),
  );
  assert.equal(returned.results.at(-1)?.status, 'returned');
});

test('a customer takes back what nobody claimed yet, and only their own', async () => {
  const account = await api.newAccount({ balance: '10.00' });
  const own = await api.as('customer', fromTypeId('customer', account.customerId));
  const stranger = await api.as('customer', fromTypeId('customer', payer.customerId));
  const sent = await sendOut(account);
  const late = await sendOut(account);
  assert.deepEqual(created(await own.get(`/v1/outgoing-payments/${sent.id}`)), await read(sent));
  refused(await stranger.get(`/v1/outgoing-payments/${sent.id}`), 404, 'not_found');
  const seen = created(await own.get<Page<OutgoingView>>('/v1/outgoing-payments')).data;
  assert.deepEqual(
    seen.map(({ id }) => id),
    [late.id, sent.id],
  );
  await api.leavesNothing(async () => {
    refused(await cancel(sent, stranger), 404, 'not_found');
    refused(await cancel({ id: ABSENT }, own), 404, 'not_found');
  });
  const key = newKey();
  const cancelled = created(await cancel(sent, own, key));
  assert.deepEqual([cancelled.status, cancelled.reason], ['cancelled', null]);
  const back = created(await api.get<TransactionView>(`/v1/transactions/${cancelled.returnTransactionId}`));
  assert.deepEqual([back.type, back.reverses, back.amount], ['reversal', sent.id, '1.00']);
  assert.deepEqual(created(await cancel(sent, own, key)), cancelled);
  created(await submit({ ids: [late.id] }));
  await api.leavesNothing(async () => {
    for (const payment of [sent, late]) refused(await cancel(payment, own), 409, 'payment_not_pending');
    refused(await submit({ ids: [sent.id] }), 409, 'payment_not_pending');
  });
  assert.equal(await api.postedBalance(account), '9.00');
  await api.assertVerified();
});

test('of a cancellation and a claim at once, one wins', async () => {
  for (let round = 0; round < 5; round++) {
    const sent = await sendOut(payer);
    const [claim, back] = await Promise.all([submit({ ids: [sent.id] }), cancel(sent)]);
    assert.deepEqual([claim.status, back.status], claim.status === 201 ? [201, 409] : [409, 200]);
  }
  await api.assertVerified();
});

test('the queue is narrowed by account, date, amount, payee and reference', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const small = await sendOut(account, { amount: '1.00', reference: 'JOS\u00c9 1' });
  const large = await sendOut(account, { amount: '20.00', toIban: FRENCH });
  const ids = async (query: string) =>
    created(
      await api.get<Page<OutgoingView>>(`/v1/outgoing-payments?accountId=${account.id}&${query}`),
    ).data.map(({ id }) => id);
  const both = [large.id, small.id];
  assert.deepEqual(await ids('from=2026-01-14&to=2026-01-14'), both);
  assert.deepEqual(await ids('from=2026-01-15'), []);
  assert.deepEqual(await ids('currency=EUR&minAmount=1.01'), [large.id]);
  assert.deepEqual(await ids('currency=EUR&minAmount=1.00&maxAmount=1.00'), [small.id]);
  assert.deepEqual(await ids('currency=USD'), []);
  assert.deepEqual(await ids(`creditorIban=${FRENCH.toLowerCase()}`), [large.id]);
  assert.deepEqual(await ids(`reference=${encodeURIComponent('JOSE\u0301 1')}`), [small.id]);
  assert.deepEqual(await ids('creditorName=HOPPER'), both);
  assert.deepEqual(await ids('creditorName=nobody%25'), []);
  for (const [query, field] of [
    ['minAmount=1.00', 'currency'],
    ['currency=EUR&minAmount=1.001', 'minAmount'],
    ['creditorIban=DE00', 'creditorIban'],
    ['from=2026-02-30', 'from'],
    ['submissionId=txn_1', 'submissionId'],
  ] as const) {
    const answer = await api.get(`/v1/outgoing-payments?${query}`);
    const code = field === 'minAmount' ? 'invalid_amount' : 'validation_failed';
    assert.deepEqual(badFields(answer, code), [field], query);
  }
});
