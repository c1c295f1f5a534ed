import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { AuditEntryView } from '#features/audit/schemas.ts';
import { expireHolds } from '#features/holds/contract.ts';
import type { CapturedView, HoldView } from '#features/holds/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

type Fields = Readonly<Record<string, unknown>>;

const place = async (account: AccountView, amount: string, fields: Fields = {}, key = newKey()) =>
  created(
    await api.pay<HoldView>('/v1/holds', { accountId: account.id, amount, currency: 'EUR', ...fields }, key),
  );
const change = (hold: HoldView, fields: Fields, etag = '*') =>
  api.patch<HoldView>(`/v1/holds/${hold.id}`, fields, etag);
const capture = (hold: HoldView, fields: Fields = {}, caller = api) =>
  caller.pay<CapturedView>(`/v1/holds/${hold.id}/capture`, fields);
const shown = async (hold: HoldView) => created(await api.get<HoldView>(`/v1/holds/${hold.id}`));
const available = async (account: AccountView) =>
  created(await api.get<AccountView>(`/v1/accounts/${account.id}`)).balance.available;
const at = (offsetMs: number) => new Date(api.bank.clock.nowMs() + offsetMs).toISOString();
const HOUR_MS = 3_600_000;

test('a hold is raised and lowered, and so is what is available', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const hold = await place(account, '40.00');
  const raised = await change(hold, { amount: '90.00' }, '"1"');
  assert.deepEqual([raised.body.amount, raised.body.remainingAmount], ['90.00', '90.00']);
  assert.equal(raised.headers.get('etag'), '"2"');
  assert.equal(await available(account), '10.00');
  refused(await api.leavesNothing(() => change(hold, { amount: '100.01' })), 422, 'insufficient_funds');
  refused(await api.leavesNothing(() => change(hold, { amount: '5.00' }, '"1"')), 412, 'version_conflict');
  const blind = () => api.patch(`/v1/holds/${hold.id}`, { amount: '5.00' }, undefined);
  refused(await api.leavesNothing(blind), 428, 'precondition_required');
  created(await change(hold, { amount: '100.00' }));
  created(await capture(hold, { amount: '30.00' }));
  refused(await api.leavesNothing(() => change(hold, { amount: '30.00' })), 422, 'hold_amount_captured');
  const lowered = created(await change(hold, { amount: '30.01' }));
  assert.deepEqual([lowered.capturedAmount, lowered.remainingAmount], ['30.00', '0.01']);
  assert.equal(await available(account), '69.99');
  await api.assertVerified();
});

test('a hold is extended, or lasts, and expires at its new time', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const hold = await place(account, '40.00', { expiresAt: at(HOUR_MS) });
  const later = at(2 * HOUR_MS);
  assert.equal(created(await change(hold, { expiresAt: later })).expiresAt, later);
  assert.deepEqual(badFields(await api.leavesNothing(() => change(hold, { expiresAt: at(0) }))), [
    'expiresAt',
  ]);
  assert.equal(created(await change(hold, { expiresAt: null })).expiresAt, null);
  created(await change(hold, { expiresAt: at(1) }));
  api.bank.clock.setMs(api.bank.clock.nowMs() + 1);
  refused(await api.leavesNothing(() => change(hold, { expiresAt: at(HOUR_MS) })), 409, 'hold_not_active');
});

test('a repeated request is answered with the hold and the capture as they were', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const key = newKey();
  const hold = await place(account, '40.00', {}, key);
  const captureKey = newKey();
  const take = () => api.pay<CapturedView>(`/v1/holds/${hold.id}/capture`, { amount: '10.00' }, captureKey);
  const first = created(await take());
  created(await change(hold, { amount: '80.00', expiresAt: at(HOUR_MS) }));
  assert.deepEqual(await place(account, '40.00', {}, key), hold);
  const { expiresAt: _, ...again } = created(await take());
  const { expiresAt: __, ...before } = first;
  assert.deepEqual(again, before);
});

test('a holder changes what holders set aside, and nothing of the bank', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const holder = await api.as('customer', fromTypeId('customer', account.customerId));
  const hold = await place(account, '40.00');
  const call = () => holder.patch(`/v1/holds/${hold.id}`, { amount: '1.00' }, '*');
  refused(await api.leavesNothing(call), 403, 'forbidden');
  const body = { accountId: account.id, amount: '5.00', currency: 'EUR' };
  const own = created(await holder.pay<HoldView>('/v1/holds', body));
  created(await holder.patch(`/v1/holds/${own.id}`, { amount: '6.00' }, '*'));
  const stranger = await api.as('customer', fromTypeId('customer', (await api.newCustomer()).id));
  refused(await stranger.patch(`/v1/holds/${own.id}`, { amount: '6.00' }, '*'), 404, 'not_found');
});

