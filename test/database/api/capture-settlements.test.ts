import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { HoldView } from '#features/holds/schemas.ts';
import type { SettlementView } from '#features/holds/settlements/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, created, DAY_MS, openApi, refused } from '#test/support/api.ts';
import { newKey, START_MS } from '#test/support/bank.ts';

const api = await openApi();

type Item = {
  transactionId: string;
  kind: string;
  amount: string;
  holdId: string | null;
  reverses: string | null;
};
type Unsettled = {
  data: Item[];
  nextCursor: string | null;
  sum: { amount: string; count: number; since: string | null };
};
type WithItems = { settlement: SettlementView; items: Item[] };

const account = await api.newAccount({ balance: '10000.00' });
const shop = await api.newAccount();

async function capture(amount: string, fields: Record<string, unknown> = {}, on: AccountView = account) {
  const request = { accountId: on.id, amount, currency: 'EUR', reference: `=order ${amount}` };
  const { id } = created(await api.pay<HoldView>('/v1/holds', request));
  const captured = await api.pay<{ transactionId: string }>(`/v1/holds/${id}/capture`, fields);
  return { holdId: id, transactionId: created(captured).transactionId };
}

const reverse = async (transactionId: string, amount?: string) =>
  created(await api.pay(`/v1/transactions/${transactionId}/reverse`, { reason: 'returned', amount }));

const unsettled = async (query = '') =>
  created(await api.get<Unsettled>(`/v1/unsettled-captures?currency=EUR${query}`));

const settle = (fields: Record<string, unknown> = {}, key = newKey()) =>
  api.pay<SettlementView>('/v1/capture-settlements', { currency: 'EUR', ...fields }, key);

const read = async (id: string) => created(await api.get<WithItems>(`/v1/capture-settlements/${id}`));

/** What stands on a line of the chart. */
async function lineOf(code: string): Promise<bigint> {
  const [row] = await api.asOwner<{ sum: string }>(`
    select coalesce(sum(case when c.gl_code = '${code}' then p.amount_minor else -p.amount_minor end), 0)::text as sum
    from postings p
    join ledger_accounts c on c.ledger_account_id = p.credit_account_id
    join ledger_accounts d on d.ledger_account_id = p.debit_account_id
    where '${code}' in (c.gl_code, d.gl_code)`);
  return BigInt(row?.sum ?? 0);
}

/** Settles what others left. */
async function clear(): Promise<void> {
  if ((await unsettled()).sum.count > 0) created(await settle());
}

test('with nothing captured there is nothing to settle', async () => {
  assert.deepEqual(await unsettled(), {
    data: [],
    nextCursor: null,
    sum: { currency: 'EUR', amount: '0.00', count: 0, since: null },
  });
  refused(await api.leavesNothing(() => settle()), 409, 'nothing_to_settle');
});

