import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeeView } from '#features/charges/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi, type Page, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { HeldBook } from '#test/system/processes/held-book.ts';
import { ServerPair, tally } from './server-pair.ts';

const pair = await ServerPair.open();
const api = await openApi();

const product = (code: string, fee: Readonly<Record<string, unknown>>) => ({
  code,
  currency: 'EUR',
  kind: 'current',
  name: 'With fees',
  fees: [{ code: 'fee', name: 'Fee', amount: '1.00', ...fee }],
});

test('of twenty payments at two servers at once five are free, and not one more', async () => {
  await pair.request(0, '/v1/products', product('free', { event: 'withdrawal', freeAMonth: 5 }), undefined);
  const opened = { customerId: pair.customerId, product: 'free', currency: 'EUR' };
  const { body } = await pair.request(0, '/v1/accounts', opened, undefined);
  const { id: accountId } = body as { id: string };
  const cash = (amount: string) => ({ accountId, amount, currency: 'EUR', mode: 'cash' });
  await pair.request(0, '/v1/deposits', cash('100.00'), 'first');
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      pair.request(index % 2, '/v1/withdrawals', cash('1.00'), `w${index}`),
    ),
  );
  assert.deepEqual(tally(answers), { 201: 20 });
  assert.equal(await pair.balanceOf(accountId), '65.00');
  await pair.assertVerified();
});

test('a fee that is waived while it is collected is one or the other', async () => {
  created(await api.post('/v1/products', product('waiting', { event: 'withdrawal', whenShort: 'queue' })));
  created(await api.post('/v1/business-date', { businessDate: '2026-01-20' }));
  const outcomes = new Set<string>();
  for (let round = 0; round < 6; round += 1) {
    const account = await api.newAccount({ product: 'waiting', balance: '1.00' });
    await api.withdraw(account, '1.00');
    await api.deposit(account, '5.00');
    const path = `/v1/accounts/${account.id}/fees`;
    const [due] = created(await api.get<Page<FeeView>>(path)).data;
    const until = isoDate(Temporal.PlainDate.from('2026-01-20').add({ days: round }).toString());
    const [, waived] = await Promise.all([
      api.bank.endOfDay.closeThrough(TEST_CALLER, until),
      api.post<FeeView>(`${path}/${due?.id}/waive`, { reason: 'goodwill' }),
    ]);
    const after = created(await api.get<FeeView>(`${path}/${due?.id}`));
    const isWaived = waived.status === 200;
    assert.equal(after.status, isWaived ? 'waived' : 'charged');
    assert.equal(await api.postedBalance(account), isWaived ? '5.00' : '4.00');
    outcomes.add(after.status);
  }
  assert.ok(outcomes.size > 0);
  await api.assertVerified();
});

test('a fee that is being collected cannot be waived any more', async () => {
  const { businessDate } = created(await api.get<{ businessDate: string }>('/v1/business-date'));
  const account = await api.newAccount({ product: 'waiting', balance: '1.00' });
  await api.withdraw(account, '1.00');
  await api.deposit(account, '5.00');
  const path = `/v1/accounts/${account.id}/fees`;
  const [due] = created(await api.get<Page<FeeView>>(path)).data;
  const held = await HeldBook.holdAccount(api.bank.databaseUrl, fromTypeId('account', account.id));
  const closing = api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(businessDate));
  await held.somebodyWaits(1);
  const waiving = api.post(`${path}/${due?.id}/waive`, { reason: 'goodwill' });
  await Promise.race([held.somebodyWaits(2), waiving]);
  await held.release();
  await closing;
  refused(await waiving, 409, 'fee_not_due');
  assert.equal(created(await api.get<FeeView>(`${path}/${due?.id}`)).status, 'charged');
  assert.equal(await api.postedBalance(account), '4.00');
  await api.assertVerified();
});

test('two refunds of one fee at once give it back once', async () => {
  created(await api.post('/v1/products', product('refunded', { event: 'withdrawal' })));
  const account = await api.newAccount({ product: 'refunded', balance: '20.00' });
  await api.withdraw(account, '10.00');
  const path = `/v1/accounts/${account.id}/fees`;
  const [fee] = created(await api.get<Page<FeeView>>(path)).data;
  const refunds = await Promise.all(
    Array.from({ length: 8 }, () => api.post(`${path}/${fee?.id}/refund`, { reason: 'goodwill' })),
  );
  const reversal = await api.pay(`/v1/transactions/${fee?.paymentId}/reverse`, { reason: 'mistake' });
  const statuses = refunds.map(({ status }) => status);
  assert.deepEqual(
    [statuses.filter((one) => one === 200).length, statuses.filter((one) => one === 409).length],
    [1, 7],
  );
  assert.equal(reversal.status, 201);
  assert.equal(await api.postedBalance(account), '20.00');
  await api.assertVerified();
});