test('what a raise adds counts against the limits of the day', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const limits = { perTransaction: null, perDay: '50.00', newBeneficiaryPerDay: null };
  created(await api.raw('PUT', `/v1/accounts/${account.id}/limits`, JSON.stringify(limits)));
  const hold = await place(account, '40.00');
  refused(await api.leavesNothing(() => change(hold, { amount: '50.01' })), 422, 'limit_exceeded');
  created(await change(hold, { amount: '50.00' }));
});

test('a capture may exceed the hold by what the product tolerates, and by no cent more', async () => {
  const setTolerance = async (captureTolerancePercent: number) =>
    created(await api.patch('/v1/products/current', { captureTolerancePercent }, undefined));
  const account = await api.newAccount({ balance: '121.00' });
  const hold = await place(account, '100.00');
  const over = () => capture(hold, { amount: '100.01' });
  refused(await api.leavesNothing(over), 422, 'capture_exceeds_hold');
  await setTolerance(20);
  refused(await api.leavesNothing(() => capture(hold, { amount: '120.01' })), 422, 'capture_exceeds_hold');
  const taken = created(await capture(hold, { amount: '120.00' }));
  assert.deepEqual(
    [taken.status, taken.amount, taken.capturedAmount, taken.remainingAmount],
    ['captured', '100.00', '120.00', '0.00'],
  );
  assert.equal(await available(account), '1.00');
  const poor = await api.newAccount({ balance: '100.00' });
  const all = await place(poor, '100.00');
  refused(await api.leavesNothing(() => capture(all, { amount: '100.01' })), 422, 'insufficient_funds');
  await setTolerance(0);
  assert.deepEqual(
    badFields(await api.patch('/v1/products/current', { captureTolerancePercent: 101 }, undefined)),
    ['captureTolerancePercent'],
  );
  refused(await api.patch('/v1/products/gold', { captureTolerancePercent: 1 }, undefined), 404, 'not_found');
  await api.assertVerified();
});

test('a manager has a hold captured beyond its amount or after its time, with a reason', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const teller = await api.as('teller');
  const hold = await place(account, '40.00', { expiresAt: at(HOUR_MS) });
  const forceReason = 'Late presentment, case 12';
  refused(
    await api.leavesNothing(() => capture(hold, { amount: '45.00', forceReason }, teller)),
    403,
    'forbidden',
  );
  created(await capture(hold, { amount: '45.00', forceReason }));
  const late = await place(account, '20.00', { expiresAt: at(HOUR_MS) });
  api.bank.clock.setMs(api.bank.clock.nowMs() + HOUR_MS);
  for await (const _ of expired());
  assert.equal((await shown(late)).status, 'expired');
  refused(await api.leavesNothing(() => capture(late)), 409, 'hold_not_active');
  refused(
    await api.leavesNothing(() => capture(late, { amount: '55.01', forceReason })),
    422,
    'insufficient_funds',
  );
  const taken = created(await capture(late, { forceReason }));
  assert.deepEqual([taken.status, taken.capturedAmount], ['captured', '20.00']);
  assert.deepEqual(
    taken.captures.map(({ forced }) => forced),
    [true],
  );
  assert.equal(await available(account), '35.00');
  const released = await place(account, '1.00');
  created(await api.post(`/v1/holds/${released.id}/release`, {}));
  refused(await api.leavesNothing(() => capture(released, { forceReason })), 409, 'hold_not_active');
  const admin = await api.as('admin');
  const [row] = created(await admin.get<Page<AuditEntryView>>(`/v1/audit-log?resource=${late.id}`)).data;
  assert.equal(row?.after?.reason, forceReason);
  await api.assertVerified();
});

const expired = () => expireHolds({ db: api.bank.db, bookId: 1, clock: api.bank.clock });

test('a capture that is reversed is shown on the hold, with what reversed it', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const hold = await place(account, '40.00');
  const { transactionId } = created(await capture(hold, { amount: '15.00' }));
  created(await capture(hold, { amount: '5.00' }));
  const reversal = created(await api.pay(`/v1/transactions/${transactionId}/reverse`, { reason: 'mistake' }));
  const { captures } = await shown(hold);
  assert.deepEqual(
    captures.map(({ amount, reversals }) => [amount, reversals]),
    [
      ['15.00', [{ transactionId: reversal.id, amount: '15.00' }]],
      ['5.00', []],
    ],
  );
});

test('a hold says when it was changed, captured, released or expired last', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const later = () => {
    api.bank.clock.setMs(api.bank.clock.nowMs() + 1_000);
    return at(0);
  };
  const hold = await place(account, '40.00');
  assert.equal(hold.updatedAt, hold.createdAt);
  for (const act of [
    () => change(hold, { amount: '50.00' }),
    () => capture(hold, { amount: '10.00' }),
    () => api.post<HoldView>(`/v1/holds/${hold.id}/release`, {}),
  ]) {
    const now = later();
    assert.equal(created(await act()).updatedAt, now);
    assert.equal((await shown(hold)).updatedAt, now);
  }
  const short = await place(account, '5.00', { expiresAt: at(500) });
  const now = later();
  for await (const count of expired()) assert.equal(count, 1);
  assert.equal((await shown(short)).updatedAt, now);
});