test('captures are settled together, once, and their holds show it', async () => {
  const first = await capture('30.00');
  const second = await capture('12.50', { amount: '10.00', final: true });
  await capture('99.00', { toAccountId: shop.id });
  const open = await unsettled();
  assert.deepEqual(
    open.data.map(({ transactionId, amount, kind }) => [transactionId, amount, kind]),
    [
      [first.transactionId, '30.00', 'capture'],
      [second.transactionId, '10.00', 'capture'],
    ],
  );
  assert.deepEqual([open.sum.amount, open.sum.count, open.sum.since], ['40.00', 2, '2026-01-14']);
  const before = [await lineOf('2300'), await lineOf('1100')];
  const key = newKey();
  const answer = await settle({ reference: 'acquirer-1.csv' }, key);
  const settlement = created(answer);
  assert.equal(answer.headers.get('location'), `/v1/capture-settlements/${settlement.id}`);
  assert.deepEqual(
    [settlement.amount, settlement.itemCount, settlement.reference],
    ['40.00', 2, 'acquirer-1.csv'],
  );
  assert.deepEqual([await lineOf('2300'), await lineOf('1100')], [before[0]! - 4000n, before[1]! + 4000n]);
  assert.deepEqual((await unsettled()).sum.count, 0);
  refused(await api.leavesNothing(() => settle()), 409, 'nothing_to_settle');
  const again = await settle({ reference: 'acquirer-1.csv' }, key);
  assert.deepEqual([created(again), again.headers.get('idempotent-replayed')], [settlement, 'true']);
  refused(await settle({ reference: 'acquirer-2.csv' }, key), 422, 'idempotency_key_reused');
  const { captures } = created(await api.get<HoldView>(`/v1/holds/${first.holdId}`));
  assert.equal(captures[0]?.settlementId, settlement.id);
  assert.deepEqual(
    (await read(settlement.id)).items.map(({ transactionId, holdId }) => [transactionId, holdId]),
    [
      [first.transactionId, first.holdId],
      [second.transactionId, second.holdId],
    ],
  );
  const listed = created(await api.get<{ data: SettlementView[] }>('/v1/capture-settlements?currency=EUR'));
  assert.deepEqual(listed.data, [settlement]);
  await api.assertVerified();
});

test('a settlement is a file, too', async () => {
  await clear();
  const { transactionId, holdId } = await capture('7.00');
  const { id } = created(await settle());
  const file = await api.get(`/v1/capture-settlements/${id}?format=csv`);
  assert.equal(file.headers.get('content-type'), 'text/csv; charset=utf-8');
  assert.deepEqual(file.text.split('\n'), [
    'transactionId,kind,amount,currency,businessDate,reverses,holdId,accountId,reference',
    `${transactionId},capture,7.00,EUR,2026-01-14,,${holdId},${account.id},'=order 7.00`,
    '',
  ]);
});

test('what took a capture back is settled with it, or after it, and never twice', async () => {
  await clear();
  const [first, second] = [await capture('50.00'), await capture('20.00')];
  await reverse(first.transactionId, '15.00');
  assert.equal((await unsettled()).sum.amount, '55.00');
  const one = created(await settle());
  assert.deepEqual([one.amount, one.itemCount], ['55.00', 3]);
  const back = await reverse(second.transactionId);
  const open = await unsettled();
  assert.deepEqual(
    open.data.map(({ transactionId, kind, amount, reverses, holdId }) => [
      transactionId,
      kind,
      amount,
      reverses,
      holdId,
    ]),
    [[back.id, 'reversal', '-20.00', second.transactionId, second.holdId]],
  );
  const owed = created(await settle());
  assert.deepEqual([owed.amount, owed.itemCount], ['-20.00', 1]);
  assert.ok(owed.transactionId !== null);
  assert.equal(await lineOf('2300'), 0n);
  await api.assertVerified();
});

test('captures and reversals that are even need no entry', async () => {
  await clear();
  const { transactionId } = await capture('5.00');
  await reverse(transactionId);
  const key = newKey();
  const settlement = created(await settle({}, key));
  assert.deepEqual([settlement.amount, settlement.itemCount, settlement.transactionId], ['0.00', 2, null]);
  assert.deepEqual(created(await settle({}, key)), settlement);
  refused(await settle(), 409, 'nothing_to_settle');
  await api.assertVerified();
});

test('some are settled by name, all or none, and the others stay', async () => {
  await clear();
  const [first, second, third] = [await capture('1.00'), await capture('2.00'), await capture('3.00')];
  const elsewhere = await capture('4.00', { toAccountId: shop.id });
  const refusal = refused(
    await api.leavesNothing(() => settle({ transactionIds: [first.transactionId, elsewhere.transactionId] })),
    409,
    'capture_not_unsettled',
  );
  assert.match(refusal.errors?.[0]?.message ?? '', new RegExp(elsewhere.transactionId));
  const named = created(await settle({ transactionIds: [second.transactionId, second.transactionId] }));
  assert.deepEqual([named.amount, named.itemCount], ['2.00', 1]);
  refused(await settle({ transactionIds: [second.transactionId] }), 409, 'capture_not_unsettled');
  const pages = await api.allPages<Item>('/v1/unsettled-captures?currency=EUR', 1);
  assert.deepEqual(
    pages.flat().map(({ transactionId }) => transactionId),
    [first.transactionId, third.transactionId],
  );
});

test('those of a later day wait, and those that were left are found on any later day', async () => {
  await clear();
  const early = await capture('11.00');
  api.bank.clock.setMs(START_MS + 3 * DAY_MS);
  const late = await capture('12.00');
  const later = await capture('13.00');
  created(await settle({ transactionIds: [later.transactionId] }));
  const through = created(await settle({ through: '2026-01-16' }));
  assert.deepEqual(
    (await read(through.id)).items.map(({ transactionId }) => transactionId),
    [early.transactionId],
  );
  api.bank.clock.setMs(START_MS + 40 * DAY_MS);
  const last = await capture('14.00');
  const rest = created(await settle());
  assert.deepEqual(
    (await read(rest.id)).items.map(({ transactionId }) => transactionId),
    [late.transactionId, last.transactionId],
  );
  assert.equal(rest.amount, '26.00');
  await api.assertVerified();
});

test('a settlement stays when the customer goes, and so does what is not settled', async () => {
  await clear();
  const customer = await api.newCustomer();
  const gone = await api.newAccount({ customerId: customer.id, balance: '30.00' });
  const settled = await capture('10.00', {}, gone);
  const { id } = created(await settle());
  const open = await capture('20.00', {}, gone);
  created(await api.post(`/v1/accounts/${gone.id}/close`, { reason: 'moving' }));
  created(await api.post(`/v1/customers/${customer.id}/close`, {}));
  const erased = await api.post(`/v1/customers/${customer.id}/erase`, {
    reason: 'GDPR 17',
    overrideRetention: true,
  });
  assert.equal(erased.status, 204);
  const { items } = await read(id);
  assert.deepEqual(
    items.map(({ transactionId, holdId }) => [transactionId, holdId]),
    [[settled.transactionId, null]],
  );
  assert.deepEqual(
    (await unsettled()).data.map(({ transactionId, holdId }) => [transactionId, holdId]),
    [[open.transactionId, null]],
  );
  assert.equal(created(await settle()).amount, '20.00');
  await api.assertVerified();
});

test('of settlements at once each capture is in one', async () => {
  await clear();
  for (let index = 0; index < 6; index++) await capture('1.00');
  const answers = await Promise.all(Array.from({ length: 8 }, () => settle()));
  const made = answers.filter(({ status }) => status === 201);
  assert.equal(made.length, 1);
  for (const answer of answers) if (answer.status !== 201) refused(answer, 409, 'nothing_to_settle');
  await api.assertVerified();
});

test('what is asked for is checked', async () => {
  assert.deepEqual(badFields(await settle({ through: 'today' })), ['through']);
  assert.deepEqual(badFields(await settle({ transactionIds: [] })), ['transactionIds']);
  assert.deepEqual(badFields(await api.get('/v1/unsettled-captures')), ['currency']);
  refused(await settle({ currency: 'ISK' }), 422, 'currency_mismatch');
  refused(await api.get('/v1/capture-settlements/cst_01h455vb4pex5vsknk084sn02q'), 404, 'not_found');
});

test('verify finds a settlement whose sum is not that of what it settled', async () => {
  const [row] = await api.asOwner<{ id: string }>(
    'select settlement_id as id from capture_settlements limit 1',
  );
  const change = (by: number) =>
    api.asOwner(
      `update settled_captures set amount_minor = amount_minor + ${by} where settlement_id = '${row?.id}'`,
    );
  await change(1);
  await assert.rejects(api.assertVerified(), /every settlement of captures/);
  await change(-1);
  await api.assertVerified();
  assert.ok(fromTypeId('account', account.id));
});
